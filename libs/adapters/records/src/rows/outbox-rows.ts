import type { Scope } from '@continuo/domain';
import type { Database } from '../sql-dialect.ts';

export interface ChangedItem {
  readonly id: string;
  readonly kind: 'memory' | 'turn';
  readonly scope: Scope;
  readonly newness: number;
  readonly indexVersion: number;
}

/** Rows per statement: engines limit how many values one may carry. */
const ROWS_PER_STATEMENT = 500;

/** Notes in the same transaction what the index has to be told. An item that waits already keeps its place. */
export async function putIntoOutbox(transaction: Database, changes: readonly ChangedItem[]): Promise<void> {
  // One statement must not write a row twice; the last change of an item has its newest version.
  const items = [...new Map(changes.map((change) => [change.id, change])).values()];
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
    await transaction
      .insertInto('outbox')
      .values(
        items.slice(start, start + ROWS_PER_STATEMENT).map((item) => ({
          item_id: item.id,
          kind: item.kind,
          project_id: item.scope.projectId,
          subject: item.scope.subject,
          newness: item.newness,
          index_version: item.indexVersion,
        })),
      )
      .onConflict((conflict) => conflict.column('item_id').doUpdateSet((set) => ({ index_version: set.ref('excluded.index_version') })))
      .execute();
  }
}
