import type { Queue } from 'bullmq';

/** How many lanes of one job wait, run, rest and have failed for good, in all processes. */
export interface QueueDepth {
  readonly queue: string;
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  /** Resting between attempts. */
  readonly delayed: number;
  readonly failed: number;
  /** How long the oldest of the waiting has been waiting, in milliseconds; 0 when none is. */
  readonly oldestAgeMs: number;
}

/** @param queueName queue and job, with a dot between; names of jobs hold no dots. */
export async function depthOf(queueName: string, queue: Queue, now: number): Promise<QueueDepth> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
  const [oldest] = (counts['waiting'] ?? 0) > 0 ? await queue.getJobs(['waiting'], 0, 0, true) : [];
  const dot = queueName.lastIndexOf('.');
  return {
    queue: queueName.slice(0, dot),
    name: queueName.slice(dot + 1),
    waiting: counts['waiting'] ?? 0,
    active: counts['active'] ?? 0,
    delayed: counts['delayed'] ?? 0,
    failed: counts['failed'] ?? 0,
    oldestAgeMs: oldest === undefined ? 0 : Math.max(0, now - oldest.timestamp),
  };
}
