import { documentOfMemory, documentOfMessage, type IndexedDocument } from '@continuo/domain';
import type { IndexEntry, IndexSource } from '@continuo/ports';
import { sql } from 'kysely';
import { vectorsOf } from './document-vectors.ts';
import { idLists } from './rows/id-list.ts';
import { memoryOf, type MemoryRow } from './rows/memory-row.ts';
import { MESSAGE_COLUMNS, messageOf, type MessageRow, scopeOf } from './rows/message-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';
import { currentMemories, recallableTurns } from './vectorless.ts';

interface EntryRow {
  readonly id: string;
  readonly project_id: string;
  readonly subject: string;
  readonly index_version: number;
  readonly waiting: number;
}

export class SqlIndexSource implements IndexSource {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async documents({
    afterId,
    limit,
    modelId,
  }: {
    readonly afterId: string | null;
    readonly limit: number;
    readonly modelId: string | null;
  }): Promise<readonly IndexedDocument[]> {
    const { database, dialect } = this.store;
    const turns = recallableTurns(database).select(MESSAGE_COLUMNS).orderBy('id').limit(limit);
    const memories = currentMemories(database).selectAll().orderBy('id').limit(limit);
    const [turnRows, memoryRows] = await dialect.readTogether<[MessageRow[], MemoryRow[]]>([
      (afterId === null ? turns : turns.where('id', '>', afterId)).compile(),
      (afterId === null ? memories : memories.where('id', '>', afterId)).compile(),
    ]);
    const page = firstOf(limit, [
      ...turnRows.map((row) => documentOfMessage(messageOf(row), row.index_version)),
      ...memoryRows.map((row) => documentOfMemory(memoryOf(row))),
    ]);
    const ids = page.map((document) => document.id);
    // Read after the documents: whoever stores one meanwhile raises the version, and the document comes again.
    const vectors = modelId === null ? new Map<string, Float32Array>() : await vectorsOf(database, modelId, ids);
    return page.map((document) => {
      const vector = vectors.get(document.id) ?? null;
      return { ...document, vector, vectorModelId: vector === null ? null : modelId };
    });
  }

  async entries({
    afterId,
    limit,
  }: {
    readonly afterId: string | null;
    readonly limit: number;
  }): Promise<readonly (IndexEntry & { readonly waiting: boolean })[]> {
    const { database, dialect } = this.store;
    const waiting = (table: 'messages' | 'memories') =>
      sql<number>`(select count(*) from outbox where item_id = ${sql.ref(`${table}.id`)})`.as('waiting');
    const turns = recallableTurns(database)
      .select(['id', 'project_id', 'subject', 'index_version', waiting('messages')])
      .orderBy('id')
      .limit(limit);
    const memories = currentMemories(database)
      .select(['id', 'project_id', 'subject', 'index_version', waiting('memories')])
      .orderBy('id')
      .limit(limit);
    const rows = await dialect.readTogether<[EntryRow[], EntryRow[]]>([
      (afterId === null ? turns : turns.where('id', '>', afterId)).compile(),
      (afterId === null ? memories : memories.where('id', '>', afterId)).compile(),
    ]);
    return firstOf(limit, rows.flat()).map((row) => ({
      id: row.id,
      scope: scopeOf(row),
      indexVersion: row.index_version,
      waiting: row.waiting > 0,
    }));
  }

  async putBack(entries: readonly IndexEntry[]): Promise<void> {
    const unique = [...new Map(entries.map((entry) => [entry.id, entry])).values()].toSorted((a, b) => byBytes(a.id, b.id));
    await this.store.transact(async (transaction) => {
      await lockItems(
        transaction,
        this.store.dialect,
        unique.map(({ id }) => id),
      );
      const changes: ChangedItem[] = [];
      for (const entry of unique) changes.push((await raised(transaction, entry)) ?? removal(entry));
      await putIntoOutbox(transaction, changes);
    });
  }
}

async function lockItems(transaction: Database, dialect: SqlDialect, ids: readonly string[]): Promise<void> {
  for (const table of ['messages', 'memories'] as const) {
    for (const list of idLists(ids)) {
      await dialect
        .lockRows(
          transaction
            .selectFrom(table as 'messages')
            .select('id')
            .where('id', 'in', list)
            .orderBy('id'),
          'change',
        )
        .execute();
    }
  }
}

/** The item in a version above all that is known of it; null when this scope has no such item, recallable or not. */
async function raised(transaction: Database, { id, scope, indexVersion }: IndexEntry): Promise<ChangedItem | null> {
  const version = sql<number>`case when index_version > ${indexVersion} then index_version else ${indexVersion} end + 1`;
  for (const table of ['messages', 'memories'] as const) {
    const row = await transaction
      .updateTable(table as 'messages')
      .set({ index_version: version })
      .where('id', '=', id)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .returning(['index_version', sql<number>`${sql.ref(table === 'messages' ? 'sequence' : 'updated_at')}`.as('newness')])
      .executeTakeFirst();
    if (row !== undefined) {
      return { id, scope, kind: table === 'messages' ? 'turn' : 'memory', newness: row.newness, indexVersion: row.index_version };
    }
  }
  return null;
}

const removal = ({ id, scope, indexVersion }: IndexEntry): ChangedItem => ({
  id,
  scope,
  kind: 'turn',
  newness: 0,
  indexVersion: indexVersion + 1,
});

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const firstOf = <Item extends { readonly id: string }>(limit: number, items: readonly Item[]): readonly Item[] =>
  items.toSorted((a, b) => byBytes(a.id, b.id)).slice(0, limit);
