import type { ArchivedKey, ArchivedUsage } from '@continuo/ports';
import { sql } from 'kysely';
import type { Store } from '../sql-dialect.ts';
import { archiveError } from './archive-field.ts';

export interface Counted {
  readonly added: number;
  readonly known: number;
}

/** Keeps a key unless it is there. One key opens one project. */
export function writeKey(store: Store, projectId: string, line: number, key: ArchivedKey): Promise<Counted> {
  return store.transact(async (transaction) => {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('api_keys')
      .values({
        id: key.id,
        project_id: projectId,
        key_hash: key.keyHash,
        hint: key.hint,
        label: key.label,
        created_at: key.createdAt,
        revoked_at: key.revokedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 1n) return { added: 1, known: 0 };
    const known = await transaction
      .selectFrom('api_keys')
      .select('project_id')
      .where((row) => row.or([row('id', '=', key.id), row('key_hash', '=', key.keyHash)]))
      .execute();
    if (known.some((row) => row.project_id !== projectId)) throw archiveError(line, 'the key opens another project here');
    return { added: 0, known: 1 };
  });
}

/** What a day has cost is what the greater of both sides says. */
export async function writeUsage(store: Store, projectId: string, { day, tokens }: ArchivedUsage): Promise<Counted> {
  const { numInsertedOrUpdatedRows } = await store.database
    .insertInto('usage')
    .values({ project_id: projectId, day, tokens })
    .onConflict((conflict) => conflict.columns(['project_id', 'day']).doUpdateSet({ tokens }).where(sql.ref('usage.tokens'), '<', tokens))
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n ? { added: 1, known: 0 } : { added: 0, known: 1 };
}
