import { AppError } from '@continuo/contracts';
import { type Filter, type MemoryKind, type Scope, scopeKey, type SubjectKey } from '@continuo/domain';
import { sql } from 'kysely';
import { filterExpression } from './filter-expression.ts';
import { denialOf, insertDenials } from './rows/denial-rows.ts';
import { leaveUnmined, readTogether } from './leave-unmined.ts';
import { denyWords, matchingTurns, namedTurns, type TurnRow } from './named-turns.ts';
import { hideMessages, turnsOf, type Withholding, withholdWords } from './rows/hide-turns.ts';
import { idLists } from './rows/id-list.ts';
import { refuseUnlinked } from './rows/linked-bases.ts';
import { lockMemories, lockMessages, lockSubject, raiseRevision } from './rows/lock-items.ts';
import { memoryOf, type MemoryRow } from './rows/memory-row.ts';
import { scopeOf } from './rows/message-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
import { settleTasks } from './rows/settle-tasks.ts';
import { fromJson } from './rows/stored-text.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

interface Deletion {
  readonly projectId: string;
  readonly ids: readonly string[];
  readonly restrictTo: readonly SubjectKey[] | null;
  readonly now: number;
}

/** Deletes memories and turns by id, all or none. See `MemoryRecords.deleteByIds`. */
export function deleteMemories(store: Store, deletion: Deletion): Promise<void> {
  return store.transact(async (transaction) => {
    const { dialect } = store;
    const named = await namedItems(transaction, deletion);
    const inOrder = inLockOrder([...named.memories, ...named.turns].map(scopeOf));
    await refuseUnlinked(transaction, deletion.projectId, inOrder);
    for (const scope of inOrder) await lockSubject(transaction, dialect, scope);
    // Somebody may have deleted or erased some of them until now.
    const { memories, turns } = await namedItems(transaction, deletion);
    const taskIds: string[] = [];
    for (const scope of inOrder) {
      const isHere = (row: MemoryRow | TurnRow): boolean => scopeKey(scopeOf(row)) === scopeKey(scope);
      // One that was deleted before stays as it was: its denial must not reach further than the first deletion.
      const live = memories.filter((row) => row.status !== 'deleted' && isHere(row));
      const shown = turns.filter((row) => row.hidden === 0 && isHere(row));
      const ids = shown.map(({ id }) => id);
      const said = { turns: shown, unmined: await turnsOf(transaction, scope, ids) };
      taskIds.push(...(await deleteOf(transaction, dialect, scope, { memories: live, ...said }, deletion.now)));
    }
    await settleTasks(transaction, dialect, taskIds, deletion.now);
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

/** Deletes every current memory, and every turn, that a filter matches. See `MemoryRecords.deleteByFilter`. */
export async function deleteMatching(store: Store, deletion: FilteredDeletion): Promise<number> {
  if (deletion.kinds.length === 0) return 0;
  const { dialect } = store;
  // What is told of a message never changes, so nobody has to wait while they are looked through.
  const found = deletion.kinds.includes('fact') ? await matchingTurns(store.database, deletion) : [];
  return store.transact(
    async (transaction) => {
      const matching = matchingMemories(transaction, dialect, deletion);
      const subjects = await matching.select(['project_id', 'subject']).distinct().execute();
      const scopes = inLockOrder([...subjects.map(scopeOf), ...found.map(({ scope }) => scope)]);
      for (const scope of scopes) await lockSubject(transaction, dialect, scope);
      const taskIds: string[] = [];
      let deleted = 0;
      for (const scope of scopes) {
        const here = found.filter((turn) => scopeKey(turn.scope) === scopeKey(scope)).map(({ id }) => id);
        for (let start = 0; start < here.length; start += PAGE) {
          const turns = (await namedTurns(transaction, here.slice(start, start + PAGE))).filter(({ hidden }) => hidden === 0);
          const items = { memories: [], turns, unmined: turns.map(({ id }) => id) };
          taskIds.push(...(await deleteOf(transaction, dialect, scope, items, deletion.now)));
          deleted += turns.length;
        }
        const page = matching.selectAll().where('subject', '=', scope.subject).orderBy('id').limit(PAGE);
        for (;;) {
          // What is deleted does not match any more, so each page is the first one.
          const memories = await page.execute();
          await deleteOf(transaction, dialect, scope, { memories, turns: [], unmined: [] }, deletion.now);
          deleted += memories.length;
          if (memories.length < PAGE) break;
        }
      }
      await settleTasks(transaction, dialect, taskIds, deletion.now);
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

interface Named {
  readonly memories: readonly MemoryRow[];
  readonly turns: readonly TurnRow[];
}

async function namedItems(transaction: Database, { projectId, ids, restrictTo }: Deletion): Promise<Named> {
  const memories: MemoryRow[] = [];
  for (const list of idLists(ids))
    memories.push(...(await transaction.selectFrom('memories').selectAll().where('id', 'in', list).execute()));
  const known = new Set(memories.map((row) => row.id));
  const others = ids.filter((id) => !known.has(id));
  const turns = others.length === 0 ? [] : await namedTurns(transaction, others);
  if (turns.length < new Set(others).size) throw new AppError('memory_not_found', 'there is no such memory');
  const allowed = (row: MemoryRow | TurnRow): boolean =>
    row.project_id === projectId && (restrictTo === null || restrictTo.includes(row.subject as SubjectKey));
  if (![...memories, ...turns].every(allowed)) throw new AppError('memory_forbidden', 'a memory belongs to somebody else');
  return { memories, turns };
}

/** What is deleted of one subject. */
interface Deleted extends Named {
  /** The turns, and what goes with them. */
  readonly unmined: readonly string[];
}

/** Returns the tasks that may have nothing left to do. */
async function deleteOf(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  { memories, turns, unmined }: Deleted,
  now: number,
): Promise<readonly string[]> {
  if (memories.length + turns.length === 0) return [];
  const sources = await sourcesOf(transaction, memories);
  const stale = await turnsOf(
    transaction,
    scope,
    sources.map(({ messageId }) => messageId),
  );
  const together = await readTogether(transaction, scope, unmined);
  await lockMessages(transaction, dialect, scope, [...stale, ...unmined, ...together.messageIds]);
  await hideMessages(transaction, scope, unmined);
  const taskIds = await leaveUnmined(transaction, scope, unmined, together);
  await withholdWords(transaction, scope, stale, sources);
  await lockMemories(
    transaction,
    dialect,
    memories.map(({ id }) => id),
  );
  await markDeleted(transaction, scope, memories, now);
  await denyWords(transaction, scope, turns, now);
  await raiseRevision(transaction, scope);
  return taskIds;
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

/** The messages that memories rest on, and in which words. */
export async function sourcesOf(
  transaction: Database,
  memories: readonly Pick<MemoryRow, 'id' | 'quotes_json'>[],
): Promise<readonly Withholding[]> {
  const quotes = new Map(memories.map((row) => [row.id, fromJson<string[]>(row.quotes_json)]));
  const sources: Withholding[] = [];
  for (const ids of idLists([...quotes.keys()])) {
    const rows = await transaction.selectFrom('memory_sources').select(['memory_id', 'message_id']).where('memory_id', 'in', ids).execute();
    sources.push(...rows.map((row) => ({ messageId: row.message_id, quotes: quotes.get(row.memory_id) ?? [] })));
  }
  return sources;
}
