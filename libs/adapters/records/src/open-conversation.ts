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
}

/** Locks a conversation until the transaction ends; it and its subject are created when they are new. */
export async function openConversation(transaction: Database, dialect: SqlDialect, wanted: Wanted): Promise<OpenConversation> {
  // One trip for all of it. The lock is asked for first.
  const [known, ends] = await Promise.all([lock(transaction, dialect, wanted), endsOf(transaction, wanted)]);
  if (known !== null) return { ...known, ends };
  await create(transaction, wanted);
  const created = await lock(transaction, dialect, wanted);
  if (created === null) throw new Error('a conversation was not created');
  // Somebody else may have created it meanwhile, and said something.
  return { ...created, ends: await endsOf(transaction, wanted) };
}

async function lock(
  transaction: Database,
  dialect: SqlDialect,
  { scope, conversationId }: Wanted,
): Promise<{ readonly epoch: number; readonly nextPlace: number } | null> {
  const row = await dialect
    .lockRows(
      transaction
        .selectFrom('conversations')
        .select(['next_place', epochOf(transaction, scope).as('epoch')])
        .where('project_id', '=', scope.projectId)
        .where('subject', '=', scope.subject)
        .where('conversation_id', '=', conversationId),
    )
    .executeTakeFirst();
  return row === undefined || row.epoch === null ? null : { epoch: row.epoch, nextPlace: row.next_place };
}

async function create(transaction: Database, { scope, conversationId, now }: Wanted): Promise<void> {
  const key = { project_id: scope.projectId, subject: scope.subject };
  await transaction
    .insertInto('subjects')
    .values({ ...key, epoch: 0, revision: 0, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await transaction
    .insertInto('conversations')
    .values({ ...key, conversation_id: conversationId, next_place: 0, due_at: 0, attempts: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function endsOf(transaction: Database, { scope, conversationId, ends }: Wanted): Promise<readonly (Message | null)[]> {
  if (ends === 0) return [];
  const query = transaction
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('conversation_id', '=', conversationId)
    .where('epoch', '=', epochOf(transaction, scope))
    .limit(ends);
  const [head, tail] = await Promise.all([query.orderBy('sequence').execute(), query.orderBy('sequence', 'desc').execute()]);
  const first = head.map(messageOf);
  const known = first.at(-1)?.sequence ?? 0;
  const rest = tail.reverse().map(messageOf);
  const unseen = rest.filter((message) => message.sequence > known);
  return unseen.length < ends ? [...first, ...unseen] : [...first, null, ...unseen];
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
