import type { Scope } from '@continuo/domain';
import { sql } from 'kysely';
import type { Database, SqlDialect } from '../sql-dialect.ts';
import { idLists } from './id-list.ts';

/** A message as its lock finds it. */
export interface LockedMessage {
  readonly id: string;
  readonly state: string;
  readonly epoch: number;
  readonly batch_id: string | null;
}

/** Locks messages of one scope in the order of their ids, so that two who want the same do not wait for each other. */
export async function lockMessages(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  messageIds: readonly string[],
): Promise<readonly LockedMessage[]> {
  const locked: LockedMessage[] = [];
  for (const ids of idLists(messageIds.toSorted())) {
    const query = transaction
      .selectFrom('messages')
      .select(['id', 'state', 'epoch', 'batch_id'])
      .where('id', 'in', ids)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .orderBy('id');
    locked.push(...(await dialect.lockRows(query, 'change').execute()));
  }
  return locked;
}

/** The same for memories, whosesoever they are. */
export async function lockMemories(transaction: Database, dialect: SqlDialect, memoryIds: readonly string[]): Promise<void> {
  for (const ids of idLists(memoryIds.toSorted())) {
    const query = transaction.selectFrom('memories').select('id').where('id', 'in', ids).orderBy('id');
    await dialect.lockRows(query, 'change').execute();
  }
}

/** The same for tasks. */
export async function lockTasks(transaction: Database, dialect: SqlDialect, taskIds: readonly string[]) {
  const locked = [];
  for (const ids of idLists(taskIds.toSorted())) {
    locked.push(
      ...(await dialect.lockRows(transaction.selectFrom('tasks').selectAll().where('id', 'in', ids).orderBy('id'), 'change').execute()),
    );
  }
  return locked;
}

/** Locks a subject for whoever changes its memories. Undefined when nothing is known about it. */
export function lockSubject(transaction: Database, dialect: SqlDialect, scope: Scope) {
  const query = transaction
    .selectFrom('subjects')
    .select(['epoch', 'revision'])
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject);
  return dialect.lockRows(query, 'change').executeTakeFirst();
}

/** What was decided about the subject's memories before is to be decided again. */
export async function raiseRevision(transaction: Database, scope: Scope): Promise<void> {
  await transaction
    .updateTable('subjects')
    .set({ revision: sql<number>`revision + 1` })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .execute();
}
