import { z } from 'zod';

/** A kind of background work: where it queues, what it carries (ids only) and what makes two of them the same. */
export interface JobDefinition<Payload> {
  readonly queue: string;
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** Jobs with one lane run one at a time, in order; a job raised while its lane runs makes it run once more. */
  readonly lane: (payload: Payload) => string;
  /** How often an unexpected failure is tried again before the sweeper has to find the work. */
  readonly attempts: number;
  /** Delay before the second attempt in milliseconds, doubled each time, with jitter. */
  readonly backoffMs: number;
}

function defineJob<Payload>(job: JobDefinition<Payload>): JobDefinition<Payload> {
  return job;
}

const Scope = z.strictObject({ project_id: z.string().min(1), subject: z.string().regex(/^(user|agent|base|public):/) });

/** Mines one subject's pending messages. Carries no text: the inbox itself is in the records. */
export const drainInbox = defineJob({
  queue: 'inbox',
  name: 'drain-inbox',
  payload: Scope,
  lane: (payload: z.infer<typeof Scope>) => `${payload.project_id}\n${payload.subject}`,
  attempts: 5,
  backoffMs: 2_000,
});

/** Brings the index up to the records' outbox. One lane: the outbox is read in order. */
export const indexOutbox = defineJob({
  queue: 'index',
  name: 'index-outbox',
  payload: z.strictObject({}),
  lane: () => 'outbox',
  attempts: 5,
  backoffMs: 500,
});

/** Embeds what has no vector of the current model yet. */
export const fillVectors = defineJob({
  queue: 'vectors',
  name: 'fill-vectors',
  payload: z.strictObject({}),
  lane: () => 'vectors',
  attempts: 5,
  backoffMs: 2_000,
});

/**
 * Sees to it that nothing of an erased subject is left outside the records: forgets its failed jobs, and fails itself, to be seen by
 * operators, while the index holds anything of it. The index is purged in the lane of the outbox, which alone writes documents: beside
 * it, what the same person says anew could be purged with the rest.
 */
export const erase = defineJob({
  queue: 'erasures',
  name: 'erase',
  payload: Scope,
  lane: (payload: z.infer<typeof Scope>) => `${payload.project_id}\n${payload.subject}`,
  attempts: 5,
  backoffMs: 2_000,
});

const KnowledgeBaseId = z.strictObject({ knowledge_base_id: z.string().min(1) });

/** Reads the files of one knowledge base that wait for it, one after another. Their contents are in the records. */
export const readFiles = defineJob({
  queue: 'files',
  name: 'read-files',
  payload: KnowledgeBaseId,
  lane: (payload: z.infer<typeof KnowledgeBaseId>) => payload.knowledge_base_id,
  attempts: 3,
  backoffMs: 5_000,
});

/** Removes what has been kept long enough. Comes round by itself; one lane. */
export const retention = defineJob({
  queue: 'maintenance',
  name: 'retention',
  payload: z.strictObject({}),
  lane: () => 'retention',
  attempts: 3,
  backoffMs: 10_000,
});

/** Compares the index with the records and mends what differs. Comes round by itself; one lane. */
export const consistency = defineJob({
  queue: 'maintenance',
  name: 'consistency',
  payload: z.strictObject({}),
  lane: () => 'consistency',
  attempts: 3,
  backoffMs: 10_000,
});

/** What the worker of a cluster must have a handler for. A single process has fewer: its timers do the maintenance. */
export const JOBS = [drainInbox, indexOutbox, fillVectors, erase, readFiles, retention, consistency] as const;
