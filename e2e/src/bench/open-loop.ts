import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { build, type Histogram } from 'hdr-histogram-js';

export interface LoadPlan {
  /** Arrivals a second, on average. */
  readonly rate: number;
  /** How long is measured. */
  readonly seconds: number;
  /** Sent before, at the same rate, and not counted. */
  readonly warmUpSeconds: number;
  readonly random: () => number;
  /** One request. */
  readonly send: (number: number) => Promise<Outcome>;
}

/** False, or a throw: an error. `notOursMs`: part of the latency is somebody else's and does not count. */
export type Outcome = boolean | { readonly notOursMs: number };

export interface LoadFigures {
  readonly offeredPerSecond: number;
  readonly achievedPerSecond: number;
  readonly requests: number;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Timers ring up to this much late; the rest of the wait is spent asking the clock. */
const TIMER_GRAIN_MS = 1.5;

/**
 * Open loop: requests leave at the moments of a Poisson process, however long the answers take, and each latency is counted
 * from the moment its request should have left. A server that stalls cannot make the load wait for it.
 */
export async function openLoop(plan: LoadPlan): Promise<LoadFigures> {
  const histogram = newHistogram();
  const arrivals = arrivalsOf(plan);
  const began = performance.now() + 5;
  const running: Promise<void>[] = [];
  const warmUpMs = plan.warmUpSeconds * 1_000;
  let errors = 0;
  let lastAnswerAt = began + warmUpMs;
  const run = async (arrivalMs: number, number: number): Promise<void> => {
    const outcome = await plan.send(number).catch(() => false as const);
    if (arrivalMs < warmUpMs) return;
    lastAnswerAt = performance.now();
    const notOursMs = typeof outcome === 'object' ? outcome.notOursMs : 0;
    if (outcome === false) errors += 1;
    else record(histogram, lastAnswerAt - began - arrivalMs - notOursMs);
  };
  for (const [number, arrivalMs] of arrivals.entries()) {
    await waitUntil(began + arrivalMs);
    running.push(run(arrivalMs, number));
  }
  await Promise.all(running);
  const measured = arrivals.filter((arrivalMs) => arrivalMs >= warmUpMs).length;
  const measuredSeconds = Math.max(plan.seconds, (lastAnswerAt - began - warmUpMs) / 1_000);
  return {
    offeredPerSecond: measured / plan.seconds,
    achievedPerSecond: (measured - errors) / measuredSeconds,
    requests: measured,
    errors,
    ...percentilesOf(histogram),
  };
}

export function newHistogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: 3 });
}

export function record(histogram: Histogram, milliseconds: number): void {
  histogram.recordValue(Math.max(1, Math.round(milliseconds * 1_000)));
}

export function percentilesOf(histogram: Histogram): Pick<LoadFigures, 'p50Ms' | 'p95Ms' | 'p99Ms' | 'maxMs'> {
  const at = (percentile: number): number => (histogram.totalCount === 0 ? Number.NaN : histogram.getValueAtPercentile(percentile) / 1_000);
  return { p50Ms: at(50), p95Ms: at(95), p99Ms: at(99), maxMs: histogram.totalCount === 0 ? Number.NaN : histogram.maxValue / 1_000 };
}

/** Milliseconds from the start, of the warm-up and of what is measured. */
function arrivalsOf({ rate, seconds, warmUpSeconds, random }: LoadPlan): readonly number[] {
  const arrivals: number[] = [];
  const endMs = (warmUpSeconds + seconds) * 1_000;
  for (let atMs = gap(rate, random); atMs < endMs; atMs += gap(rate, random)) arrivals.push(atMs);
  return arrivals;
}

const gap = (rate: number, random: () => number): number => (-Math.log(1 - random()) * 1_000) / rate;

async function waitUntil(moment: number): Promise<void> {
  const restMs = moment - performance.now() - TIMER_GRAIN_MS;
  if (restMs > 0) await sleep(restMs);
  while (performance.now() < moment) await nextTurn();
}
