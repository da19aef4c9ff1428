import { sql } from 'kysely';
import type { Database } from './sql-dialect.ts';
import { vectorModels } from './vector-models.ts';

/*
 * Conditions of the partial indexes are written out: with parameters SQLite could not use them. An item knows the model a
 * vector was stored for last, so what lacks one is found by that and not by looking at everything.
 */

export const recallableTurns = (database: Database) =>
  database.selectFrom('messages').where('messages.recallable', '=', sql.lit(1)).where('messages.hidden', '=', sql.lit(0));

export const currentMemories = (database: Database) => database.selectFrom('memories').where('memories.status', '=', sql.lit('current'));

/** Recallable messages that were embedded last with `embeddedWith` (null: never) and have no vector of the model. */
export function turnsWithout(database: Database, modelId: string, embeddedWith: string | null) {
  const turns = recallableTurns(database).where('messages.embedded_with', embeddedWith === null ? 'is' : '=', embeddedWith);
  return embeddedWith === null
    ? turns
    : turns.where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('vectors').select('item_id').whereRef('item_id', '=', 'messages.id').where('model', '=', modelId))),
      );
}

/** The same for memories. */
export function memoriesWithout(database: Database, modelId: string, embeddedWith: string | null) {
  const memories = currentMemories(database).where('memories.embedded_with', embeddedWith === null ? 'is' : '=', embeddedWith);
  return embeddedWith === null
    ? memories
    : memories.where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('vectors').select('item_id').whereRef('item_id', '=', 'memories.id').where('model', '=', modelId))),
      );
}

/** With what an item without a vector of the model may have been embedded last. */
export async function otherModels(database: Database, modelId: string): Promise<readonly (string | null)[]> {
  return [null, ...(await vectorModels(database)).filter((id) => id !== modelId)];
}
