import { Queue, type JobsOptions } from 'bullmq';
import type { BrokerConnection } from '../connection/open-connection.ts';
import { keyPrefixOf, queueNameOf, storedJob, type JobSettings, jobOptions } from './job-settings.ts';

/** Entries of BullMQ's event streams, which nobody here reads. */
const EVENTS_KEPT = 100;

/** How long a caller waits for a broker, in milliseconds. */
export const SIGNAL_BUDGET_MS = 200;

/** The sending side: one BullMQ queue per job, on a connection that fails at once while the broker is away. */
export class Signals {
  readonly #connection: BrokerConnection;
  readonly #prefix: string;
  readonly #queues = new Map<string, Queue>();
  /** Since when the broker has been away, epoch milliseconds; null: it is there. */
  #awaySince: number | null = Date.now();

  constructor(connection: BrokerConnection, prefix: string) {
    this.#connection = connection;
    this.#prefix = prefix;
    connection.on('ready', () => {
      this.#awaySince = null;
      for (const name of this.#queues.keys()) void this.#register(name);
    });
    connection.on('close', () => (this.#awaySince ??= Date.now()));
  }

  /** Rejects when the broker is away, or has not answered within the budget. */
  async raise(job: JobSettings, lane: string, payload: unknown, trace: string | undefined): Promise<void> {
    const deadlineAt = Date.now() + SIGNAL_BUDGET_MS;
    // Only at the beginning of an outage: later on, nobody is made to wait for a broker that is known to be away.
    if (this.#awaySince !== null) await this.ready(this.#awaySince + SIGNAL_BUDGET_MS - Date.now());
    await inTime(this.add(job, lane, payload, trace), deadlineAt - Date.now());
  }

  async add(job: JobSettings, lane: string, payload: unknown, trace: string | undefined): Promise<void> {
    await this.addAs(queueNameOf(job), job.name, storedJob(payload, trace), jobOptions(job, lane));
  }

  async addAs(queueName: string, name: string, data: unknown, options: JobsOptions): Promise<void> {
    const queue = this.queueOf(queueName);
    try {
      await queue.add(name, data, options);
    } catch (error) {
      // One that has failed while it was being set up fails for ever.
      this.#queues.delete(queueName);
      throw error;
    }
  }

  /** @throws Error when the broker is not there within `limitMs`. */
  async ready(limitMs: number): Promise<void> {
    if (this.#awaySince === null) return;
    if (limitMs <= 0) throw new Error('The broker is away.');
    let onReady = (): void => undefined;
    const ready = new Promise<void>((resolve) => {
      onReady = resolve;
    });
    this.#connection.once('ready', onReady);
    try {
      await inTime(ready, limitMs);
    } finally {
      this.#connection.off('ready', onReady);
    }
  }

  queueOf(name: string): Queue {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new Queue(name, {
        connection: this.#connection,
        prefix: keyPrefixOf(this.#prefix),
        skipVersionCheck: true,
        streams: { events: { maxLen: EVENTS_KEPT } },
      });
      // Failures are told by the calls themselves.
      queue.on('error', () => undefined);
      this.#queues.set(name, queue);
      if (this.#awaySince === null) void this.#register(name);
    }
    return queue;
  }

  /** Every queue that was ever used, those of jobs that no version knows any more among them. */
  async queueNames(): Promise<readonly string[]> {
    return this.#connection.smembers(this.#registryKey);
  }

  get #registryKey(): string {
    return `${keyPrefixOf(this.#prefix)}:queues`;
  }

  async #register(name: string): Promise<void> {
    try {
      await this.#connection.sadd(this.#registryKey, name);
    } catch {
      // The next connection does it.
    }
  }
}

async function inTime<Value>(promise: Promise<Value>, limitMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The broker did not answer in time.')), Math.max(0, limitMs));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
