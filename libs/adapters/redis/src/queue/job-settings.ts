import type { JobDefinition } from '@continuo/contracts';
import { createHash, randomUUID } from 'node:crypto';
import type { JobsOptions } from 'bullmq';

/** What a lane needs to know of its job: everything but what it carries. */
export type JobSettings = Omit<JobDefinition<unknown>, 'payload' | 'lane'>;

/** Any job of the contracts. */
export interface KnownJob extends JobSettings {
  readonly payload: JobDefinition<unknown>['payload'];
  readonly lane: (payload: never) => string;
}

/** A job as it lies in Redis. The payload holds ids only. */
export interface StoredJob {
  readonly payload: unknown;
  /** W3C trace context of whoever asked. */
  readonly trace?: string;
}

/** Dead letters that are kept of one job: enough to look at, too few to fill a memory. */
const DEAD_LETTERS = 1_000;
const DEAD_LETTERS_SECONDS = 14 * 24 * 3_600;

/** One queue of BullMQ per job, so that each has its own concurrency. */
export const queueNameOf = (job: Pick<JobSettings, 'queue' | 'name'>): string => `${job.queue}.${job.name}`;

/** All keys of one installation lie in one slot of a cluster: a script may touch several of them. */
export const keyPrefixOf = (prefix: string): string => `{${prefix}}`;

/** BullMQ ids may not contain colons, and subjects do. */
const laneId = (lane: string): string => createHash('sha256').update(lane).digest('base64url');

export function jobOptions(job: JobSettings, lane: string): JobsOptions {
  return {
    // Never a number that a Redis which lost everything would count out again: an old handler must not be taken for the new one.
    jobId: randomUUID(),
    deduplication: { id: laneId(lane), keepLastIfActive: true },
    attempts: job.attempts,
    backoff: { type: 'lane', delay: job.backoffMs },
    removeOnComplete: true,
    removeOnFail: { count: DEAD_LETTERS, age: DEAD_LETTERS_SECONDS },
    // Stack traces quote messages.
    stackTraceLimit: 0,
  };
}

export const storedJob = (payload: unknown, trace: string | undefined): StoredJob =>
  trace === undefined ? { payload } : { payload, trace };

/** Whatever lies in Redis may come of another version. */
export function readStoredJob(data: unknown): StoredJob {
  const { payload, trace } = (typeof data === 'object' && data !== null ? data : {}) as { payload?: unknown; trace?: unknown };
  return typeof trace === 'string' ? { payload, trace } : { payload };
}
