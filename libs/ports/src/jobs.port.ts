import type { JobDefinition } from '@continuo/contracts';

/**
 * Asks for background work. Promises what BullMQ with a deduplication id and `keepLastIfActive` does:
 * `enqueue` returns before the work is done; jobs of one lane never overlap; a job asked for while its lane waits is the
 * one that waits, while its lane runs it makes the lane run once more.
 * Nothing that must happen rests on this queue alone: what it is about stands in the records, and a sweep asks again.
 */
export interface JobQueue {
  /** A broker that is down costs the caller no error and no more than a moment: the signal is lost, and the sweep asks again. */
  enqueue<Payload>(job: JobDefinition<Payload>, payload: Payload): Promise<void>;
}

/** The processing side. */
export interface JobRunner {
  /**
   * Registers the only handler of a job; payloads are parsed before it is called. A handler that throws is called again with
   * back-off and jitter, `attempts` times in all; a lane that failed for good is free for the next `enqueue`. The signal is aborted by
   * {@link close}, and when a broker has given the lane away or forgotten it: the lane is then asked for again and costs no attempt.
   * @param concurrency how many lanes of this job run at once.
   */
  handle<Payload>(
    job: JobDefinition<Payload>,
    handler: (payload: Payload, signal: AbortSignal) => Promise<void>,
    concurrency: number,
  ): void;
  /** Takes no new jobs, waits for running handlers up to `graceMs`, then aborts their signal. */
  close(graceMs: number): Promise<void>;
}

export const JOB_QUEUE = Symbol('JobQueue');
