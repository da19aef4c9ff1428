import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { drainInbox, fillVectors, indexOutbox, JOBS } from '@continuo/contracts';
import { type SubjectKey } from '@continuo/domain';
import { InProcessQueue } from '@continuo/in-process-queue';
import { O200kTokenCounter } from '@continuo/openai';
import { errorFields, type Log, Metrics } from '@continuo/platform';
import { type Configuration } from './configuration.stub.ts';
import type { MemoryIndex, TokenCounter } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { openSqliteIndex, type OpenedSqliteIndex } from '@continuo/sqlite-index';
import { DrainInbox, ExtractCandidates, FillVectors, IndexOutbox, ReconcileCandidates, SearchMemory, Sweep } from '@continuo/use-cases';
import { adoptModel, createEmbedder, expectedModelId, type OpenableEmbedder, requireVectorsOf } from './embedder.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type Models, openModels } from './models.ts';

const FOLDER_MODE = 0o700;
/** In one process a lost signal can only come of a fault; this also wakes what waits for its back-off. */
const SWEEP_EVERY_MS = 2_000;
const EMBED_TIMEOUT_MS = 250;
const QUEUE_GRACE_MS = 3_000;

/** Everything the process holds open, and the use cases that work in the background. */
export interface Infrastructure {
  readonly records: SqliteRecords;
  readonly index: MemoryIndex;
  readonly queue: InProcessQueue;
  readonly embedder: OpenableEmbedder;
  readonly models: Models;
  readonly tokens: TokenCounter;
  readonly recall: SearchMemory;
  readonly metrics: Metrics;
  /** Takes up what an earlier process left, then whatever comes. */
  startWork(): Promise<void>;
  /** Ends background work, then closes in the order of dependence. */
  close(): Promise<void>;
}

export const recordsFile = (folder: string): string => join(folder, 'records.db');

/** Which adapter stands behind which port, in one process. */
export async function openInfrastructure(configuration: Configuration, log: Log): Promise<Infrastructure> {
  mkdirSync(configuration.dataDirectory, { recursive: true, mode: FOLDER_MODE });
  const lock = lockFolder(configuration.dataDirectory);
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  try {
    const metrics = new Metrics();
    const tokens = new O200kTokenCounter();
    const records = await openSqliteRecords({ file: recordsFile(configuration.dataDirectory) });
    undo.push(() => records.close());
    await requireVectorsOf(expectedModelId(configuration), records.vectors);
    const opened = await openSqliteIndex({
      file: join(configuration.dataDirectory, 'index.db'),
      onNotice: (sentence) => log.warn('index_notice', { sentence }),
    });
    undo.push(() => opened.close());
    const models = await openModels(configuration, tokens, metrics);
    const embedder = createEmbedder(configuration);
    return compose({ configuration, log, metrics, tokens, records, opened, models, embedder, lock });
  } catch (error) {
    for (const close of undo.toReversed()) await close();
    throw error;
  }
}

interface Parts {
  readonly configuration: Configuration;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tokens: TokenCounter;
  readonly records: SqliteRecords;
  readonly opened: OpenedSqliteIndex;
  readonly models: Models;
  readonly embedder: OpenableEmbedder;
  readonly lock: FolderLock;
}

function compose(parts: Parts): Infrastructure {
  const { configuration, log, metrics, tokens, records, opened, models, embedder, lock } = parts;
  const { index } = opened;
  const queue = new InProcessQueue({
    onFailure: (job, error, attempt) => log.warn('job_failed', { job: job.name, attempt, ...errorFields(error) }),
  });
  const recall = new SearchMemory(index, records.recall, embedder, {
    timeoutMs: configuration.recallTimeoutMs,
    embedTimeoutMs: EMBED_TIMEOUT_MS,
    recallTurns: configuration.recallTurns,
    timeZone: configuration.timeZone,
  });
  const sweep = new Sweep(records.inbox, records.requests, index, queue);
  let sweeping: NodeJS.Timeout | undefined;
  let stopListening = (): void => undefined;

  return {
    records,
    index,
    queue,
    embedder,
    models,
    tokens,
    recall,
    metrics,
    startWork: async () => {
      handleJobs(parts, queue, recall);
      queue.assertComplete(JOBS);
      if (opened.isNew) {
        await records.outbox.refill();
        await opened.confirmRefill();
      }
      stopListening = watchEmbedder(parts, queue);
      embedder.open();
      const run = (): void => void sweep.execute().catch((error: unknown) => log.warn('sweep_failed', errorFields(error)));
      run();
      sweeping = setInterval(run, SWEEP_EVERY_MS).unref();
    },
    close: async () => {
      clearInterval(sweeping);
      stopListening();
      await queue.close(QUEUE_GRACE_MS);
      await embedder.close();
      await opened.close();
      await records.close();
      lock.release();
    },
  };
}

function handleJobs({ configuration, records, opened, models, embedder }: Parts, queue: InProcessQueue, recall: SearchMemory): void {
  const { timeZone, extraction } = configuration;
  const drain = new DrainInbox(
    records.inbox,
    new ExtractCandidates(models.structured, records.usage, { ...extraction, timeZone }),
    new ReconcileCandidates(records.memories, records.messages, recall, models.structured, records.usage),
    queue,
    configuration.mining,
  );
  const bringOver = new IndexOutbox(records.outbox, records.memories, opened.index);
  const fill = new FillVectors(records.vectors, embedder, queue);
  queue.handle(
    drainInbox,
    async (payload, signal) => {
      const scope = { projectId: payload.project_id, subject: payload.subject as SubjectKey };
      if ((await drain.execute(scope, signal)) === 'more') await queue.enqueue(drainInbox, payload);
    },
    configuration.workerConcurrency,
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

/** The arrival of the model starts the filling. */
function watchEmbedder({ records, embedder, log }: Parts, queue: InProcessQueue): () => void {
  return embedder.onState((state) => {
    log.info('embedder', { state: state.status, reason: state.reason });
    if (state.status !== 'ready') return;
    adoptModel(records.vectors, state.model)
      .then(() => queue.enqueue(indexOutbox, {}))
      .then(() => queue.enqueue(fillVectors, {}))
      .catch((error: unknown) => log.error('embedder_refused', errorFields(error)));
  });
}
