import type { Memory, Scope } from '@continuo/domain';
import type { FileOutcome } from '@continuo/ports';
import { scopeOfBase } from './rows/file-row.ts';
import { lockSubject, raiseRevision } from './rows/lock-items.ts';
import { labelRows } from './rows/memory-labels.ts';
import { rowOfMemory } from './rows/memory-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import type { Database, Store } from './sql-dialect.ts';

/** Keeps what was read in a file. See `FileRecords.finish`. */
export function finishFile(store: Store, fileId: string, outcome: FileOutcome, now: number): Promise<boolean> {
  return store.transact(
    async (transaction) => {
      const base = await transaction
        .selectFrom('files')
        .innerJoin('knowledge_bases', 'knowledge_bases.id', 'files.base_id')
        .select(['knowledge_bases.id', 'knowledge_bases.project_id'])
        .where('files.id', '=', fileId)
        .executeTakeFirst();
      if (base === undefined) return false;
      const scope = scopeOfBase(base);
      const subject = await lockSubject(transaction, store.dialect, scope);
      // Only now nobody can delete the file or its base any more.
      const running = transaction.selectFrom('files').select('id').where('id', '=', fileId).where('status', '=', 'running');
      if (subject === undefined || (await store.dialect.lockRows(running, 'change').executeTakeFirst()) === undefined) return false;
      const memories = outcome.status === 'completed' ? outcome.memories : [];
      await insertMemories(transaction, memories, subject.epoch);
      await tellIndex(transaction, scope, memories, now);
      await close(transaction, fileId, outcome, now);
      return true;
    },
    { patient: true },
  );
}

async function insertMemories(transaction: Database, memories: readonly Memory[], epoch: number): Promise<void> {
  for (const slice of rowSlices(memories)) {
    await transaction
      .insertInto('memories')
      .values(slice.map((memory) => rowOfMemory(memory, epoch)))
      .execute();
  }
  for (const labels of rowSlices(memories.flatMap((memory) => labelRows(memory.id, memory.labels)))) {
    await transaction.insertInto('memory_labels').values(labels).execute();
  }
}

async function tellIndex(transaction: Database, scope: Scope, memories: readonly Memory[], now: number): Promise<void> {
  if (memories.length === 0) return;
  await putIntoOutbox(
    transaction,
    memories.map(({ id, indexVersion }) => ({ id, kind: 'memory', scope, newness: now, indexVersion })),
  );
  await raiseRevision(transaction, scope);
}

async function close(transaction: Database, fileId: string, outcome: FileOutcome, now: number): Promise<void> {
  await transaction
    .updateTable('files')
    .set({
      status: outcome.status,
      size: outcome.size,
      finished_at: now,
      ...(outcome.status === 'completed'
        ? { reason: null, name: outcome.name, chunks: outcome.memories.length }
        : { reason: outcome.reason, chunks: 0 }),
    })
    .where('id', '=', fileId)
    .execute();
  if (outcome.status === 'completed' && outcome.keepContent) return;
  await transaction.deleteFrom('file_parts').where('file_id', '=', fileId).execute();
}
