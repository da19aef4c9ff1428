/** One lane of one job: at most one run at a time, and at most one more that waits behind it. */
export interface Lane {
  readonly key: string;
  /** waiting: for a free place · running: its handler is at work · resting: between two attempts. */
  state: 'waiting' | 'running' | 'resting';
  /** What the present or next run is called with. */
  payload: unknown;
  /** Attempts of the present job that have begun. */
  attempt: number;
  /** What was asked for while it ran; undefined: nothing was. */
  again: { readonly payload: unknown; readonly askedAt: number } | undefined;
  /** Since when it waits or rests, epoch milliseconds. */
  waitingSince: number;
  /** Ends the rest before its time; undefined unless resting. */
  cancelRest: (() => void) | undefined;
}

/** A lane just asked for. */
export const newLane = (key: string, payload: unknown, now: number): Lane => ({
  key,
  state: 'waiting',
  payload,
  attempt: 0,
  again: undefined,
  waitingSince: now,
  cancelRest: undefined,
});

/** Turns a lane whose job has ended into one that waits for what was asked for meanwhile. */
export function startOver(lane: Lane, again: NonNullable<Lane['again']>): void {
  lane.state = 'waiting';
  lane.payload = again.payload;
  lane.waitingSince = again.askedAt;
  lane.attempt = 0;
  lane.again = undefined;
}
