import type { JobDefinition } from '@continuo/contracts';
import { Queue, Worker } from 'bullmq';
import type { BrokerConnection } from '../connection/open-connection.ts';
import { keyPrefixOf, queueNameOf } from './job-settings.ts';
import { isAway, reasonOf, type TellEvent } from './broker-event.ts';

const SCHEDULES = 'schedules';
const EVENTS_KEPT = 100;

interface Schedule {
  readonly everyMs: number;
  readonly raise: () => Promise<void>;
}

/**
 * Raises jobs again and again, once for all processes. A scheduled job of BullMQ knows no lanes; therefore it only asks for the job,
 * whose lane then holds for scheduled work, too.
 */
export class Schedules {
  readonly #queue: Queue;
  readonly #worker: Worker;
  readonly #tell: TellEvent;
  readonly #schedules = new Map<string, Schedule>();

  constructor(connection: BrokerConnection, prefix: string, tell: TellEvent) {
    this.#tell = tell;
    const keys = { connection, prefix: keyPrefixOf(prefix) };
    this.#queue = new Queue(SCHEDULES, { ...keys, skipVersionCheck: true, streams: { events: { maxLen: EVENTS_KEPT } } });
    // What this version does not know any more is left to those that do.
    this.#worker = new Worker(SCHEDULES, async (tick) => this.#schedules.get(tick.name)?.raise(), keys);
    const onError = (error: Error): void => {
      if (!isAway(error)) tell({ type: 'broker_error', job: SCHEDULES, reason: reasonOf(error) });
    };
    this.#queue.on('error', onError);
    this.#worker.on('error', onError);
  }

  add<Payload>(job: JobDefinition<Payload>, payload: Payload, everyMs: number, raise: () => Promise<void>): void {
    job.payload.parse(payload);
    const id = queueNameOf(job);
    this.#schedules.set(id, { everyMs, raise });
    void this.#upsert(id, everyMs);
  }

  /** After every connecting: a broker that has lost everything has lost its schedules, too. */
  restore(): void {
    for (const [id, { everyMs }] of this.#schedules) void this.#upsert(id, everyMs);
  }

  async close(): Promise<void> {
    await this.#worker.close();
    await this.#queue.close();
  }

  async #upsert(id: string, everyMs: number): Promise<void> {
    try {
      await this.#queue.upsertJobScheduler(id, { every: everyMs }, { name: id, opts: { removeOnComplete: true, removeOnFail: true } });
    } catch (error) {
      this.#tell({ type: 'broker_error', job: SCHEDULES, reason: reasonOf(error) });
    }
  }
}
