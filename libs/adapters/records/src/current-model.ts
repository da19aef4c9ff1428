import { fromJson, toJson } from './rows/stored-text.ts';
import type { Database } from './sql-dialect.ts';

export interface CurrentModel {
  readonly id: string;
  readonly dimension: number;
}

const SETTING = 'embedding-model';

/** The model whose vectors go into the index. */
export async function currentModel(database: Database): Promise<CurrentModel | null> {
  return modelOf(await modelSetting(database).executeTakeFirst());
}

/** Where it is written down, to be read with something else. */
export const modelSetting = (database: Database) => database.selectFrom('settings').select('value_json').where('name', '=', SETTING);

export const modelOf = (row: { readonly value_json: string } | undefined): CurrentModel | null =>
  row === undefined ? null : fromJson<CurrentModel>(row.value_json);

export async function writeCurrentModel(database: Database, model: CurrentModel): Promise<void> {
  const value = toJson({ id: model.id, dimension: model.dimension });
  await database
    .insertInto('settings')
    .values({ name: SETTING, value_json: value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value_json: value }))
    .execute();
}
