import type { Scope } from '@continuo/domain';
import { forgetJournals } from './forget-journals.ts';
import { idLists } from './rows/id-list.ts';
import { lockMessages } from './rows/lock-items.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { settleTasks } from './rows/settle-tasks.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';

/** Erases single messages of one scope and tells the index. Ids of others and unknown ones are left alone. */
export async function eraseMessages(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  messageIds: readonly string[],
  now: number,
): Promise<void> {
  await lockMessages(transaction, dialect, scope, messageIds);
  for (const ids of idLists(messageIds)) {
    const erased = await transaction
      .deleteFrom('messages')
      .where('id', 'in', ids)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .returning(['id', 'recallable', 'sequence', 'index_version', 'task_id', 'state', 'batch_id'])
      .execute();
    const unfinished = erased.filter((row) => row.state === 'pending').map((row) => row.task_id);
    await settleTasks(transaction, dialect, unfinished, now);
    await forgetJournals(
      transaction,
      erased.flatMap((row) => row.batch_id ?? []),
    );
    const indexed = erased.filter((row) => row.recallable === 1);
    await putIntoOutbox(
      transaction,
      indexed.map((row) => ({ id: row.id, kind: 'turn', scope, newness: row.sequence, indexVersion: row.index_version + 1 })),
    );
    for (const gone of idLists(erased.map((row) => row.id))) {
      await transaction.deleteFrom('vectors').where('item_id', 'in', gone).execute();
    }
  }
}
