import { fingerprintOf } from './request-fingerprint.ts';

describe('fingerprintOf', () => {
  it('does not depend on the order of members, nor on members that are null', () => {
    expect(fingerprintOf('p', '/chat', { a: 1, b: { c: 2, d: null } })).toBe(fingerprintOf('p', '/chat', { b: { c: 2 }, a: 1, e: null }));
  });

  it.each([
    ['another project', 'q', '/chat', { a: [1, 2] }],
    ['another path', 'p', '/add/message', { a: [1, 2] }],
    ['another order in a list', 'p', '/chat', { a: [2, 1] }],
    ['another value', 'p', '/chat', { a: [1, '2'] }],
    ['a member more', 'p', '/chat', { a: [1, 2], b: '' }],
  ])('differs for %s', (_what, project, path, body) => {
    expect(fingerprintOf(project, path, body)).not.toBe(fingerprintOf('p', '/chat', { a: [1, 2] }));
  });
});
