import type { Message, Scope } from '@continuo/domain';
import { idLists } from './rows/id-list.ts';
import { MESSAGE_COLUMNS, messageOf } from './rows/message-row.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';

interface Wanted {
  readonly scope: Scope;
  readonly conversationId: string;
  readonly now: number;
  /** How many of its first and of its last messages are read. */
  readonly ends: number;
}

export interface OpenConversation {
  readonly epoch: number;
  readonly nextPlace: number;
  /** First and last messages of the subject's epoch, with a null where others may stand between them. */
  readonly ends: readonly (Message | null)[];
  /** The first of them is not the first of the conversation: what was before it has been erased. */
  readonly isCut: boolean;
}

/**
 * Locks a conversation until the transaction ends; it and its subject are created when they are new. The subject is only held: who
 * mines it does not wait for what is said, who erases it does.
 */
export async function openConversation(transaction: Database, dialect: SqlDialect, wanted: Wanted): Promise<OpenConversation> {
  const opened = (await lock(transaction, dialect, wanted)) ?? (await create(transaction, dialect, wanted));
  // Read after the lock, so that what was said by whoever had it is seen.
  return { ...opened, ...(await endsOf(transaction, wanted)) };
}

async function lock(transaction: Database, dialect: SqlDialect, { scope, conversationId }: Wanted) {
  const conversation = await dialect
    .lockRows(
      transaction
        .selectFrom('conversations')
        .select(['next_place', epochOf(transaction, scope).as('epoch')])
        .where('project_id', '=', scope.projectId)
        .where('subject', '=', scope.subject)
        .where('conversation_id', '=', conversationId),
      'change',
    )
    .executeTakeFirst();
  if (conversation === undefined || conversation.epoch === null) return null;
  return { epoch: conversation.epoch, nextPlace: conversation.next_place };
}

/** Keeps a subject from being erased until the transaction ends. False when nothing is known about it. */
export async function holdSubject(transaction: Database, dialect: SqlDialect, scope: Scope): Promise<boolean> {
  const subject = await dialect.lockRows(epochOf(transaction, scope), 'hold').executeTakeFirst();
  return subject !== undefined;
}

async function create(transaction: Database, dialect: SqlDialect, wanted: Wanted) {
  const { scope, conversationId, now } = wanted;
  const key = { project_id: scope.projectId, subject: scope.subject };
  await transaction
    .insertInto('subjects')
    .values({ ...key, epoch: 0, revision: 0, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Somebody else may have created it a moment ago, and be erasing it now.
  await holdSubject(transaction, dialect, scope);
  await transaction
    .insertInto('conversations')
    .values({ ...key, conversation_id: conversationId, next_place: 0, due_at: 0, attempts: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const created = await lock(transaction, dialect, wanted);
  if (created === null) throw new Error('a conversation was not created');
  return created;
}

async function endsOf(transaction: Database, { scope, conversationId, ends }: Wanted): Promise<Pick<OpenConversation, 'ends' | 'isCut'>> {
  if (ends === 0) return { ends: [], isCut: false };
  const query = transaction
    .selectFrom('messages')
    .select([...MESSAGE_COLUMNS, 'place'])
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('conversation_id', '=', conversationId)
    .where('purpose', '=', 'said')
    .where('epoch', '=', epochOf(transaction, scope))
    .limit(ends);
  const [head, tail] = await Promise.all([query.orderBy('sequence').execute(), query.orderBy('sequence', 'desc').execute()]);
  const first = head.map(messageOf);
  const known = first.at(-1)?.sequence ?? 0;
  const rest = tail.reverse().map(messageOf);
  const unseen = rest.filter((message) => message.sequence > known);
  const isCut = (head[0]?.place ?? 0) > 0;
  return { ends: unseen.length < ends ? [...first, ...unseen] : [...first, null, ...unseen], isCut };
}

/** The subject's epoch, as part of another statement. */
export const epochOf = (database: Database, scope: Scope) =>
  database.selectFrom('subjects').select('epoch').where('project_id', '=', scope.projectId).where('subject', '=', scope.subject);

/** Messages of one scope by id. */
export async function messagesById(transaction: Database, scope: Scope, ids: readonly string[]): Promise<Map<string, Message>> {
  const messages = new Map<string, Message>();
  for (const list of idLists(ids)) {
    const rows = await transaction
      .selectFrom('messages')
      .select(MESSAGE_COLUMNS)
      .where('id', 'in', list)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .execute();
    for (const row of rows) messages.set(row.id, messageOf(row));
  }
  return messages;
}
