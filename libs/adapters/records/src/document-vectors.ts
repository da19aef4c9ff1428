import { idLists } from './rows/id-list.ts';
import { vectorOf } from './rows/vector-blob.ts';
import type { Database } from './sql-dialect.ts';

/** Vectors of one model, by the id of what they stand for. */
export async function vectorsOf(database: Database, modelId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  for (const list of idLists(ids)) {
    const rows = await database
      .selectFrom('vectors')
      .select(['item_id', 'vector'])
      .where('item_id', 'in', list)
      .where('model', '=', modelId)
      .execute();
    for (const row of rows) vectors.set(row.item_id, vectorOf(row.vector));
  }
  return vectors;
}
