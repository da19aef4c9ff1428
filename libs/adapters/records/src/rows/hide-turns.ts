import { quotedIn, recallableWords, type Scope } from '@continuo/domain';
import { sql } from 'kysely';
import type { Database } from '../sql-dialect.ts';
import { idLists } from './id-list.ts';
import { type ChangedItem, putIntoOutbox } from './outbox-rows.ts';
import { fromJson, toJson } from './stored-text.ts';

/** How many answers after a message can belong to its turn. */
const TURN_LENGTH = 8;

/** These messages and what was answered to them, which tends to say the same again. */
export async function turnsOf(transaction: Database, scope: Scope, messageIds: readonly string[]): Promise<readonly string[]> {
  const turns = new Set(messageIds);
  for (const id of new Set(messageIds)) for (const answer of await answersTo(transaction, scope, id)) turns.add(answer);
  return [...turns];
}

/** A message that says what is not to be recalled any more, and in which of its words. */
export interface Withholding {
  readonly messageId: string;
  readonly quotes: readonly string[];
}

/**
 * Withholds words of messages, which are locked, and hides what was answered to them, which is among `turns`. The rest of a message is
 * still recalled; one in which the words are not found, or of which nothing would be left, is hidden.
 */
export async function withholdWords(
  transaction: Database,
  scope: Scope,
  turns: readonly string[],
  withholdings: readonly Withholding[],
): Promise<void> {
  const byMessage = Map.groupBy(withholdings, ({ messageId }) => messageId);
  const whole = new Set(turns.filter((id) => !byMessage.has(id)));
  const changed: ChangedItem[] = [];
  for (const ids of idLists(byMessage.keys().toArray())) {
    const rows = await transaction
      .selectFrom('messages')
      .select(['id', 'content', 'withheld_json'])
      .where('id', 'in', ids)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('hidden', '=', 0)
      .execute();
    for (const row of rows) {
      const known = fromJson<string[]>(row.withheld_json);
      const withheld = alsoWithheld(row.content, known, byMessage.get(row.id) ?? []);
      if (withheld === null) whole.add(row.id);
      else if (withheld.length > known.length) changed.push(...(await withhold(transaction, scope, row.id, withheld)));
    }
  }
  await putIntoOutbox(transaction, changed);
  for (const ids of idLists(changed.map(({ id }) => id))) await transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
  await hideMessages(transaction, scope, [...whole]);
}

/** Null: nothing of it may be recalled. */
function alsoWithheld(content: string, known: readonly string[], withholdings: readonly Withholding[]): readonly string[] | null {
  const found = withholdings.map(({ quotes }) => quotedIn(content, quotes));
  if (found.some((quotes) => quotes.length === 0)) return null;
  const withheld = [...new Set([...known, ...found.flat()])];
  return recallableWords({ content, withheld }) === null ? null : withheld;
}

/** Its vector is of the words as they were. */
async function withhold(transaction: Database, scope: Scope, id: string, withheld: readonly string[]): Promise<readonly ChangedItem[]> {
  const row = await transaction
    .updateTable('messages')
    .set({ withheld_json: toJson(withheld), index_version: sql<number>`index_version + 1`, embedded_with: null })
    .where('id', '=', id)
    .returning(['sequence', 'index_version', 'recallable'])
    .executeTakeFirstOrThrow();
  return row.recallable === 0 ? [] : [{ id, kind: 'turn', scope, newness: row.sequence, indexVersion: row.index_version }];
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
