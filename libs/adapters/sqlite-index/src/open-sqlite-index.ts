import { resolve } from 'node:path';
import type { MemoryIndex } from '@continuo/ports';
import { meansDamage } from './connection.ts';
import { markDamaged, prepareFile } from './index-file.ts';
import { SqliteMemoryIndex } from './sqlite-memory-index.ts';
import { IndexThread, type IndexThreadOptions } from './threads/index-thread.ts';
import type { ReaderCalls, WriterCalls } from './threads/thread-protocol.ts';
import { workerFile } from './threads/worker-file.ts';

/** Memory for vectors over all readers: 160,000 of 384 numbers. */
const DEFAULT_CACHE_BYTES = 256 * 1024 * 1024;

export interface SqliteIndexOptions {
  /** Created with its folder unless it is there. A file of its own: writing it never delays the records. */
  readonly file: string;
  /** Threads that search. Default: 1. */
  readonly readers?: number;
  /** Ceiling of the memory that vectors take, over all readers. Default: 256 MiB. */
  readonly cacheBytes?: number;
  /** Epoch milliseconds, for tombstones. Default: `Date.now`. */
  readonly now?: () => number;
  /** One sentence for the log: the file was replaced, or it is damaged and will be replaced at the next start. */
  readonly onNotice?: (sentence: string) => void;
}

export interface OpenedSqliteIndex {
  readonly index: MemoryIndex;
  /** Finishes what was asked, then ends the threads. A second call waits for the first. */
  close(): Promise<void>;
}

/** Opens the index, creates it, or replaces one that is damaged or of another version. */
export async function openSqliteIndex(options: SqliteIndexOptions): Promise<OpenedSqliteIndex> {
  const file = resolve(options.file);
  const notify = options.onNotice ?? (() => undefined);
  const { isNew, reason } = prepareFile(file);
  if (reason !== null) notify(reason);
  const readerCount = Math.max(1, options.readers ?? 1);
  const shared = {
    settings: { file, cacheBytes: Math.floor((options.cacheBytes ?? DEFAULT_CACHE_BYTES) / readerCount) },
    onStoreError: damageWatch(file, notify),
  } satisfies Partial<IndexThreadOptions>;
  const writer = new IndexThread<WriterCalls>({ ...shared, workerFile: workerFile('writer.worker.js'), name: 'index-writer' });
  const readers = Array.from(
    { length: readerCount },
    (_, place) =>
      new IndexThread<ReaderCalls>({ ...shared, workerFile: workerFile('reader.worker.js'), name: `index-reader-${place + 1}` }),
  );
  warmUp(writer, readers);
  return {
    index: new SqliteMemoryIndex(writer, readers, isNew, options.now ?? Date.now),
    close: async () => {
      // The writer last: its checkpoint needs the file for itself.
      await Promise.all(readers.map((reader) => reader.close()));
      await writer.close();
    },
  };
}

/** Loads dictionaries and opens connections now, not with the first request. What fails here fails again where somebody waits for it. */
function warmUp(writer: IndexThread<WriterCalls>, readers: readonly IndexThread<ReaderCalls>[]): void {
  const ignore = (): void => undefined;
  for (const reader of readers) reader.call('count', { scope: { projectId: '', subject: 'user:' } }).catch(ignore);
  writer.call('upsert', { documents: [] }).catch(ignore);
}

/** Says and marks once that the file is damaged. It is not replaced under running searches. */
function damageWatch(file: string, notify: (sentence: string) => void): (sqliteCode: number | null) => void {
  let marked = false;
  return (code) => {
    if (marked || !meansDamage(code)) return;
    marked = true;
    markDamaged(file);
    notify('The memory index is damaged; it is replaced and filled anew at the next start.');
  };
}
