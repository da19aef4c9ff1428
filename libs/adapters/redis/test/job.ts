import { drainInbox, type JobDefinition } from '@continuo/contracts';

export interface LanePayload {
  readonly project_id: string;
  readonly subject: string;
}

/** A declared job with rests short enough to wait for. */
export const job: JobDefinition<LanePayload> = { ...drainInbox, attempts: 3, backoffMs: 2 };
export const on = (lane: string): LanePayload => ({ project_id: 'p', subject: `user:${lane}` });
export const laneOf = (payload: LanePayload): string => payload.subject.slice('user:'.length);
