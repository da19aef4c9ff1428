import { fingerprintOf } from './fingerprint.ts';
import { mayBeIllFormed, wellFormed } from './well-formed.ts';

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

describe('wellFormed', () => {
  it('replaces NUL and half surrogate pairs in texts and names', () => {
    const json = String.raw`{"a\u0000": ["\ud83d", {"b": "\ude00 ok \ud83d\ude00"}], "n": 1}`;

    expect(mayBeIllFormed(json)).toBe(true);
    expect(wellFormed(JSON.parse(json))).toEqual({ 'a\uFFFD': ['\uFFFD', { b: '\uFFFD ok 😀' }], n: 1 });
  });

  it('sees that ordinary text needs no repair', () => {
    expect(mayBeIllFormed('{"a": "你好 😀 \\u00e9 \\n"}')).toBe(false);
  });
});
