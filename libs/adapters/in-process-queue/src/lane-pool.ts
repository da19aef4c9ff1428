import type { JobDefinition } from '@continuo/contracts';
import { backOffMs } from './back-off.ts';
import { newLane, startOver, type Lane } from './lane.ts';

/** What a lane needs to know of its job: everything but what it carries. */
export type JobSettings = Omit<JobDefinition<unknown>, 'payload' | 'lane'>;

export type JobHandler = (payload: unknown, signal: AbortSignal) => Promise<void>;

/** How many lanes of one job wait and run, for metrics. */
export interface QueueDepth {
  readonly queue: string;
  readonly name: string;
  /** Lanes waiting for a place or resting between attempts, and those to be run once more. */
  readonly waiting: number;
  readonly active: number;
  /** How long the oldest of them has been waiting, in milliseconds; 0 when none is. */
  readonly oldestWaitingMs: number;
}

/** What the pools of one queue share. */
export interface PoolSurroundings {
  readonly random: () => number;
  readonly now: () => number;
  /** Calls back after a delay; the returned function prevents it. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
  /** A handler threw. Whether it is tried again: `attempt < job.attempts`. */
  readonly report: (job: JobSettings, error: unknown, attempt: number) => void;
  readonly signal: AbortSignal;
}

/** The lanes of one job and its only handler. */
export class LanePool {
  readonly #job: JobSettings;
  readonly #surroundings: PoolSurroundings;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes ready to run, first come first served. */
  readonly #ready: Lane[] = [];
  readonly #running = new Set<Promise<void>>();
  #handler: JobHandler | undefined;
  #concurrency = 0;
  #turnAsked = false;
  #closed = false;

  constructor(job: JobSettings, surroundings: PoolSurroundings) {
    this.#job = job;
    this.#surroundings = surroundings;
  }

  get hasHandler(): boolean {
    return this.#handler !== undefined;
  }

  setHandler(handler: JobHandler, concurrency: number): void {
    this.#handler = handler;
    this.#concurrency = concurrency;
    this.#askForTurn();
  }

  /** What waits already is what was asked for; what runs will run once more, with the newest payload. */
  add(key: string, payload: unknown): void {
    if (this.#closed) return;
    const lane = this.#lanes.get(key);
    const now = this.#surroundings.now();
    if (lane === undefined) {
      const added = newLane(key, payload, now);
      this.#lanes.set(key, added);
      this.#makeReady(added);
    } else if (lane.state === 'running') {
      lane.again = { payload, askedAt: lane.again?.askedAt ?? now };
    }
  }

  depth(): QueueDepth {
    const waiting = [...this.#lanes.values()].flatMap((lane) =>
      lane.state === 'running' ? (lane.again === undefined ? [] : [lane.again.askedAt]) : [lane.waitingSince],
    );
    const oldest = waiting.reduce((earliest, time) => Math.min(earliest, time), Infinity);
    return {
      queue: this.#job.queue,
      name: this.#job.name,
      waiting: waiting.length,
      active: this.#running.size,
      oldestWaitingMs: waiting.length === 0 ? 0 : Math.max(0, this.#surroundings.now() - oldest),
    };
  }

  /** Starts nothing more and forgets what waits: the records know what is left to do. Returns the handlers still at work. */
  close(): readonly Promise<void>[] {
    this.#closed = true;
    for (const lane of this.#lanes.values()) lane.cancelRest?.();
    this.#ready.length = 0;
    for (const [key, lane] of this.#lanes) if (lane.state !== 'running') this.#lanes.delete(key);
    return [...this.#running];
  }

  #makeReady(lane: Lane): void {
    lane.state = 'waiting';
    this.#ready.push(lane);
    this.#askForTurn();
  }

  /** Handlers start in a turn of their own, so that asking returns before the work begins. */
  #askForTurn(): void {
    if (this.#turnAsked || this.#closed || this.#handler === undefined) return;
    this.#turnAsked = true;
    setImmediate(() => {
      this.#turnAsked = false;
      this.#startReady();
    });
  }

  #startReady(): void {
    while (!this.#closed && this.#handler !== undefined && this.#running.size < this.#concurrency) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      const run = this.#run(lane, this.#handler).finally(() => {
        this.#running.delete(run);
        this.#askForTurn();
      });
      this.#running.add(run);
    }
  }

  async #run(lane: Lane, handler: JobHandler): Promise<void> {
    lane.state = 'running';
    lane.attempt += 1;
    try {
      await handler(lane.payload, this.#surroundings.signal);
      this.#end(lane);
    } catch (error) {
      this.#surroundings.report(this.#job, error, lane.attempt);
      if (lane.attempt < this.#job.attempts) this.#rest(lane);
      else this.#end(lane);
    }
  }

  #end(lane: Lane): void {
    if (lane.again === undefined || this.#closed) {
      this.#lanes.delete(lane.key);
      return;
    }
    startOver(lane, lane.again);
    this.#makeReady(lane);
  }

  #rest(lane: Lane): void {
    if (this.#closed) {
      this.#lanes.delete(lane.key);
      return;
    }
    const { random, now, schedule } = this.#surroundings;
    lane.state = 'resting';
    lane.waitingSince = now();
    lane.cancelRest = schedule(
      () => {
        lane.cancelRest = undefined;
        if (!this.#closed) this.#makeReady(lane);
      },
      backOffMs(this.#job.backoffMs, lane.attempt, random()),
    );
  }
}
