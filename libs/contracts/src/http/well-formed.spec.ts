import { mayBeIllFormed, wellFormed } from './well-formed.ts';

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
