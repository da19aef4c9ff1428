import { type JobDefinition, JOBS } from '@continuo/contracts';
import type { JobQueue, JobRunner } from '@continuo/ports';
import { parseBrokerUrl } from '../connection/broker-address.ts';
import { openConnection, type BrokerConnection } from '../connection/open-connection.ts';
import { reasonOf, tellErrors, type BrokerEvent, type TellEvent } from './broker-event.ts';
import { DeadLetters, type DeadLetter, type Replay } from './dead-letters.ts';
import { queueNameOf, type JobSettings, type KnownJob } from './job-settings.ts';
import { LaneWorker, type WorkerSurroundings } from './lane-worker.ts';
import { depthOf, type QueueDepth } from './queue-depth.ts';
import { Schedules } from './schedules.ts';
import { Signals } from './signals.ts';
import { WorkConnection } from './work-connection.ts';

/** How long `close` waits for handlers whose signal it has aborted, and for connections, in milliseconds. */
const ABORTED_HANDLERS_MS = 1_000;
/** How long an administrator's question waits for a broker. */
const QUESTION_MS = 5_000;
const LOCK_MS = 30_000;

export interface BullQueueOptions {
  /** See `parseBrokerUrl`. */
  readonly url: string;
  /** What every key begins with, in braces. */
  readonly prefix: string;
  /** Called for each failed attempt. It is tried again while `attempt < job.attempts`. What it throws is ignored. */
  readonly onFailure: (job: JobSettings, error: unknown, attempt: number) => void;
  /** What it throws is ignored. */
  readonly onEvent?: (event: BrokerEvent) => void;
  /** The trace context in which something is being asked for; undefined: none. */
  readonly traceparent?: () => string | undefined;
  /** Runs a handler inside the trace of whoever asked. */
  readonly runInTrace?: <T>(traceparent: string | undefined, name: string, run: () => Promise<T>) => Promise<T>;
  /** PEM of the authority that signed the broker's certificate. Default: those that Node trusts. */
  readonly tlsAuthority?: string;
  /** Every job this version knows. Default: all of the contracts. */
  readonly jobs?: readonly KnownJob[];
  /** After so many milliseconds without a sign of life a worker has lost its jobs. Default: 30 s. */
  readonly lockMs?: number;
  /** In [0, 1); for the jitter of the back-off. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Opens the queue of a cluster. Connecting goes on in the background, now and whenever the broker was away. */
export const openBullQueue = (options: BullQueueOptions): BullQueue => new BullQueue(options);

/**
 * Lanes of background work for several processes, on BullMQ. Redis holds nothing that cannot be lost: what waits stands in the records, too.
 *
 * One lane never runs twice at once as long as Redis keeps its data and workers renew their locks. When a lock is lost (Redis restarted
 * empty; a process stood still for longer than the lock lasts) the handler's signal is aborted as soon as its process hears of it, and the
 * lane is asked for again. Until such a handler stops, another process may run the lane beside it; in its own process the lane waits.
 */
export class BullQueue implements JobQueue, JobRunner {
  readonly #options: BullQueueOptions;
  readonly #tell: TellEvent;
  readonly #signalConnection: BrokerConnection;
  readonly #work: WorkConnection;
  readonly #signals: Signals;
  readonly #deadLetters: DeadLetters;
  readonly #workers = new Map<string, LaneWorker<unknown>>();
  #schedules: Schedules | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor(options: BullQueueOptions) {
    this.#options = options;
    this.#tell = quietly(options.onEvent ?? (() => undefined));
    const address = parseBrokerUrl(options.url);
    const settings = options.tlsAuthority === undefined ? {} : { tlsAuthority: options.tlsAuthority };
    this.#signalConnection = openConnection(address, 'signals', settings);
    tellErrors(this.#signalConnection, this.#tell);
    this.#signals = new Signals(this.#signalConnection, options.prefix);
    this.#deadLetters = new DeadLetters(this.#signals, this.#jobs);
    this.#work = new WorkConnection(
      () => openConnection(address, 'work', settings),
      this.#tell,
      () => this.#reconnected(),
    );
    this.#watchEviction();
  }

  /**
   * Never rejects for the broker's sake and never takes longer than some 200 ms: a signal that cannot be given is reported and lost.
   *
   * @throws ZodError for a payload the job's schema refuses.
   */
  async enqueue<Payload>(job: JobDefinition<Payload>, payload: Payload): Promise<void> {
    const parsed = job.payload.parse(payload);
    try {
      if (this.#closed) throw new Error('The queue is closed.');
      await this.#signals.raise(job, job.lane(parsed), parsed, this.#options.traceparent?.());
    } catch (error) {
      this.#tell({ type: 'signal_lost', job: job.name, reason: Error.isError(error) ? error.message : reasonOf(error) });
    }
  }

  /** @throws Error when the job has a handler already, or for a concurrency below 1. */
  handle<Payload>(
    job: JobDefinition<Payload>,
    handler: (payload: Payload, signal: AbortSignal) => Promise<void>,
    concurrency: number,
  ): void {
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw new RangeError(`Job ${job.name}: a concurrency of ${concurrency} runs nothing.`);
    const key = queueNameOf(job);
    if (this.#workers.has(key)) throw new Error(`Job ${job.name} has a handler already.`);
    if (this.#closing !== undefined) return;
    this.#signals.queueOf(key);
    const worker = new LaneWorker(job, handler, concurrency, this.#surroundingsOf(job));
    this.#workers.set(key, worker as LaneWorker<unknown>);
  }

  /** For the end of the start-up. @throws Error naming every declared job without a handler and every handler of an undeclared job. */
  assertComplete(jobs: readonly Pick<JobSettings, 'queue' | 'name'>[]): void {
    const declared = new Set(jobs.map(queueNameOf));
    const missing = jobs.filter((job) => !this.#workers.has(queueNameOf(job))).map((job) => `job ${job.name} has no handler`);
    const unknown = [...this.#workers.values()].map(({ job }) => job).filter((job) => !declared.has(queueNameOf(job)));
    const faults = [...missing, ...unknown.map((job) => `handler for ${job.name}, which is not declared`)];
    if (faults.length > 0) throw new Error(`The queue is not complete: ${faults.join('; ')}.`);
  }

  /** Raises a job now and then every so many milliseconds, once for all processes that say so. */
  schedule<Payload>(job: JobDefinition<Payload>, payload: Payload, everyMs: number): void {
    if (this.#closing !== undefined) return;
    this.#schedules ??= new Schedules(this.#work.connection, this.#options.prefix, this.#tell);
    this.#schedules.add(job, payload, everyMs, () => this.enqueue(job, payload));
  }

  /** Every job of this version, in its order, then those that only Redis knows. @throws Error when the broker is away. */
  async depth(): Promise<readonly QueueDepth[]> {
    return Promise.all((await this.#queueNames()).map((name) => depthOf(name, this.#signals.queueOf(name), Date.now())));
  }

  /** What failed for good, the newest first. @throws Error when the broker is away. */
  async failed(limit: number): Promise<readonly DeadLetter[]> {
    return this.#deadLetters.list(await this.#queueNames(), limit);
  }

  /** Asks anew for a dead letter, or for all of them. @throws Error when the broker is away. */
  async retry(which: 'all' | (string & {})): Promise<Replay> {
    return this.#deadLetters.replay(await this.#queueNames(), which);
  }

  /** Removes the dead letters of an erased subject. Returns how many. @throws Error when the broker is away. */
  async forget(projectId: string, subject: string): Promise<number> {
    return this.#deadLetters.forget(await this.#queueNames(), projectId, subject);
  }

  /** @throws Error when the broker does not answer. */
  async ping(): Promise<void> {
    await this.#signals.ready(1);
    await this.#signalConnection.ping();
  }

  /** A second call waits for the first. Handlers that ignore their aborted signal are left behind after a second; their locks run out. */
  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    const workers = [...this.#workers.values()];
    const ended = Promise.allSettled([this.#schedules?.close(), ...workers.map((worker) => worker.close())]);
    if (!(await endsWithin(ended, graceMs))) {
      for (const worker of workers) worker.abort();
      await endsWithin(ended, ABORTED_HANDLERS_MS);
    }
    // Only now: what handlers ask for while they end is still asked for.
    this.#closed = true;
    this.#work.disconnect();
    this.#signalConnection.disconnect();
  }

  get #jobs(): readonly KnownJob[] {
    return this.#options.jobs ?? JOBS;
  }

  #surroundingsOf<Payload>(job: JobDefinition<Payload>): WorkerSurroundings {
    const { onFailure, prefix, random, lockMs, runInTrace } = this.#options;
    return {
      connection: this.#work.connection,
      prefix,
      lockMs: lockMs ?? LOCK_MS,
      random: random ?? Math.random,
      tell: this.#tell,
      report: quietly(onFailure),
      askAgain: (payload) => this.enqueue(job, payload as Payload),
      runInTrace: runInTrace ?? ((_traceparent, _name, run) => run()),
    };
  }

  async #queueNames(): Promise<readonly string[]> {
    await this.#signals.ready(QUESTION_MS);
    return [...new Set([...this.#jobs.map(queueNameOf), ...(await this.#signals.queueNames()).toSorted()])];
  }

  /** After every connecting, the first included. */
  #reconnected(): void {
    this.#schedules?.restore();
    for (const worker of this.#workers.values()) {
      worker.checkLocks().catch((error: unknown) => this.#tell({ type: 'broker_error', job: worker.job.name, reason: reasonOf(error) }));
    }
  }

  #watchEviction(): void {
    this.#signalConnection.once('ready', () => {
      this.#signalConnection
        .info('memory')
        .then((memory) => {
          const policy = /^maxmemory_policy:(\S+)/mu.exec(memory)?.[1];
          if (policy !== undefined && policy !== 'noeviction') this.#tell({ type: 'eviction_possible', policy });
        })
        .catch(() => undefined);
    });
  }
}

/** A report that fails must not stop what it reports on. */
function quietly<Arguments extends readonly unknown[]>(report: (...given: Arguments) => void): (...given: Arguments) => void {
  return (...given) => {
    try {
      report(...given);
    } catch {
      // Nobody is left to tell.
    }
  };
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
