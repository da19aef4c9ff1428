import type { Scope } from '@continuo/domain';
import { sql } from 'kysely';
import { forgetJournals } from './forget-journals.ts';
import { idLists } from './rows/id-list.ts';
import type { Database } from './sql-dialect.ts';

/** Pending batches that some messages are part of, and all messages of these. */
export interface ReadTogether {
  readonly batchIds: readonly string[];
  readonly messageIds: readonly string[];
}

/** Written out, not bound: with a parameter SQLite could not use the index of pending messages. */
const PENDING = sql.lit('pending');

export async function readTogether(transaction: Database, scope: Scope, messageIds: readonly string[]): Promise<ReadTogether> {
  const batchIds = new Set<string>();
  for (const ids of idLists(messageIds)) {
    const rows = await pendingOf(transaction, scope).select('batch_id').distinct().where('id', 'in', ids).execute();
    for (const row of rows) if (row.batch_id !== null) batchIds.add(row.batch_id);
  }
  const together: string[] = [];
  for (const ids of idLists([...batchIds])) {
    const rows = await pendingOf(transaction, scope).select('id').where('batch_id', 'in', ids).execute();
    together.push(...rows.map((row) => row.id));
  }
  return { batchIds: [...batchIds], messageIds: together };
}

const pendingOf = (transaction: Database, scope: Scope) =>
  transaction
    .selectFrom('messages')
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('state', '=', PENDING);

/**
 * None of these messages is mined any more, nor again: whoever is about to mine one finds it gone, and reads the rest of its batch anew. All are locked,
 * and so are those they would have been read with. Returns the tasks they are part of.
 */
export async function leaveUnmined(
  transaction: Database,
  scope: Scope,
  messageIds: readonly string[],
  { batchIds }: ReadTogether,
): Promise<readonly string[]> {
  const taskIds = new Set<string>();
  for (const ids of idLists(messageIds)) {
    const rows = await transaction
      .updateTable('messages')
      .set({ state: 'unmined' })
      .where('id', 'in', ids)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .returning('task_id')
      .execute();
    for (const row of rows) taskIds.add(row.task_id);
  }
  for (const ids of idLists(batchIds)) {
    await transaction
      .updateTable('messages')
      .set({ batch_id: null })
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('batch_id', 'in', ids)
      .execute();
  }
  await forgetJournals(transaction, batchIds);
  return [...taskIds];
}
