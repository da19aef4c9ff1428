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

const Scope = z.strictObject({ project_id: z.string().min(1), subject: z.string().regex(/^(user|agent):/) });

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

export const JOBS = [drainInbox, indexOutbox, fillVectors] as const;
