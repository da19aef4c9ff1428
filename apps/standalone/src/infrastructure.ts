import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openFileReaders } from '@continuo/documents';
import { createEmbedder, expectedModelId, type OpenableEmbedder } from '@continuo/embeddings';
import { InProcessQueue } from '@continuo/in-process-queue';
import { type Models, openModels, ProcessLimits } from '@continuo/openai';
import { O200kTokenCounter } from '@continuo/tokens';
import { type Configuration, ConfigurationError, errorFields, type Log, Metrics } from '@continuo/platform';
import type { MemoryIndex, SharedLimits, TokenCounter } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { openSqliteIndex } from '@continuo/sqlite-index';
import { type FileReaders, refusalOfModel, SearchMemory } from '@continuo/use-cases';
import { lockFolder } from './folder-lock.ts';

const FOLDER_MODE = 0o700;
const EMBED_TIMEOUT_MS = 250;

/** Everything the process holds open. */
export interface Infrastructure {
  readonly records: SqliteRecords;
  readonly index: MemoryIndex;
  readonly queue: InProcessQueue;
  readonly embedder: OpenableEmbedder;
  readonly models: Models;
  readonly tokens: TokenCounter;
  readonly recall: SearchMemory;
  readonly readers: FileReaders;
  /** Nobody shares them: there is one process. */
  readonly limits: SharedLimits;
  readonly metrics: Metrics;
  /** Closes in the order of dependence; the work has ended before. */
  close(): Promise<void>;
}

/**
 * Which adapter stands behind which port, in one process.
 *
 * @throws FolderInUseError, ConfigurationError, AppError `records_unavailable`; nothing stays open then.
 */
export async function openInfrastructure(configuration: Configuration, log: Log): Promise<Infrastructure> {
  mkdirSync(configuration.dataDirectory, { recursive: true, mode: FOLDER_MODE });
  const lock = lockFolder(configuration.dataDirectory);
  const closers: (() => Promise<void> | void)[] = [() => lock.release()];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).toReversed()) await each();
  };
  try {
    const metrics = new Metrics();
    const tokens = new O200kTokenCounter();
    const records = await openSqliteRecords({ file: recordsFile(configuration) });
    closers.push(() => records.close());
    const refusal = await refusalOfModel(expectedModelId(configuration), records.vectors);
    if (refusal !== null) throw new ConfigurationError([refusal]);
    const opened = await openSqliteIndex({
      file: join(configuration.dataDirectory, 'index.db'),
      onNotice: (sentence) => log.warn('index_notice', { sentence }),
    });
    closers.push(() => opened.close());
    const { index } = opened;
    const models = await openModels(configuration, tokens, metrics);
    const embedder = createEmbedder(configuration);
    closers.push(() => embedder.close());
    const readers = openFileReaders(configuration.fetchAllowed);
    closers.push(() => readers.close());
    const queue = new InProcessQueue({
      onFailure: (job, error, attempt) => log.warn('job_failed', { job: job.name, attempt, ...errorFields(error) }),
    });
    const recall = new SearchMemory(index, records.recall, embedder, recallSettings(configuration));
    return { records, index, queue, embedder, models, tokens, recall, readers, limits: new ProcessLimits(), metrics, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const recallSettings = ({ recallTimeoutMs, recallTurns, timeZone, embedding }: Configuration) => ({
  timeoutMs: recallTimeoutMs,
  embedTimeoutMs: EMBED_TIMEOUT_MS,
  recallTurns,
  timeZone,
  calibration: embedding.calibration,
});

/** @throws ConfigurationError for stores of a cluster: they would silently stay unused. */
function recordsFile({ stores: { records, index, broker } }: Configuration): string {
  const foreign = [
    ...(records.engine === 'postgres' ? ['CONTINUO_RECORDS_URL names Postgres'] : []),
    ...(index === null ? [] : ['CONTINUO_INDEX_URL is set']),
    ...(broker === null ? [] : ['CONTINUO_BROKER_URL is set']),
  ];
  if (records.engine === 'sqlite' && foreign.length === 0) return records.file;
  throw new ConfigurationError(
    foreign.map((fact) => `${fact}, but one process keeps everything in its data folder; unset it, or run npm run cluster instead.`),
  );
}
