import { AppError } from '@continuo/contracts';
import { type Scope, scopeKey, type SubjectKey } from '@continuo/domain';
import { sql } from 'kysely';
import { hideMessages, turnsOf } from './rows/hide-turns.ts';
import { idLists } from './rows/id-list.ts';
import { lockMessages, lockSubject } from './rows/lock-items.ts';
import type { MemoryRow } from './rows/memory-row.ts';
import { scopeOf } from './rows/message-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

interface Deletion {
  readonly projectId: string;
  readonly ids: readonly string[];
  readonly restrictTo: readonly SubjectKey[] | null;
  readonly now: number;
}

/** Deletes memories by id, all or none. See `MemoryRecords.deleteByIds`. */
export function deleteMemories(store: Store, deletion: Deletion): Promise<void> {
  return store.transact(async (transaction) => {
    const { dialect } = store;
    const scopes = new Map((await namedMemories(transaction, deletion)).map((row) => [scopeKey(scopeOf(row)), scopeOf(row)]));
    const inOrder = [...scopes].toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [, scope] of inOrder) await lockSubject(transaction, dialect, scope);
    // Somebody may have deleted or erased some of them until now.
    const rows = await namedMemories(transaction, deletion);
    for (const [key, scope] of inOrder) {
      // One that was deleted before stays as it was: its denial must not reach further than the first deletion.
      const live = rows.filter((row) => row.status !== 'deleted' && scopeKey(scopeOf(row)) === key);
      if (live.length > 0) await deleteOf(transaction, dialect, scope, live, deletion.now);
    }
  });
}

async function namedMemories(transaction: Database, { projectId, ids, restrictTo }: Deletion): Promise<readonly MemoryRow[]> {
  const rows: MemoryRow[] = [];
  for (const list of idLists(ids)) rows.push(...(await transaction.selectFrom('memories').selectAll().where('id', 'in', list).execute()));
  const found = new Set(rows.map((row) => row.id));
  if (ids.some((id) => !found.has(id))) throw new AppError('memory_not_found', 'there is no such memory');
  const allowed = (row: MemoryRow): boolean =>
    row.project_id === projectId && (restrictTo === null || restrictTo.includes(row.subject as SubjectKey));
  if (!rows.every(allowed)) throw new AppError('memory_forbidden', 'a memory belongs to somebody else');
  return rows;
}

async function deleteOf(transaction: Database, dialect: SqlDialect, scope: Scope, rows: readonly MemoryRow[], now: number): Promise<void> {
  const ids = rows.map((row) => row.id);
  const hidden = await turnsOf(transaction, scope, await sourcesOf(transaction, ids));
  await lockMessages(transaction, dialect, scope, hidden);
  await hideMessages(transaction, scope, hidden);
  await lockMemories(transaction, dialect, ids);
  await markDeleted(transaction, scope, ids, now);
  await deny(transaction, scope, rows, now);
  await transaction
    .updateTable('subjects')
    .set({ revision: sql<number>`revision + 1` })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .execute();
}

async function lockMemories(transaction: Database, dialect: SqlDialect, memoryIds: readonly string[]): Promise<void> {
  for (const ids of idLists(memoryIds.toSorted())) {
    const query = transaction.selectFrom('memories').select('id').where('id', 'in', ids).orderBy('id');
    await dialect.lockRows(query, 'change').execute();
  }
}

async function markDeleted(transaction: Database, scope: Scope, memoryIds: readonly string[], now: number): Promise<void> {
  for (const ids of idLists(memoryIds)) {
    const deleted = await transaction
      .updateTable('memories')
      .set({ status: 'deleted', valid_to: now, updated_at: now, index_version: sql<number>`index_version + 1`, embedded_with: null })
      .where('id', 'in', ids)
      .returning(['id', 'index_version'])
      .execute();
    await putIntoOutbox(
      transaction,
      deleted.map((row) => ({ id: row.id, kind: 'memory', scope, newness: now, indexVersion: row.index_version })),
    );
    await transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
  }
}

/** Blocks what was said up to now. The newest message of all marks the moment: those of this subject said later come after it, too. */
async function deny(transaction: Database, scope: Scope, rows: readonly MemoryRow[], now: number): Promise<void> {
  const newest = await transaction
    .selectFrom('messages')
    .select((message) => message.fn.max('sequence').as('sequence'))
    .executeTakeFirst();
  const denials = rows.map((row) => ({
    project_id: scope.projectId,
    subject: scope.subject,
    normalised_text: row.statement_key,
    topic_key: row.topic_key,
    topic_value: row.topic_value,
    through_sequence: newest?.sequence ?? 0,
    stated_at: row.stated_at,
    created_at: now,
  }));
  for (const slice of rowSlices(denials)) await transaction.insertInto('denials').values(slice).execute();
}

async function sourcesOf(transaction: Database, memoryIds: readonly string[]): Promise<readonly string[]> {
  const sources = new Set<string>();
  for (const ids of idLists(memoryIds)) {
    const rows = await transaction.selectFrom('memory_sources').select('message_id').distinct().where('memory_id', 'in', ids).execute();
    for (const row of rows) sources.add(row.message_id);
  }
  return [...sources];
}
