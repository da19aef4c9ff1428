import type { Scope } from '@continuo/domain';
import { sql } from 'kysely';
import type { Database } from '../sql-dialect.ts';
import { idLists } from './id-list.ts';
import { putIntoOutbox } from './outbox-rows.ts';

/** How many answers after a message can belong to its turn. */
const TURN_LENGTH = 8;

/** These messages and what was answered to them, which tends to say the same again. */
export async function turnsOf(transaction: Database, scope: Scope, messageIds: readonly string[]): Promise<readonly string[]> {
  const turns = new Set(messageIds);
  for (const id of new Set(messageIds)) for (const answer of await answersTo(transaction, scope, id)) turns.add(answer);
  return [...turns];
}

/** Hides messages that are locked: they stay readable, only recall does not return them. */
export async function hideMessages(transaction: Database, scope: Scope, messageIds: readonly string[]): Promise<void> {
  for (const ids of idLists(messageIds)) {
    const hidden = await transaction
      .updateTable('messages')
      .set({ hidden: 1, index_version: sql<number>`index_version + 1`, embedded_with: null })
      .where('id', 'in', ids)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('hidden', '=', 0)
      .returning(['id', 'recallable', 'sequence', 'index_version'])
      .execute();
    await putIntoOutbox(
      transaction,
      hidden
        .filter((row) => row.recallable === 1)
        .map((row) => ({ id: row.id, kind: 'turn', scope, newness: row.sequence, indexVersion: row.index_version })),
    );
    await transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
  }
}

async function answersTo(transaction: Database, scope: Scope, messageId: string): Promise<readonly string[]> {
  const asked = await transaction
    .selectFrom('messages')
    .select(['conversation_id', 'sequence', 'role'])
    .where('id', '=', messageId)
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .executeTakeFirst();
  if (asked?.role !== 'user') return [];
  const following = await transaction
    .selectFrom('messages')
    .select(['id', 'role'])
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('conversation_id', '=', asked.conversation_id)
    .where('purpose', '=', 'said')
    .where('sequence', '>', asked.sequence)
    .orderBy('sequence')
    .limit(TURN_LENGTH)
    .execute();
  const end = following.findIndex((message) => message.role === 'user' || message.role === 'system');
  return following.slice(0, end === -1 ? following.length : end).map((message) => message.id);
}
