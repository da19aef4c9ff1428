import { setTimeout } from 'node:timers/promises';
import {
  AppError,
  consistency,
  drainInbox,
  erase,
  type ErrorCode,
  fillVectors,
  indexOutbox,
  JOBS,
  type JobDefinition,
  readFiles,
  retention,
} from '@continuo/contracts';
import type { SubjectKey } from '@continuo/domain';
import { type Configuration, errorFields, type Log, type Metrics } from '@continuo/platform';
import type {
  EmbeddingModel,
  EmbeddingModelIdentity,
  ExclusiveWork,
  FileRecords,
  InboxRecords,
  IndexSource,
  IndexWriter,
  JobQueue,
  JobRunner,
  MemoryRecords,
  MessageRecords,
  OutboxRecords,
  ProfileRecords,
  ProjectRecords,
  RecallApi,
  RequestRecords,
  StructuredModel,
  TaskRecords,
  UsageRecords,
  VectorRecords,
} from '@continuo/ports';
import {
  adoptModel,
  CompareIndex,
  DrainInbox,
  ExtractCandidates,
  type FileReaders,
  FillProfiles,
  FillVectors,
  IndexOutbox,
  ReadParts,
  ReconcileCandidates,
  refusalOfModel,
  Sweep,
} from '@continuo/use-cases';
import { FILE_LANES, FileWork } from './file-work.ts';
import { meteredUpserts } from './metered-index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So that the depth of the queues is seen while it changes. */
const GAUGES_EVERY_MS = 5_000;
const QUEUE_GRACE_MS = 2_000;
/** An erasure is watched for 20 s, then the attempt counts as failed. */
const ERASURE_LOOKS = 100;
const ERASURE_LOOK_MS = 200;
const ERASURE_LANES = 4;

const SURROUNDINGS = [
  'records_unavailable',
  'index_unavailable',
  'embedder_unavailable',
  'draining',
] as const satisfies readonly ErrorCode[];

type Payload<Job> = Job extends JobDefinition<infer Each> ? Each : never;

/** A queue whose jobs run in this process, too. */
export interface WorkQueue extends JobQueue, JobRunner {
  /** @throws Error naming every declared job without a handler and every handler of an undeclared job. */
  assertComplete(jobs: readonly Pick<JobDefinition<unknown>, 'queue' | 'name'>[]): void;
  /** Removes the failed jobs of a subject. Returns how many. */
  forget(projectId: string, subject: string): Promise<number>;
  /** Raises a job again and again, once for all processes. */
  schedule<Payload>(job: JobDefinition<Payload>, payload: Payload, everyMs: number): void;
}

/** What the work behind the requests needs of the world. */
export interface WorkParts {
  readonly configuration: Pick<Configuration, 'timeZone' | 'extraction' | 'mining' | 'workerConcurrency'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly records: {
    readonly projects: ProjectRecords;
    readonly inbox: InboxRecords;
    readonly messages: MessageRecords;
    readonly memories: MemoryRecords;
    readonly outbox: OutboxRecords;
    readonly requests: RequestRecords;
    readonly tasks: TaskRecords;
    readonly usage: UsageRecords;
    readonly vectors: VectorRecords;
    readonly indexSource: IndexSource;
    readonly exclusive: ExclusiveWork;
    readonly files: FileRecords;
    readonly profiles: ProfileRecords;
  };
  readonly readers: FileReaders;
  readonly index: IndexWriter;
  readonly structured: StructuredModel;
  readonly embedder: EmbeddingModel & { open(): void };
  readonly queue: WorkQueue;
  readonly recall: RecallApi;
  /** How many subjects are mined at once here. */
  readonly lanes: number;
  /** A lost signal waits no longer than this; it also wakes what waits for its back-off. */
  readonly sweepEveryMs: number;
}

/** Everything that goes on behind the requests: in the one process, or in each worker of a cluster. */
export class BackgroundWork {
  private readonly parts: WorkParts;
  private readonly sweep: Sweep;
  private readonly files: FileWork;
  private outboxEmptyAt = Date.now();
  private arrived: EmbeddingModelIdentity | null = null;
  private isAdopted = false;
  private timers: readonly NodeJS.Timeout[] = [];
  private stopListening: () => void = () => undefined;

  constructor(parts: WorkParts) {
    this.parts = parts;
    this.sweep = new Sweep({ ...parts.records, index: parts.index, jobs: parts.queue });
    this.files = new FileWork(parts.records.files, parts.readers, parts.queue, parts.log);
  }

  /** Takes up what an earlier process left, then whatever comes. */
  start(): void {
    const { queue, embedder, sweepEveryMs } = this.parts;
    this.handleJobs();
    queue.assertComplete(JOBS);
    queue.schedule(retention, {}, HOUR_MS);
    queue.schedule(consistency, {}, DAY_MS);
    this.stopListening = this.watchEmbedder();
    embedder.open();
    this.timers = [this.every(sweepEveryMs, () => this.look()), this.every(GAUGES_EVERY_MS, () => this.gauge())];
  }

  async stop(graceMs: number = QUEUE_GRACE_MS): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.stopListening();
    await this.parts.queue.close(graceMs);
  }

  /** One process sweeps for all. */
  private async look(): Promise<void> {
    await this.adoptArrived();
    await this.parts.records.exclusive.attempt('sweep', async () => void (await Promise.all([this.sweep.execute(), this.files.sweep()])));
  }

  private async gauge(): Promise<void> {
    const { records, metrics } = this.parts;
    const { messages, oldestAgeMs } = await records.inbox.depth(Date.now());
    metrics.queue('inbox', messages, oldestAgeMs);
    const waiting = await records.outbox.depth();
    // Nothing in the outbox is older than its last emptiness.
    if (waiting === 0) this.outboxEmptyAt = Date.now();
    metrics.queue('outbox', waiting, Date.now() - this.outboxEmptyAt);
  }

  /** At once, and then again and again; a round that takes longer than the period is not overtaken. */
  private every(periodMs: number, work: () => Promise<void>): NodeJS.Timeout {
    let isRunning = false;
    const run = (): void => {
      if (isRunning) return;
      isRunning = true;
      work()
        .catch((error: unknown) => this.parts.log.warn('round_failed', errorFields(error)))
        .finally(() => (isRunning = false));
    };
    run();
    return setInterval(run, periodMs).unref();
  }

  /** For what every round asks for again: a store or service that is away is not the job's fault, and nothing is counted against it. */
  private handle<Each>(job: JobDefinition<Each>, work: (payload: Each, signal: AbortSignal) => Promise<void>, lanes: number): void {
    const patient = async (payload: Each, signal: AbortSignal): Promise<void> => {
      try {
        await work(payload, signal);
      } catch (error) {
        if (signal.aborted || !SURROUNDINGS.some((code) => AppError.is(error, code))) throw error;
        this.parts.log.info('job_waits', { job: job.name, ...errorFields(error) });
      }
    };
    this.parts.queue.handle(job, patient, lanes);
  }

  private handleJobs(): void {
    const { records, index, embedder, queue, lanes, log, metrics } = this.parts;
    const drain = this.drainInbox();
    const bringOver = new IndexOutbox(records.outbox, records.memories, {
      upsert: meteredUpserts(index, metrics),
      remove: (removals) => index.remove(removals),
      removeScope: (scope) => index.removeScope(scope),
    });
    const fill = new FillVectors(records.vectors, embedder, queue);
    const compare = new CompareIndex(index, records.indexSource);
    this.handle(
      drainInbox,
      async (payload, signal) => {
        const scope = { projectId: payload.project_id, subject: payload.subject as SubjectKey };
        if ((await drain.execute(scope, signal)) === 'more') await queue.enqueue(drainInbox, payload);
      },
      lanes,
    );
    this.handle(
      indexOutbox,
      async (_payload, signal) => {
        if ((await bringOver.execute(signal)) > 0) await queue.enqueue(fillVectors, {});
      },
      1,
    );
    this.handle(fillVectors, async (_payload, signal) => void (await fill.execute(signal)), 1);
    this.handle(readFiles, (payload, signal) => this.files.read(payload, signal), FILE_LANES);
    queue.handle(erase, (payload, signal) => this.finishErasure(payload, signal), ERASURE_LANES);
    queue.handle(retention, () => this.sweep.tidy(), 1);
    queue.handle(
      consistency,
      async (_payload, signal) => {
        // An index that is being filled anew differs by design.
        if ((await index.needsRefill()) !== null) return;
        const report = await compare.execute({ repair: true }, signal);
        if (report.repaired > 0) log.warn('index_repaired', { ...report });
        await queue.enqueue(indexOutbox, {});
      },
      1,
    );
  }

  /** @throws Error when the index still holds something of the subject after a while. */
  private async finishErasure({ project_id: projectId, subject }: Payload<typeof erase>, signal: AbortSignal): Promise<void> {
    const { queue, records } = this.parts;
    await queue.forget(projectId, subject);
    await queue.enqueue(indexOutbox, {});
    for (let look = 0; look < ERASURE_LOOKS; look += 1) {
      const pending = await records.memories.pendingErasures();
      if (!pending.some((scope) => scope.projectId === projectId && scope.subject === subject)) return;
      await setTimeout(ERASURE_LOOK_MS, undefined, { signal });
    }
    throw new Error('the index still holds documents of an erased subject');
  }

  private drainInbox(): DrainInbox {
    const { configuration, records, readers, structured, queue, recall } = this.parts;
    const { timeZone, extraction, mining } = configuration;
    return new DrainInbox(
      records.inbox,
      new ExtractCandidates(
        structured,
        records.usage,
        records.memories,
        { ...extraction, timeZone },
        { profiles: new FillProfiles(records.profiles), parts: new ReadParts(readers.documents, readers.fetcher) },
      ),
      new ReconcileCandidates(records.memories, records.messages, recall, structured, records.usage),
      queue,
      mining,
    );
  }

  /** The arrival of a model starts the filling; what cannot be written now is tried again with the next round. */
  private watchEmbedder(): () => void {
    const { embedder, log } = this.parts;
    return embedder.onState((state) => {
      log.info('embedder', { state: state.status, reason: state.reason });
      if (state.status !== 'ready' || state.model.id === this.arrived?.id) return;
      this.arrived = state.model;
      this.isAdopted = false;
      this.adoptArrived().catch((error: unknown) => log.warn('embedder_not_adopted', errorFields(error)));
    });
  }

  /** Vectors of two models must not meet: a model that may not be searched with yet changes nothing. */
  private async adoptArrived(): Promise<void> {
    const { arrived } = this;
    if (arrived === null || this.isAdopted) return;
    const { records, queue, log } = this.parts;
    const refusal = await refusalOfModel(arrived.id, records.vectors);
    this.isAdopted = true;
    if (refusal !== null) {
      log.error('embedder_refused', { message: refusal });
      return;
    }
    try {
      await adoptModel(records.vectors, arrived);
    } catch (error) {
      this.isAdopted = false;
      throw error;
    }
    await queue.enqueue(indexOutbox, {});
    await queue.enqueue(fillVectors, {});
  }
}
