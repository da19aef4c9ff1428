import type { JobDefinition } from '@continuo/contracts';
import type { JobQueue, JobRunner } from '@continuo/ports';
import { LanePool, type JobHandler, type JobSettings, type PoolSurroundings, type QueueDepth } from './lane-pool.ts';

/** How long `close` waits for handlers whose signal it has aborted, in milliseconds. */
const ABORTED_HANDLERS_MS = 1_000;

export interface InProcessQueueOptions {
  /** Called for each failed attempt. It is tried again while `attempt < job.attempts`. What it throws is ignored. */
  readonly onFailure: (job: JobSettings, error: unknown, attempt: number) => void;
  /** In [0, 1); for the jitter of the back-off. Default: `Math.random`. */
  readonly random?: () => number;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Calls back after a delay; the returned function prevents it. Default: a timer. */
  readonly schedule?: (callback: () => void, delayMs: number) => () => void;
}

/**
 * Lanes of background work inside this process. Holds nothing that the records do not hold, too: what waits when the process
 * ends is found again by the sweep of the next start.
 */
export class InProcessQueue implements JobQueue, JobRunner {
  readonly #pools = new Map<string, LanePool>();
  readonly #surroundings: PoolSurroundings;
  readonly #abort = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  #closing: Promise<void> | undefined;

  constructor(options: InProcessQueueOptions) {
    this.#surroundings = {
      random: options.random ?? Math.random,
      now: options.now ?? Date.now,
      schedule: options.schedule ?? byTimer,
      report: (job, error, attempt) => this.#report(options, job, error, attempt),
      signal: this.#abort.signal,
    };
  }

  /**
   * A job without a handler waits for one. After `close` nothing is taken and nothing fails: the sweep asks again.
   *
   * @throws ZodError for a payload the job's schema refuses.
   */
  async enqueue<Payload>(job: JobDefinition<Payload>, payload: Payload): Promise<void> {
    const parsed = job.payload.parse(payload);
    this.#poolOf(job).add(job.lane(parsed), parsed);
  }

  /** @throws Error when the job has a handler already, or for a concurrency below 1. */
  handle<Payload>(
    job: JobDefinition<Payload>,
    handler: (payload: Payload, signal: AbortSignal) => Promise<void>,
    concurrency: number,
  ): void {
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw new RangeError(`Job ${job.name}: a concurrency of ${concurrency} runs nothing.`);
    const pool = this.#poolOf(job);
    if (pool.hasHandler) throw new Error(`Job ${job.name} has a handler already.`);
    // Async, so that a handler which throws before its first await fails like any other.
    const called: JobHandler = async (payload, signal) => handler(job.payload.parse(payload), signal);
    pool.setHandler(called, concurrency);
  }

  /** Raises the job every so often until `close`, the first time after one period. */
  schedule<Payload>(job: JobDefinition<Payload>, payload: Payload, everyMs: number): void {
    this.#timers.push(setInterval(() => void this.enqueue(job, payload), everyMs).unref());
  }

  /** Nothing: what failed for good is not kept here. */
  forget(): Promise<number> {
    return Promise.resolve(0);
  }

  /** For the end of the start-up. @throws Error naming every declared job without a handler and every handler of an undeclared job. */
  assertComplete(jobs: readonly Pick<JobSettings, 'queue' | 'name'>[]): void {
    const declared = new Set(jobs.map(keyOf));
    const missing = jobs.filter((job) => this.#pools.get(keyOf(job))?.hasHandler !== true).map((job) => `job ${job.name} has no handler`);
    const unknown = [...this.#pools.values()].map((pool) => pool.depth()).filter((pool) => !declared.has(keyOf(pool)));
    const faults = [...missing, ...unknown.map((pool) => `handler for ${pool.name}, which is not declared`)];
    if (faults.length > 0) throw new Error(`The queue is not complete: ${faults.join('; ')}.`);
  }

  /** Every job known here, in the order it became known. */
  depth(): readonly QueueDepth[] {
    return [...this.#pools.values()].map((pool) => pool.depth());
  }

  /** A second call waits for the first. Handlers that ignore their aborted signal are left behind after a second. */
  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const ended = Promise.allSettled([...this.#pools.values()].flatMap((pool) => pool.close()));
    if (await endsWithin(ended, graceMs)) return;
    this.#abort.abort(new Error('The queue is closing.'));
    await endsWithin(ended, ABORTED_HANDLERS_MS);
  }

  #poolOf<Payload>(job: JobDefinition<Payload>): LanePool {
    const key = keyOf(job);
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = new LanePool(job, this.#surroundings);
      if (this.#closing !== undefined) void pool.close();
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #report(options: InProcessQueueOptions, job: JobSettings, error: unknown, attempt: number): void {
    // A handler that stops because it was told to has not failed.
    if (this.#abort.signal.aborted) return;
    try {
      options.onFailure(job, error, attempt);
    } catch {
      // A report that fails must not stop the lane it reports on.
    }
  }
}

const keyOf = (job: { readonly queue: string; readonly name: string }): string => `${job.queue}\n${job.name}`;

function byTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

/** Whether the promise settles in time. */
async function endsWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
