import { AppError, type JobDefinition } from '@continuo/contracts';
import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import type { BrokerConnection } from '../connection/open-connection.ts';
import { backOffMs } from './back-off.ts';
import { isAway, reasonOf, type TellEvent } from './broker-event.ts';
import { keyPrefixOf, queueNameOf, readStoredJob, type JobSettings } from './job-settings.ts';

/** How often a job may lose its worker before it is a dead letter: killed workers are nothing unusual, jobs that kill workers are. */
const MAX_STALLED = 10;
/** Pause after a failed attempt to fetch a job while the broker is away. */
const FETCH_RETRY_MS = 500;
/** Longest blocking wait for a job, in seconds; also how long a connection may hang unnoticed. */
const DRAIN_DELAY_SECONDS = 3;

export interface WorkerSurroundings {
  readonly connection: BrokerConnection;
  readonly prefix: string;
  readonly lockMs: number;
  readonly random: () => number;
  readonly tell: TellEvent;
  readonly report: (job: JobSettings, error: unknown, attempt: number) => void;
  /** Asks for a lane whose lock was lost once more. */
  readonly askAgain: (payload: unknown) => Promise<void>;
  readonly runInTrace: <T>(traceparent: string | undefined, name: string, run: () => Promise<T>) => Promise<T>;
}

type Handler<Payload> = (payload: Payload, signal: AbortSignal) => Promise<void>;

/** One handler at work on one lane. */
interface Run {
  readonly id: string;
  readonly token: string;
  readonly controller: AbortController;
  /** Why the signal was aborted; null: it was not. */
  stopped: 'closing' | 'lock_lost' | null;
}

/** The only handler of one job, in this process. */
export class LaneWorker<Payload> {
  readonly job: JobDefinition<Payload>;
  readonly #handler: Handler<Payload>;
  readonly #surroundings: WorkerSurroundings;
  readonly #worker: Worker;
  readonly #runs = new Map<string, Run>();
  /** Ends of the runs that this process has in each lane. */
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(job: JobDefinition<Payload>, handler: Handler<Payload>, concurrency: number, surroundings: WorkerSurroundings) {
    this.job = job;
    this.#handler = handler;
    this.#surroundings = surroundings;
    const { connection, prefix, lockMs, random, tell } = surroundings;
    this.#worker = new Worker(queueNameOf(job), (bullJob, token) => this.#process(bullJob, token ?? ''), {
      connection,
      prefix: keyPrefixOf(prefix),
      concurrency,
      lockDuration: lockMs,
      lockRenewTime: lockMs / 3,
      stalledInterval: lockMs / 3,
      maxStalledCount: MAX_STALLED,
      drainDelay: DRAIN_DELAY_SECONDS,
      runRetryDelay: FETCH_RETRY_MS,
      settings: { backoffStrategy: (attempt) => backOffMs(job.backoffMs, attempt ?? 1, random()) },
    });
    this.#worker.on('error', (error) => {
      if (!isAway(error)) tell({ type: 'broker_error', job: job.name, reason: machineryReason(error) });
    });
    this.#worker.on('stalled', () => tell({ type: 'stalled', job: job.name }));
    this.#worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#loseLock(id);
    });
  }

  /** Lets go of what the broker gave to others, or forgot, while it was away. */
  async checkLocks(): Promise<void> {
    const base = `${keyPrefixOf(this.#surroundings.prefix)}:${queueNameOf(this.job)}`;
    for (const { id, token } of [...this.#runs.values()]) {
      if ((await this.#surroundings.connection.get(`${base}:${id}:lock`)) !== token) this.#loseLock(id, token);
    }
  }

  /** Resolves when nothing runs any more. */
  async close(): Promise<void> {
    await this.#worker.close();
  }

  /** Tells every handler to stop. */
  abort(): void {
    for (const run of this.#runs.values()) stop(run, 'closing', 'The queue is closing.');
  }

  #loseLock(id: string, token?: string): void {
    const run = this.#runs.get(id);
    if (run === undefined || run.stopped !== null || (token !== undefined && run.token !== token)) return;
    this.#surroundings.tell({ type: 'lock_lost', job: this.job.name });
    stop(run, 'lock_lost', 'Another worker may have this lane now.');
  }

  async #process(bullJob: Job, token: string): Promise<void> {
    const { payload: stored, trace } = readStoredJob(bullJob.data);
    const parsed = this.job.payload.safeParse(stored);
    const attempt = bullJob.attemptsMade + 1;
    if (!parsed.success) {
      this.#surroundings.report(this.job, new Error(`The payload of ${this.job.name} does not fit its schema.`), this.job.attempts);
      throw new UnrecoverableError('invalid payload');
    }
    const lane = this.job.lane(parsed.data);
    await this.#laneIsFree(lane);
    const run: Run = { id: bullJob.id ?? '', token, controller: new AbortController(), stopped: null };
    this.#runs.set(run.id, run);
    const startedAt = Date.now();
    const handled = this.#surroundings.runInTrace(trace, this.job.name, async () => this.#handler(parsed.data, run.controller.signal));
    this.#lanes.set(
      lane,
      handled.catch(() => undefined),
    );
    let failure: { readonly error: unknown } | null = null;
    try {
      await handled;
    } catch (error) {
      failure = { error };
    } finally {
      this.#runs.delete(run.id);
      this.#lanes.delete(lane);
    }
    const times = { waitedMs: Math.max(0, startedAt - bullJob.timestamp), ranMs: Date.now() - startedAt, attempt };
    await this.#end(bullJob, run, failure, parsed.data, times);
  }

  /** After a lost lock a lane may be given to the process that is still busy with it: one waits for the other. */
  async #laneIsFree(lane: string): Promise<void> {
    for (let busy = this.#lanes.get(lane); busy !== undefined; busy = this.#lanes.get(lane)) await busy;
  }

  async #end(
    bullJob: Job,
    run: Run,
    failure: { readonly error: unknown } | null,
    payload: Payload,
    times: { readonly waitedMs: number; readonly ranMs: number; readonly attempt: number },
  ): Promise<void> {
    const { tell, report, askAgain } = this.#surroundings;
    const done = (outcome: 'completed' | 'retried' | 'failed' | 'returned' | 'lost'): void =>
      tell({ type: 'job_done', job: this.job.name, ...times, outcome });
    if (failure === null) return done(run.stopped === 'lock_lost' ? 'lost' : 'completed');
    if (run.stopped === 'closing') {
      done('returned');
      // Given back to whoever is free, without costing an attempt. Should that fail, its lock runs out.
      await bullJob.moveToWait(run.token);
      throw new WaitingError();
    }
    if (run.stopped === 'lock_lost') {
      done('lost');
      await askAgain(payload);
    } else {
      report(this.job, failure.error, times.attempt);
      done(times.attempt < (bullJob.opts.attempts ?? 1) ? 'retried' : 'failed');
    }
    throw new Error(deadLetterReason(failure.error));
  }
}

function stop(run: Run, why: NonNullable<Run['stopped']>, words: string): void {
  if (run.stopped !== null) return;
  run.stopped = why;
  run.controller.abort(new Error(words));
}

/** Stays in Redis with the dead letter: the words of our own errors hold no text of users, those of others may. */
const deadLetterReason = (error: unknown): string => (AppError.is(error) ? `${error.code}: ${error.message}` : reasonOf(error));

/** BullMQ's own words name job ids and states, never data. */
const machineryReason = (error: unknown): string => (Error.isError(error) && error.message !== '' ? error.message : reasonOf(error));
