import { inPortions } from './in-portions.ts';

const portions = (sizes: readonly number[]): readonly (readonly number[])[] => inPortions(sizes, (size) => size, 10);

describe('a list in portions', () => {
  it.each<[string, number[], number[][]]>([
    ['nothing', [], []],
    ['what fits', [3, 3, 4], [[3, 3, 4]]],
    ['what does not', [3, 3, 5, 5, 1], [[3, 3], [5, 5], [1]]],
    ['what is too large by itself', [1, 30, 1], [[1], [30], [1]]],
  ])('keeps the order: %s', (_name, sizes, expected) => {
    expect(portions(sizes)).toEqual(expected);
  });
});
