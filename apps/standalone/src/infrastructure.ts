import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InProcessQueue } from '@continuo/in-process-queue';
import { O200kTokenCounter } from '@continuo/tokens';
import { type Configuration, errorFields, type Log, Metrics } from '@continuo/platform';
import type { MemoryIndex, TokenCounter } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { openSqliteIndex } from '@continuo/sqlite-index';
import { SearchMemory } from '@continuo/use-cases';
import { BackgroundWork } from './background-work.ts';
import { createEmbedder, expectedModelId, type OpenableEmbedder, requireVectorsOf } from './embedder.ts';
import { lockFolder } from './folder-lock.ts';
import { meteredIndex } from './metered-index.ts';
import { type Models, openModels } from './models.ts';

const FOLDER_MODE = 0o700;
const EMBED_TIMEOUT_MS = 250;

/** Everything the process holds open, and the work that goes on in the background. */
export interface Infrastructure {
  readonly records: SqliteRecords;
  readonly index: MemoryIndex;
  readonly queue: InProcessQueue;
  readonly embedder: OpenableEmbedder;
  readonly models: Models;
  readonly tokens: TokenCounter;
  readonly recall: SearchMemory;
  readonly metrics: Metrics;
  readonly work: BackgroundWork;
  /** Ends background work, then closes in the order of dependence. */
  close(): Promise<void>;
}

export const recordsFile = (folder: string): string => join(folder, 'records.db');

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
    const records = await openSqliteRecords({ file: recordsFile(configuration.dataDirectory) });
    closers.push(() => records.close());
    await requireVectorsOf(expectedModelId(configuration), records.vectors);
    const opened = await openSqliteIndex({
      file: join(configuration.dataDirectory, 'index.db'),
      onNotice: (sentence) => log.warn('index_notice', { sentence }),
    });
    closers.push(() => opened.close());
    const index = meteredIndex(opened.index, metrics);
    const models = await openModels(configuration, tokens, metrics);
    const embedder = createEmbedder(configuration);
    closers.push(() => embedder.close());
    const queue = new InProcessQueue({
      onFailure: (job, error, attempt) => log.warn('job_failed', { job: job.name, attempt, ...errorFields(error) }),
    });
    const recall = new SearchMemory(index, records.recall, embedder, {
      timeoutMs: configuration.recallTimeoutMs,
      embedTimeoutMs: EMBED_TIMEOUT_MS,
      recallTurns: configuration.recallTurns,
      timeZone: configuration.timeZone,
    });
    const work = new BackgroundWork({ configuration, log, metrics, records, index, models, embedder, queue, recall });
    closers.push(() => work.stop());
    return { records, index, queue, embedder, models, tokens, recall, metrics, work, close };
  } catch (error) {
    await close();
    throw error;
  }
}
