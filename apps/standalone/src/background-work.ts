import { drainInbox, fillVectors, indexOutbox, JOBS } from '@continuo/contracts';
import type { SubjectKey } from '@continuo/domain';
import type { InProcessQueue } from '@continuo/in-process-queue';
import { type Configuration, errorFields, type Log, type Metrics } from '@continuo/platform';
import type { MemoryIndex } from '@continuo/ports';
import type { SqliteRecords } from '@continuo/records';
import {
  DrainInbox,
  ExtractCandidates,
  FillVectors,
  IndexOutbox,
  ReconcileCandidates,
  type SearchMemory,
  Sweep,
} from '@continuo/use-cases';
import { adoptModel, type OpenableEmbedder } from './embedder.ts';
import type { Models } from './models.ts';

/** In one process a lost signal can only come of a fault; this also wakes what waits for its back-off. */
const SWEEP_EVERY_MS = 2_000;
const TIDY_EVERY_MS = 3_600_000;
const QUEUE_GRACE_MS = 2_000;

export interface WorkParts {
  readonly configuration: Configuration;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly records: SqliteRecords;
  readonly index: MemoryIndex;
  readonly models: Models;
  readonly embedder: OpenableEmbedder;
  readonly queue: InProcessQueue;
  readonly recall: SearchMemory;
}

/** Everything that goes on behind the requests. */
export class BackgroundWork {
  private readonly parts: WorkParts;
  private readonly sweep: Sweep;
  private timers: readonly NodeJS.Timeout[] = [];
  private stopListening: () => void = () => undefined;

  constructor(parts: WorkParts) {
    this.parts = parts;
    this.sweep = new Sweep({ ...parts.records, index: parts.index, jobs: parts.queue });
  }

  /** Takes up what an earlier process left, then whatever comes. */
  async start(): Promise<void> {
    const { queue, embedder } = this.parts;
    this.handleJobs();
    queue.assertComplete(JOBS);
    this.stopListening = this.watchEmbedder();
    embedder.open();
    await this.look();
    this.timers = [this.every(SWEEP_EVERY_MS, () => this.look()), this.every(TIDY_EVERY_MS, () => this.sweep.tidy())];
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.stopListening();
    await this.parts.queue.close(QUEUE_GRACE_MS);
  }

  private async look(): Promise<void> {
    const { records, metrics } = this.parts;
    await this.sweep.execute();
    const { messages, oldestAgeMs } = await records.inbox.depth(Date.now());
    metrics.queue('inbox', messages, oldestAgeMs);
    metrics.queue('outbox', await records.outbox.depth(), 0);
  }

  private every(periodMs: number, work: () => Promise<void>): NodeJS.Timeout {
    const run = (): void => void work().catch((error: unknown) => this.parts.log.warn('sweep_failed', errorFields(error)));
    return setInterval(run, periodMs).unref();
  }

  private handleJobs(): void {
    const { configuration, records, index, models, embedder, queue } = this.parts;
    const drain = this.drainInbox();
    const bringOver = new IndexOutbox(records.outbox, records.memories, index);
    const fill = new FillVectors(records.vectors, embedder, queue);
    queue.handle(
      drainInbox,
      async (payload, signal) => {
        const scope = { projectId: payload.project_id, subject: payload.subject as SubjectKey };
        if ((await drain.execute(scope, signal)) === 'more') await queue.enqueue(drainInbox, payload);
      },
      // Lanes side by side make use of the time a model takes. The rules have none to wait for: more than one would only delay requests.
      models.structured.available('extract') ? configuration.workerConcurrency : 1,
    );
    queue.handle(
      indexOutbox,
      async (_payload, signal) => {
        if ((await bringOver.execute(signal)) > 0) await queue.enqueue(fillVectors, {});
      },
      1,
    );
    queue.handle(fillVectors, async (_payload, signal) => void (await fill.execute(signal)), 1);
  }

  private drainInbox(): DrainInbox {
    const { configuration, records, models, queue, recall } = this.parts;
    const { timeZone, extraction, mining } = configuration;
    return new DrainInbox(
      records.inbox,
      new ExtractCandidates(models.structured, records.usage, { ...extraction, timeZone }),
      new ReconcileCandidates(records.memories, records.messages, recall, models.structured, records.usage),
      queue,
      mining,
    );
  }

  /** The arrival of the model starts the filling. */
  private watchEmbedder(): () => void {
    const { records, embedder, log, queue } = this.parts;
    return embedder.onState((state) => {
      log.info('embedder', { state: state.status, reason: state.reason });
      if (state.status !== 'ready') return;
      adoptModel(records.vectors, state.model)
        .then(() => queue.enqueue(indexOutbox, {}))
        .then(() => queue.enqueue(fillVectors, {}))
        .catch((error: unknown) => log.error('embedder_refused', errorFields(error)));
    });
  }
}
