/** No rest between two attempts is longer, so that a lane is never silent for more than a minute. */
const MAX_BACK_OFF_MS = 60_000;

/** Half of a rest's width is chance, so that lanes which failed together do not come back together. */
const JITTER = 0.5;

/**
 * How long a lane rests after a failed attempt, in milliseconds: doubled with each one, 25 % shorter to 25 % longer by chance, as in
 * the queue of a single process.
 *
 * @param attempt the attempt that failed, from 1.
 * @param random in [0, 1).
 */
export function backOffMs(firstMs: number, attempt: number, random: number): number {
  const doubled = firstMs * 2 ** Math.min(attempt - 1, 30);
  return Math.min(MAX_BACK_OFF_MS, Math.round(doubled * (1 + JITTER * (random - 0.5))));
}
