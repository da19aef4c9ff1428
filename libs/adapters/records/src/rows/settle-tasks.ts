import { sql } from 'kysely';
import type { Database, SqlDialect } from '../sql-dialect.ts';
import { idLists } from './id-list.ts';
import { lockTasks } from './lock-items.ts';

/** Completes those of these running tasks that have nothing pending any more. */
export async function settleTasks(transaction: Database, dialect: SqlDialect, taskIds: readonly string[], now: number): Promise<void> {
  // Two who each end a part of one task must not both take the other's for unfinished.
  await lockTasks(transaction, dialect, taskIds);
  for (const ids of idLists(taskIds)) {
    const waiting = await transaction
      .selectFrom('messages')
      .select('task_id')
      .distinct()
      .where('task_id', 'in', ids)
      // Written out: with a parameter SQLite could not use the index of pending messages.
      .where('state', '=', sql.lit('pending'))
      .execute();
    const done = ids.filter((id) => !waiting.some((row) => row.task_id === id));
    for (const finished of idLists(done)) {
      await transaction
        .updateTable('tasks')
        .set({ status: 'completed', finished_at: now })
        .where('id', 'in', finished)
        .where('status', '=', 'running')
        .execute();
    }
  }
}
