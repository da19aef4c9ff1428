import type { Scope } from '@continuo/domain';
import type { Expression, SqlBool } from 'kysely';
import { sql } from 'kysely';
import { newerVersion } from './rows/outbox-rows.ts';
import type { Database } from './sql-dialect.ts';

/** Puts all that can be recalled into the outbox. Returns how much that is. */
export function putAllIntoOutbox(transaction: Database): Promise<number> {
  return put(transaction, sql<SqlBool>`1 = 1`);
}

/** The same for one subject. */
export function putScopeIntoOutbox(transaction: Database, scope: Scope): Promise<number> {
  return put(transaction, sql<SqlBool>`project_id = ${scope.projectId} and subject = ${scope.subject}`);
}

async function put(transaction: Database, belongs: Expression<SqlBool>): Promise<number> {
  const columns = ['item_id', 'kind', 'project_id', 'subject', 'newness', 'index_version'] as const;
  const turns = await transaction
    .insertInto('outbox')
    .columns(columns)
    .expression((rows) =>
      rows
        .selectFrom('messages')
        .select(['id', sql<string>`'turn'`.as('kind'), 'project_id', 'subject', 'sequence', 'index_version'])
        .where('recallable', '=', sql.lit(1))
        .where('hidden', '=', sql.lit(0))
        .where(belongs)
        .orderBy('sequence'),
    )
    .onConflict((conflict) => conflict.column('item_id').doUpdateSet({ index_version: newerVersion }))
    .executeTakeFirst();
  const memories = await transaction
    .insertInto('outbox')
    .columns(columns)
    .expression((rows) =>
      rows
        .selectFrom('memories')
        .select(['id', sql<string>`'memory'`.as('kind'), 'project_id', 'subject', 'updated_at', 'index_version'])
        .where('status', '=', sql.lit('current'))
        .where(belongs)
        .orderBy('updated_at'),
    )
    .onConflict((conflict) => conflict.column('item_id').doUpdateSet({ index_version: newerVersion }))
    .executeTakeFirst();
  return Number(turns.numInsertedOrUpdatedRows ?? 0n) + Number(memories.numInsertedOrUpdatedRows ?? 0n);
}
