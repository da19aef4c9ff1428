import { sql } from 'kysely';
import type { Database } from '../sql-dialect.ts';
import { idLists } from './id-list.ts';

/** Completes those of these running tasks that have nothing pending any more. */
export async function settleTasks(transaction: Database, taskIds: readonly string[], now: number): Promise<void> {
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
