import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddingModel, MemoryIndex, RecallApi } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { openSqliteIndex } from '@continuo/sqlite-index';
import { SearchMemory } from '@continuo/use-cases';
import { NO_EMBEDDER } from './services.ts';

/** Recall of this process over stores of its own, as the recall service has it. */
export interface LocalRecall {
  readonly recall: RecallApi;
  readonly records: SqliteRecords;
  readonly index: MemoryIndex;
  close(): Promise<void>;
}

export async function openLocalRecall(
  disturbed: (index: MemoryIndex) => MemoryIndex = (index) => index,
  embedder: EmbeddingModel = NO_EMBEDDER,
): Promise<LocalRecall> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-grpc-'));
  const records = await openSqliteRecords({ file: join(folder, 'records.db') });
  const { index, close } = await openSqliteIndex({ file: join(folder, 'index.db') });
  const settings = { timeoutMs: 10_000, embedTimeoutMs: 1_000, recallTurns: 'on', timeZone: 'UTC' } as const;
  return {
    recall: new SearchMemory(disturbed(index), records.recall, embedder, settings),
    records,
    index,
    close: async () => {
      await Promise.all([records.close(), close()]);
      await rm(folder, { recursive: true });
    },
  };
}
