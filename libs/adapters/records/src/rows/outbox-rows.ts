import type { Scope } from '@continuo/domain';
import { sql } from 'kysely';
import type { Database } from '../sql-dialect.ts';
import { rowSlices } from './row-slices.ts';

export interface ChangedItem {
  readonly id: string;
  readonly kind: 'memory' | 'turn';
  readonly scope: Scope;
  readonly newness: number;
  readonly indexVersion: number;
}

/** A version that waits is never lowered, whoever comes last. */
export const newerVersion = sql<number>`case when ${sql.ref('excluded.index_version')} > ${sql.ref('outbox.index_version')}
  then ${sql.ref('excluded.index_version')} else ${sql.ref('outbox.index_version')} end`;

/** Notes in the same transaction what the index has to be told. An item that waits already keeps its place. */
export async function putIntoOutbox(transaction: Database, changes: readonly ChangedItem[]): Promise<void> {
  // One statement must not write a row twice; the last change of an item has its newest version.
  const items = [...new Map(changes.map((change) => [change.id, change])).values()];
  for (const slice of rowSlices(items)) {
    await transaction
      .insertInto('outbox')
      .values(
        slice.map((item) => ({
          item_id: item.id,
          kind: item.kind,
          project_id: item.scope.projectId,
          subject: item.scope.subject,
          newness: item.newness,
          index_version: item.indexVersion,
        })),
      )
      .onConflict((conflict) => conflict.column('item_id').doUpdateSet({ index_version: newerVersion }))
      .execute();
  }
}
