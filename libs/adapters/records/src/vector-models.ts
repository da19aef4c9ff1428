import { fromJson, toJson } from './rows/stored-text.ts';
import type { Database } from './sql-dialect.ts';

const SETTING = 'vector-models';

/** The models that vectors are kept of. */
export async function vectorModels(database: Database): Promise<readonly string[]> {
  const row = await database.selectFrom('settings').select('value_json').where('name', '=', SETTING).executeTakeFirst();
  return row === undefined ? [] : fromJson<string[]>(row.value_json);
}

export async function writeVectorModels(database: Database, modelIds: readonly string[]): Promise<void> {
  const value = toJson(modelIds);
  await database
    .insertInto('settings')
    .values({ name: SETTING, value_json: value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value_json: value }))
    .execute();
}
