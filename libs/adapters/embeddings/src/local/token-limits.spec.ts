import { truncate, withinReach } from './token-limits.ts';

const ids = [0, 41, 42, 1, 2, 3, 4, 5, 6, 99]; // start mark, two tokens of prefix, six of text, end mark

describe('the token limit', () => {
  it('leaves what fits as it is', () => {
    expect(truncate(ids, 3, 'query', 10)).toEqual(ids);
  });

  it('keeps the end of a query and the beginning of a passage, and the marks and prefix of both', () => {
    expect(truncate(ids, 3, 'query', 7)).toEqual([0, 41, 42, 4, 5, 6, 99]);
    expect(truncate(ids, 3, 'passage', 7)).toEqual([0, 41, 42, 1, 2, 3, 99]);
  });

  it('cuts endless texts on the same side before they are read', () => {
    const text = `start${'x'.repeat(10_000)}end`;
    expect(withinReach(text, 'query', 4)).toBe(`${'x'.repeat(61)}end`);
    expect(withinReach(text, 'passage', 4)).toBe(`start${'x'.repeat(59)}`);
    expect(withinReach('short', 'query', 4)).toBe('short');
    expect(withinReach('x🙂'.repeat(33), 'passage', 4).isWellFormed()).toBe(true);
  });
});
