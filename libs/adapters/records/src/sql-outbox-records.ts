import { documentOfMemory, documentOfMessage, type IndexedDocument, sameScope } from '@continuo/domain';
import type { OutboxItem, OutboxRecords } from '@continuo/ports';
import { currentModel, modelOf, modelSetting } from './current-model.ts';
import { putAllIntoOutbox } from './refill-outbox.ts';
import { idLists } from './rows/id-list.ts';
import { memoryOf, type MemoryRow } from './rows/memory-row.ts';
import { MESSAGE_COLUMNS, messageOf, type MessageRow, scopeOf } from './rows/message-row.ts';
import { isRecallable } from './rows/recallable.ts';
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
      const known = documents.get(row.item_id) ?? null;
      const document = known !== null && sameScope(known.scope, scopeOf(row)) ? known : null;
      return { id: row.item_id, scope: scopeOf(row), indexVersion: Math.max(row.index_version, document?.indexVersion ?? 0), document };
    });
  }

  async acknowledge(items: readonly { readonly id: string; readonly indexVersion: number }[]): Promise<void> {
    const byVersion = Map.groupBy(items, (item) => item.indexVersion);
    await this.store.transact(async (transaction) => {
      for (const [version, group] of byVersion) {
        for (const ids of idLists(group.map((item) => item.id))) {
          const known = transaction
            .selectFrom('outbox')
            .select('position')
            .where('item_id', 'in', ids)
            .where('index_version', '<=', version);
          // A row that somebody has locked is being raised: it is to stay, and nobody waits for it.
          await transaction.deleteFrom('outbox').where('position', 'in', this.store.dialect.lockRows(known, 'free')).execute();
        }
      }
    });
  }

  refill(): Promise<number> {
    return this.store.transact((transaction) => putAllIntoOutbox(transaction), { patient: true });
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
    const documents = new Map<string, IndexedDocument>();
    let modelId = await this.modelId();
    for (const list of idLists(ids)) {
      let read = await this.read(list, modelId);
      // Another model became the current one between the two questions: its vectors belong to what was read.
      while (read.modelId !== modelId) {
        modelId = read.modelId;
        read = await this.read(list, modelId);
      }
      for (const document of read.documents) documents.set(document.id, document);
    }
    return documents;
  }

  private async modelId(): Promise<string> {
    return (await currentModel(this.store.database))?.id ?? '';
  }

  private async read(
    list: readonly string[],
    modelId: string,
  ): Promise<{ readonly modelId: string; readonly documents: readonly IndexedDocument[] }> {
    const { database, dialect } = this.store;
    const [messages, memories, vectors, settings] = await dialect.readTogether<
      [MessageRow[], MemoryRow[], { item_id: string; vector: Uint8Array }[], { value_json: string }[]]
    >([
      database.selectFrom('messages').select(MESSAGE_COLUMNS).where('id', 'in', list).where(isRecallable).compile(),
      database.selectFrom('memories').selectAll().where('id', 'in', list).compile(),
      database.selectFrom('vectors').select(['item_id', 'vector']).where('item_id', 'in', list).where('model', '=', modelId).compile(),
      modelSetting(database).compile(),
    ]);
    const vectorById = new Map(vectors.map((row) => [row.item_id, vectorOf(row.vector)]));
    const found = [
      ...messages.map((row) => documentOfMessage(messageOf(row), row.index_version)),
      ...memories.filter((row) => row.status === 'current').map((row) => documentOfMemory(memoryOf(row))),
    ];
    return {
      modelId: modelOf(settings[0])?.id ?? '',
      documents: found.map((document) => {
        const vector = vectorById.get(document.id) ?? null;
        return { ...document, vector, vectorModelId: vector === null ? null : modelId };
      }),
    };
  }
}
