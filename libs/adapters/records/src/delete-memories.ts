import { AppError } from '@continuo/contracts';
import { type Filter, type MemoryKind, type Scope, scopeKey, type SubjectKey } from '@continuo/domain';
import { sql } from 'kysely';
import { filterExpression } from './filter-expression.ts';
import { denialOf, insertDenials } from './rows/denial-rows.ts';
import { hideMessages, turnsOf } from './rows/hide-turns.ts';
import { idLists } from './rows/id-list.ts';
import { lockMemories, lockMessages, lockSubject, raiseRevision } from './rows/lock-items.ts';
import { memoryOf, type MemoryRow } from './rows/memory-row.ts';
import { scopeOf } from './rows/message-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
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
    const inOrder = inLockOrder((await namedMemories(transaction, deletion)).map(scopeOf));
    for (const scope of inOrder) await lockSubject(transaction, dialect, scope);
    // Somebody may have deleted or erased some of them until now.
    const rows = await namedMemories(transaction, deletion);
    for (const scope of inOrder) {
      // One that was deleted before stays as it was: its denial must not reach further than the first deletion.
      const live = rows.filter((row) => row.status !== 'deleted' && scopeKey(scopeOf(row)) === scopeKey(scope));
      if (live.length > 0) await deleteOf(transaction, dialect, scope, live, deletion.now);
    }
  });
}

interface FilteredDeletion {
  readonly projectId: string;
  readonly filter: Filter;
  readonly kinds: readonly MemoryKind[];
  readonly now: number;
}

/** Memories of one subject that are deleted together, so that memory in use stays small. */
const PAGE = 500;

/** Deletes every current memory that a filter matches. See `MemoryRecords.deleteByFilter`. */
export function deleteMatching(store: Store, deletion: FilteredDeletion): Promise<number> {
  if (deletion.kinds.length === 0) return Promise.resolve(0);
  const { dialect } = store;
  return store.transact(
    async (transaction) => {
      const matching = matchingMemories(transaction, dialect, deletion);
      const scopes = inLockOrder((await matching.select(['project_id', 'subject']).distinct().execute()).map(scopeOf));
      for (const scope of scopes) await lockSubject(transaction, dialect, scope);
      let deleted = 0;
      for (const scope of scopes) {
        const page = matching.selectAll().where('subject', '=', scope.subject).orderBy('id').limit(PAGE);
        for (;;) {
          // What is deleted does not match any more, so each page is the first one.
          const rows = await page.execute();
          if (rows.length > 0) await deleteOf(transaction, dialect, scope, rows, deletion.now);
          deleted += rows.length;
          if (rows.length < PAGE) break;
        }
      }
      return deleted;
    },
    { patient: true },
  );
}

const matchingMemories = (transaction: Database, dialect: SqlDialect, { projectId, filter, kinds }: FilteredDeletion) =>
  transaction
    .selectFrom('memories')
    .where('project_id', '=', projectId)
    .where('status', '=', 'current')
    .where('kind', 'in', kinds)
    .where('subject', 'not like', 'base:%')
    .where((memories) => filterExpression(memories, dialect, filter));

const inLockOrder = (scopes: readonly Scope[]): readonly Scope[] =>
  [...new Map(scopes.map((scope) => [scopeKey(scope), scope]))].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, scope]) => scope);

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
  await markDeleted(transaction, scope, rows, now);
  await raiseRevision(transaction, scope);
}

/**
 * Deletes and denies memories of one subject, which are locked; the turns they were drawn from are hidden by the caller.
 * @param throughSequence the message that told us to: what was said after it is not denied; null: all that was said until now.
 */
export async function markDeleted(
  transaction: Database,
  scope: Scope,
  rows: readonly MemoryRow[],
  now: number,
  throughSequence: number | null = null,
): Promise<readonly ChangedItem[]> {
  const changed: ChangedItem[] = [];
  for (const ids of idLists(rows.map((row) => row.id))) {
    const deleted = await transaction
      .updateTable('memories')
      .set({ status: 'deleted', valid_to: now, updated_at: now, index_version: sql<number>`index_version + 1`, embedded_with: null })
      .where('id', 'in', ids)
      .returning(['id', 'index_version'])
      .execute();
    changed.push(...deleted.map((row) => ({ id: row.id, kind: 'memory' as const, scope, newness: now, indexVersion: row.index_version })));
    await transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
  }
  await putIntoOutbox(transaction, changed);
  await insertDenials(
    transaction,
    rows.map((row) => denialOf(memoryOf(row))),
    now,
    throughSequence,
  );
  return changed;
}

/** The messages that memories rest on. */
export async function sourcesOf(transaction: Database, memoryIds: readonly string[]): Promise<readonly string[]> {
  const sources = new Set<string>();
  for (const ids of idLists(memoryIds)) {
    const rows = await transaction.selectFrom('memory_sources').select('message_id').distinct().where('memory_id', 'in', ids).execute();
    for (const row of rows) sources.add(row.message_id);
  }
  return [...sources];
}
