import type { Scope } from '@continuo/domain';
import { ownerOf, scopeOf } from './owner.ts';

const scope = (projectId: string, subject: string): Scope => ({ projectId, subject: `user:${subject}` });

describe('an owner', () => {
  const scopes = [
    scope('p', 'ana'),
    scope('p', 'ANA'),
    scope('p/user', 'ana'),
    scope('p', 'a,b'),
    scope('p', 'a/b'),
    scope('p', 'a~002cb'),
    scope('p', '\ud800'),
    scope('p', '\ufffd'),
    scope('p', '李'),
    scope('p', ' '),
    { projectId: 'p', subject: 'agent:ana' } as Scope,
    { projectId: 'p', subject: 'base:ana' } as Scope,
    { projectId: 'p', subject: 'public:all' } as Scope,
  ];

  it('is another for every scope, and leads back to it', () => {
    expect(new Set(scopes.map(ownerOf)).size).toBe(scopes.length);
    expect(scopes.map((each) => scopeOf(ownerOf(each)))).toEqual(scopes);
  });

  it.each(['user:', 'nobody:ana', 'ana', ''])('is refused for %p, which names nobody', (subject) => {
    expect(() => ownerOf({ projectId: 'p', subject } as Scope)).toThrow(RangeError);
  });

  it('is one routing value: the store parts them at commas', () => {
    for (const each of scopes) expect(ownerOf(each)).toMatch(/^u:[\w.~-]+\/[\w.~-]+$/);
  });
});
