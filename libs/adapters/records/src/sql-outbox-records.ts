import { documentOfMemory, documentOfMessage, type IndexedDocument } from '@continuo/domain';
import type { OutboxItem, OutboxRecords } from '@continuo/ports';
import { currentModel } from './current-model.ts';
import { putAllIntoOutbox } from './refill-outbox.ts';
import { idLists } from './rows/id-list.ts';
import { memoryOf, type MemoryRow } from './rows/memory-row.ts';
import { MESSAGE_COLUMNS, messageOf, type MessageRow, scopeOf } from './rows/message-row.ts';
import { vectorOf } from './rows/vector-blob.ts';
import type { Store } from './sql-dialect.ts';

export class SqlOutboxRecords implements OutboxRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Read without a transaction: what changes meanwhile raises its version and comes again. */
  async next(limit: number): Promise<readonly OutboxItem[]> {
    const rows = await this.store.database.selectFrom('outbox').selectAll().orderBy('position').limit(limit).execute();
    if (rows.length === 0) return [];
    const documents = await this.documents(rows.map((row) => row.item_id));
    return rows.map((row) => {
      const document = documents.get(row.item_id) ?? null;
      return { id: row.item_id, scope: scopeOf(row), indexVersion: Math.max(row.index_version, document?.indexVersion ?? 0), document };
    });
  }

  async acknowledge(items: readonly { readonly id: string; readonly indexVersion: number }[]): Promise<void> {
    const byVersion = Map.groupBy(items, (item) => item.indexVersion);
    await this.store.database.transaction().execute(async (transaction) => {
      for (const [version, group] of byVersion) {
        for (const ids of idLists(group.map((item) => item.id))) {
          await transaction.deleteFrom('outbox').where('item_id', 'in', ids).where('index_version', '<=', version).execute();
        }
      }
    });
  }

  refill(): Promise<number> {
    return this.store.database.transaction().execute((transaction) => putAllIntoOutbox(transaction));
  }

  async depth(): Promise<number> {
    const row = await this.store.database
      .selectFrom('outbox')
      .select((count) => count.fn.countAll<number>().as('items'))
      .executeTakeFirstOrThrow();
    return Number(row.items);
  }

  /** Documents of what can be recalled now, by id. */
  private async documents(ids: readonly string[]): Promise<ReadonlyMap<string, IndexedDocument>> {
    const { database, dialect } = this.store;
    const model = (await currentModel(database))?.id ?? '';
    const documents = new Map<string, IndexedDocument>();
    for (const list of idLists(ids)) {
      const [messages, memories, vectors] = await dialect.readTogether<
        [MessageRow[], MemoryRow[], { item_id: string; vector: Uint8Array }[]]
      >([
        database
          .selectFrom('messages')
          .select(MESSAGE_COLUMNS)
          .where('id', 'in', list)
          .where('recallable', '=', 1)
          .where('hidden', '=', 0)
          .compile(),
        database.selectFrom('memories').selectAll().where('id', 'in', list).where('status', '=', 'current').compile(),
        database.selectFrom('vectors').select(['item_id', 'vector']).where('item_id', 'in', list).where('model', '=', model).compile(),
      ]);
      const vectorById = new Map(vectors.map((row) => [row.item_id, vectorOf(row.vector)]));
      const found = [
        ...messages.map((row) => documentOfMessage(messageOf(row), row.index_version)),
        ...memories.map((row) => documentOfMemory(memoryOf(row))),
      ];
      for (const document of found) {
        const vector = vectorById.get(document.id) ?? null;
        documents.set(document.id, { ...document, vector, vectorModelId: vector === null ? null : model });
      }
    }
    return documents;
  }
}
