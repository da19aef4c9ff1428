import { sql } from 'kysely';
import { currentModel } from './current-model.ts';
import { idLists } from './rows/id-list.ts';
import { scopeOf } from './rows/message-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
import { isRecallable } from './rows/recallable.ts';
import { rowSlices } from './rows/row-slices.ts';
import { blobOf } from './rows/vector-blob.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';
import { vectorModels, writeVectorModels } from './vector-models.ts';

/** Keeps vectors of items that can be recalled; the rest of them are let go. See `VectorRecords.store`. */
export async function storeVectors(
  transaction: Database,
  dialect: SqlDialect,
  modelId: string,
  vectors: readonly { readonly id: string; readonly vector: Float32Array }[],
): Promise<void> {
  // The model stays what it is until this is kept, or the vectors would be left out of the index.
  await dialect.lockName(transaction, 'vectors', 'shared');
  const raise = (await currentModel(transaction))?.id === modelId;
  const changed = await markEmbedded(
    transaction,
    dialect,
    modelId,
    vectors.map((vector) => vector.id),
    raise,
  );
  const kept = new Set(changed.map((item) => item.id));
  // One statement must not write a row twice; of one item the last vector counts.
  const last = [...new Map(vectors.map((vector) => [vector.id, vector])).values()];
  const rows = last.filter(({ id }) => kept.has(id)).map(({ id, vector }) => ({ item_id: id, model: modelId, vector: blobOf(vector) }));
  for (const slice of rowSlices(rows)) {
    await transaction
      .insertInto('vectors')
      .values(slice)
      .onConflict((conflict) => conflict.columns(['item_id', 'model']).doUpdateSet((set) => ({ vector: set.ref('excluded.vector') })))
      .execute();
  }
  if (raise) await putIntoOutbox(transaction, changed);
  if (rows.length > 0) await noteModel(transaction, dialect, modelId);
}

/** Writes down that there are vectors of this model. */
export async function noteModel(transaction: Database, dialect: SqlDialect, modelId: string): Promise<void> {
  if ((await vectorModels(transaction)).includes(modelId)) return;
  await dialect.lockName(transaction, 'vector-models', 'alone');
  const models = await vectorModels(transaction);
  if (!models.includes(modelId)) await writeVectorModels(transaction, [...models, modelId]);
}

async function markEmbedded(
  transaction: Database,
  dialect: SqlDialect,
  modelId: string,
  ids: readonly string[],
  raise: boolean,
): Promise<readonly ChangedItem[]> {
  const change = { embedded_with: modelId, ...(raise ? { index_version: sql<number>`index_version + 1` } : {}) };
  const changed: ChangedItem[] = [];
  const lists = idLists(ids.toSorted());
  for (const list of lists) {
    await dialect.lockRows(transaction.selectFrom('messages').select('id').where('id', 'in', list).orderBy('id'), 'change').execute();
    const turns = await transaction
      .updateTable('messages')
      .set(change)
      .where('id', 'in', list)
      .where(isRecallable)
      .returning(['id', 'project_id', 'subject', 'sequence', 'index_version'])
      .execute();
    for (const row of turns) changed.push({ ...itemOf(row), kind: 'turn', newness: row.sequence });
  }
  for (const list of lists) {
    await dialect.lockRows(transaction.selectFrom('memories').select('id').where('id', 'in', list).orderBy('id'), 'change').execute();
    const memories = await transaction
      .updateTable('memories')
      .set(change)
      .where('id', 'in', list)
      .where('status', '=', 'current')
      .returning(['id', 'project_id', 'subject', 'updated_at', 'index_version'])
      .execute();
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
export async function dropOtherVectors(transaction: Database, dialect: SqlDialect, modelId: string): Promise<number> {
  await dialect.lockName(transaction, 'vectors', 'alone');
  const { numDeletedRows } = await transaction.deleteFrom('vectors').where('model', '!=', modelId).executeTakeFirst();
  for (const table of ['messages', 'memories'] as const) {
    await sql`update ${sql.table(table)} set embedded_with =
      (select model from vectors where item_id = ${sql.table(table)}.id and model = ${modelId})
      where embedded_with <> ${modelId}`.execute(transaction);
  }
  await writeVectorModels(transaction, [modelId]);
  return Number(numDeletedRows);
}
