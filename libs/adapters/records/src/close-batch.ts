import type { InboxBatch, TaskReason } from '@continuo/ports';
import { forgetJournals } from './forget-journals.ts';
import { idLists } from './rows/id-list.ts';
import { type LockedMessage, lockMessages, lockSubject, lockTasks } from './rows/lock-items.ts';
import type { Database, Store } from './sql-dialect.ts';

/** Gives a batch up. See `InboxRecords.fail`. */
export function failBatch(store: Store, batch: InboxBatch, reason: TaskReason, now: number): Promise<void> {
  return store.transact(async (transaction) => {
    await lockSubject(transaction, store.dialect, batch.scope);
    const ids = batch.messages.map((message) => message.id);
    const pending = pendingOf(await lockMessages(transaction, store.dialect, batch.scope, ids), batch);
    if (pending.length === 0) return;
    await closeMessages(transaction, pending);
    const taskIds = batch.messages.map((message) => message.taskId);
    await lockTasks(transaction, store.dialect, taskIds);
    for (const list of idLists(taskIds)) {
      await transaction.updateTable('tasks').set({ status: 'failed', reason, finished_at: now }).where('id', 'in', list).execute();
    }
    await freeConversation(transaction, batch);
  });
}

/** Those of a batch's messages that are still to be mined. */
export function pendingOf(locked: readonly LockedMessage[], batch: InboxBatch): readonly LockedMessage[] {
  const ids = new Set(batch.messages.map((message) => message.id));
  return locked.filter((message) => ids.has(message.id) && message.state === 'pending' && message.epoch === batch.epoch);
}

/** These messages are done with: mined, and their journals forgotten. They are locked. */
export async function closeMessages(transaction: Database, pending: readonly LockedMessage[]): Promise<void> {
  for (const ids of idLists(pending.map((message) => message.id))) {
    await transaction.updateTable('messages').set({ state: 'processed', batch_id: null }).where('id', 'in', ids).execute();
  }
  await forgetJournals(transaction, [...new Set(pending.flatMap((message) => message.batch_id ?? []))]);
}

/** Nothing holds back the conversation of the batch any more. */
export async function freeConversation(transaction: Database, { scope, conversationId }: InboxBatch): Promise<void> {
  await transaction
    .updateTable('conversations')
    .set({ due_at: 0, attempts: 0 })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('conversation_id', '=', conversationId)
    .execute();
}
