import { type Message, recogniseTold, type Scope } from '@continuo/domain';
import type { AppendInput } from '@continuo/ports';
import { sql } from 'kysely';
import { epochOf } from './open-conversation.ts';
import { idLists } from './rows/id-list.ts';
import { MESSAGE_COLUMNS, messageOf, type MessageRow } from './rows/message-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import type { Database } from './sql-dialect.ts';

/**
 * What the conversation holds of a told history and the question after it, by the index among the messages sent. The answer, the last
 * of them, is new.
 *
 * @param first of the conversation, null when it is empty.
 */
export async function toldMessages(
  transaction: Database,
  scope: Scope,
  { conversationId, messages, now }: Pick<AppendInput, 'conversationId' | 'messages' | 'now'>,
  first: Message | null,
): Promise<Map<number, Message>> {
  const question = messages.at(-2);
  if (first === null || question === undefined) return new Map();
  const told = messages.slice(0, -2);
  const stored = new Map([[first.id, first]]);
  // However long the conversation is: only what equals something told.
  for (const contents of idLists([...told, question].map(({ content }) => content))) {
    const rows = await transaction
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('conversation_id', '=', conversationId)
      .where('purpose', '=', 'said')
      .where('epoch', '=', epochOf(transaction, scope))
      .where('content', 'in', contents)
      .execute();
    for (const row of rows) stored.set(row.id, messageOf(row));
  }
  const inOrder = [...stored.values()].toSorted((a, b) => a.sequence - b.sequence);
  return new Map(
    recogniseTold(inOrder, { told, question }, now).flatMap((at, index) => {
      const message = at === null ? undefined : inOrder[at];
      return message === undefined ? [] : [[index, message] as const];
    }),
  );
}

/** What a cut kept of the question is mined and recalled after all, under this task. Returns the messages as they are now. */
export async function mineAfterAll(
  transaction: Database,
  scope: Scope,
  messages: readonly Message[],
  taskId: string,
): Promise<readonly Message[]> {
  const changed: MessageRow[] = [];
  for (const ids of idLists(messages.map(({ id }) => id))) {
    changed.push(
      ...(await transaction
        .updateTable('messages')
        .set({ state: 'pending', recallable: 1, task_id: taskId, index_version: sql<number>`index_version + 1` })
        .where('id', 'in', ids)
        .where('state', '=', 'unmined')
        // One that was deleted stays so.
        .where('hidden', '=', 0)
        .returning(MESSAGE_COLUMNS)
        .execute()),
    );
  }
  await putIntoOutbox(
    transaction,
    changed.map((row) => ({ id: row.id, kind: 'turn', scope, newness: row.sequence, indexVersion: row.index_version })),
  );
  return changed.map(messageOf);
}
