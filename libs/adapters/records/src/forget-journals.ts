import { idLists } from './rows/id-list.ts';
import type { Database } from './sql-dialect.ts';

/** What was written down for these batches: a journal is read for exactly its messages, so none outlives its batch. */
export async function forgetJournals(transaction: Database, batchIds: readonly string[]): Promise<void> {
  for (const ids of idLists(batchIds)) await transaction.deleteFrom('extractions').where('batch_id', 'in', ids).execute();
}
