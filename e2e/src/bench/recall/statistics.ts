import { randomFrom } from '../../trials/random.ts';
import { meanOf } from './metrics.ts';

export const RESAMPLES = 1_000;

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Where the mean lies in 95 of 100 samples drawn from these values with replacement; seeded. */
export function bootstrapInterval(values: readonly number[], seed: number, resamples = RESAMPLES): Interval {
  if (values.length === 0) return { from: NaN, to: NaN };
  const random = randomFrom(seed);
  const means = Array.from({ length: resamples }, () =>
    meanOf(Array.from({ length: values.length }, () => values[Math.floor(random() * values.length)] ?? NaN)),
  ).toSorted((a, b) => a - b);
  const at = (share: number): number => means[Math.min(means.length - 1, Math.floor(share * means.length))] ?? NaN;
  return { from: at(0.025), to: at(0.975) };
}

export interface SignTest {
  readonly better: number;
  readonly worse: number;
  /** Two-sided, exact; ties are left out. */
  readonly probability: number;
}

/** Whether one row beats another on the same questions, in the same order. */
export function signTest(values: readonly number[], against: readonly number[]): SignTest {
  if (values.length !== against.length) throw new Error('a paired test needs as many values on both sides');
  const differences = values.map((value, index) => value - (against[index] ?? NaN));
  const better = differences.filter((difference) => difference > 1e-12).length;
  const worse = differences.filter((difference) => difference < -1e-12).length;
  return { better, worse, probability: probabilityOf(better, worse) };
}

function probabilityOf(better: number, worse: number): number {
  const count = better + worse;
  // In logarithms: 2 to the power of several hundred leaves the range of a double.
  let logTerm = -count * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let index = 1; index <= Math.min(better, worse); index += 1) {
    logTerm += Math.log((count - index + 1) / index);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/** The value below which this share lies; NaN of none. */
export function percentileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** So many of the items in a seeded order. */
export function sampleOf<Item>(items: readonly Item[], count: number, seed: number): readonly Item[] {
  const random = randomFrom(seed);
  const drawn = items.map((item) => ({ item, key: random() })).toSorted((a, b) => a.key - b.key);
  return drawn.slice(0, count).map(({ item }) => item);
}
