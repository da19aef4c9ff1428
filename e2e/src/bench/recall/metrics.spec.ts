import { isNewestFirst, ranksOf, scoresOf, sessionsOf } from './metrics.ts';

describe('the scores of a ranked list', () => {
  it('are those computed by hand for single turns', () => {
    const scores = scoresOf([['x'], ['a'], ['y'], ['z'], ['w'], ['b']], ['a', 'b', 'c']);

    expect(scores.recall).toMatchObject({ 1: 0, 5: 1 / 3, 10: 2 / 3, 50: 2 / 3 });
    expect(scores.any).toMatchObject({ 1: 0, 5: 1, 10: 1 });
    expect(scores.all).toMatchObject({ 5: 0, 10: 0, 50: 0 });
    expect(scores.reciprocalRank).toBe(1 / 2);
    // Found at 2 and 6; ideal at 1, 2 and 3.
    expect(scores.gain[10]).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(7)) / (1 + 1 / Math.log2(3) + 1 / 2), 12);
    expect(scores.gain[5]).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3) + 1 / 2), 12);
  });

  it('take the ideal over no more places than the cut has', () => {
    const gold = Array.from({ length: 12 }, (_, index) => `g${index}`);
    const perfect = scoresOf(
      gold.map((id) => [id]),
      gold,
    );

    expect(perfect.gain).toEqual({ 5: 1, 10: 1 });
    expect(perfect.recall[10]).toBeCloseTo(10 / 12, 12);
    expect(perfect.all).toMatchObject({ 10: 0, 20: 1 });
  });

  it('count memories, each for all of its turns, and what was brought before only once', () => {
    const scores = scoresOf([['x', 'a'], ['a'], ['a', 'b']], ['a', 'b']);

    expect(scores.recall).toMatchObject({ 1: 1 / 2, 5: 1 });
    expect(scores.reciprocalRank).toBe(1);
    // The second brings nothing new; the third brings one at the discount of its place.
    expect(scores.gain[10]).toBeCloseTo((1 + 1 / 2) / (1 + 1 / Math.log2(3)), 12);
  });

  it('never exceed 1 where one memory holds several turns', () => {
    expect(scoresOf([['a', 'b', 'c']], ['a', 'b', 'c']).gain[10]).toBe(1);
  });

  it('are zero for an empty list, and do not exist without gold', () => {
    expect(scoresOf([], ['a'])).toMatchObject({ reciprocalRank: 0, recall: { 10: 0 }, gain: { 10: 0 } });
    expect(() => scoresOf([['a']], [])).toThrow('a question without gold');
  });

  it('count a gold turn that is named twice once', () => {
    expect(scoresOf([['a']], ['a', 'a']).all[1]).toBe(1);
  });
});

describe('places in a ranked list', () => {
  it('are counted from 1, and absent for what was not returned', () => {
    expect(ranksOf([['x'], ['a', 'b']], ['b', 'x', 'q'])).toEqual([2, 1, null]);
  });

  it('of sessions are those of their best item', () => {
    const sessionOf = new Map([
      ['a', 's1'],
      ['b', 's2'],
      ['c', 's1'],
    ]);

    expect(sessionsOf([['unknown'], ['c'], ['b', 'a']], sessionOf)).toEqual([['s1'], ['s2']]);
  });
});

describe('newest first', () => {
  const update = { newer: ['n'], older: ['o', 'p'] };

  it('holds when the newer value stands before every older one', () => {
    expect(isNewestFirst([['x'], ['n'], ['o']], update)).toBe(true);
    expect(isNewestFirst([['n']], update)).toBe(true);
    expect(isNewestFirst([['p'], ['n'], ['o']], update)).toBe(false);
  });

  it('does not hold when neither was found, or one item stands for both', () => {
    expect(isNewestFirst([['x']], update)).toBe(false);
    expect(isNewestFirst([['n', 'o']], update)).toBe(false);
  });
});
