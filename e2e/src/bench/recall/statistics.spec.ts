import { bootstrapInterval, percentileOf, sampleOf, signTest } from './statistics.ts';

describe('the interval of a mean', () => {
  const values = Array.from({ length: 200 }, (_, index) => (index < 120 ? 1 : 0));

  it('lies around it as wide as the binomial says', () => {
    const { from, to } = bootstrapInterval(values, 1);

    // 0.6 ± 1.96 · √(0.6 · 0.4 / 200)
    expect(from).toBeCloseTo(0.6 - 0.0679, 1);
    expect(to).toBeCloseTo(0.6 + 0.0679, 1);
    expect(to - from).toBeGreaterThan(0.11);
    expect(to - from).toBeLessThan(0.16);
  });

  it('is the same for the same seed', () => {
    expect(bootstrapInterval(values, 7)).toEqual(bootstrapInterval(values, 7));
  });

  it('has no width where all are equal', () => {
    expect(bootstrapInterval([1, 1, 1], 1)).toEqual({ from: 1, to: 1 });
  });
});

describe('the paired sign test', () => {
  it('is exact and two-sided', () => {
    // Of ten that differ one is worse: 2 · (1 + 10) / 1024.
    const values = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0.5];
    const against = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0.5];

    expect(signTest(values, against)).toEqual({ better: 9, worse: 1, probability: expect.closeTo(22 / 1_024, 10) });
    expect(signTest(against, values)).toMatchObject({ better: 1, worse: 9 });
  });

  it('finds nothing where nothing differs, or both sides win as often', () => {
    expect(signTest([1, 0], [1, 0]).probability).toBe(1);
    expect(signTest([1, 0], [0, 1]).probability).toBe(1);
  });

  it('stays exact for many', () => {
    const many = (value: number) => Array.from({ length: 2_000 }, () => value);

    expect(signTest(many(1), many(0)).probability).toBe(0);
    expect(signTest([...many(1), ...many(0)], [...many(0), ...many(1)]).probability).toBe(1);
  });

  it('refuses what is not paired', () => {
    expect(() => signTest([1], [])).toThrow('as many values on both sides');
  });
});

describe('a sample', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);

  it('holds each item at most once, and is the same for the same seed', () => {
    const sample = sampleOf(items, 20, 3);

    expect(new Set(sample).size).toBe(20);
    expect(sampleOf(items, 20, 3)).toEqual(sample);
    expect(sampleOf(items, 20, 4)).not.toEqual(sample);
    expect(sampleOf(items, 80, 3)).toHaveLength(50);
  });

  it('has percentiles', () => {
    expect(percentileOf(items, 0.5)).toBe(25);
    expect(percentileOf(items, 0.95)).toBe(47);
    expect(percentileOf([], 0.5)).toBeNaN();
  });
});
