import { sql } from 'kysely';
import { currentModel } from './current-model.ts';
import { idLists } from './rows/id-list.ts';
import { scopeOf } from './rows/message-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import { blobOf } from './rows/vector-blob.ts';
import type { Database } from './sql-dialect.ts';
import { vectorModels, writeVectorModels } from './vector-models.ts';

/** Keeps vectors of items that can be recalled; the rest of them are let go. See `VectorRecords.store`. */
export async function storeVectors(
  transaction: Database,
  modelId: string,
  vectors: readonly { readonly id: string; readonly vector: Float32Array }[],
): Promise<void> {
  const raise = (await currentModel(transaction))?.id === modelId;
  const changed = await markEmbedded(
    transaction,
    modelId,
    vectors.map((vector) => vector.id),
    raise,
  );
  const kept = new Set(changed.map((item) => item.id));
  const rows = vectors.filter(({ id }) => kept.has(id)).map(({ id, vector }) => ({ item_id: id, model: modelId, vector: blobOf(vector) }));
  for (const slice of rowSlices(rows)) {
    await transaction
      .insertInto('vectors')
      .values(slice)
      .onConflict((conflict) => conflict.columns(['item_id', 'model']).doUpdateSet((set) => ({ vector: set.ref('excluded.vector') })))
      .execute();
  }
  if (raise) await putIntoOutbox(transaction, changed);
  const models = await vectorModels(transaction);
  if (rows.length > 0 && !models.includes(modelId)) await writeVectorModels(transaction, [...models, modelId]);
}

async function markEmbedded(
  transaction: Database,
  modelId: string,
  ids: readonly string[],
  raise: boolean,
): Promise<readonly ChangedItem[]> {
  const change = { embedded_with: modelId, ...(raise ? { index_version: sql<number>`index_version + 1` } : {}) };
  const changed: ChangedItem[] = [];
  for (const list of idLists(ids)) {
    const turns = await transaction
      .updateTable('messages')
      .set(change)
      .where('id', 'in', list)
      .where('recallable', '=', 1)
      .where('hidden', '=', 0)
      .returning(['id', 'project_id', 'subject', 'sequence', 'index_version'])
      .execute();
    const memories = await transaction
      .updateTable('memories')
      .set(change)
      .where('id', 'in', list)
      .where('status', '=', 'current')
      .returning(['id', 'project_id', 'subject', 'updated_at', 'index_version'])
      .execute();
    for (const row of turns) changed.push({ ...itemOf(row), kind: 'turn', newness: row.sequence });
    for (const row of memories) changed.push({ ...itemOf(row), kind: 'memory', newness: row.updated_at });
  }
  return changed;
}

const itemOf = (row: { readonly id: string; readonly project_id: string; readonly subject: string; readonly index_version: number }) => ({
  id: row.id,
  scope: scopeOf(row),
  indexVersion: row.index_version,
});

/** Everything that is indexed becomes a newer version of itself. */
export async function raiseAllVersions(transaction: Database): Promise<void> {
  const raised = { index_version: sql<number>`index_version + 1` };
  await transaction.updateTable('messages').set(raised).where('recallable', '=', 1).where('hidden', '=', 0).execute();
  await transaction.updateTable('memories').set(raised).where('status', '=', 'current').execute();
}

/** Forgets the vectors of every other model. Returns how many there were. */
export async function dropOtherVectors(transaction: Database, modelId: string): Promise<number> {
  const { numDeletedRows } = await transaction.deleteFrom('vectors').where('model', '!=', modelId).executeTakeFirst();
  for (const table of ['messages', 'memories'] as const) {
    await sql`update ${sql.table(table)} set embedded_with =
      (select model from vectors where item_id = ${sql.table(table)}.id and model = ${modelId})
      where embedded_with <> ${modelId}`.execute(transaction);
  }
  await writeVectorModels(transaction, [modelId]);
  return Number(numDeletedRows);
}
