import { type Scope, subjectId, subjectKind } from '@continuo/domain';
import type { ErasureReport } from '@continuo/ports';
import { type ExpressionBuilder, sql } from 'kysely';
import { eraseMessages } from './erase-messages.ts';
import { forgetMessages } from './forget-messages.ts';
import { hideMessages, turnsOf } from './rows/hide-turns.ts';
import { idLists } from './rows/id-list.ts';
import { lockMemories, lockMessages, raiseRevision } from './rows/lock-items.ts';
import { scopeOf } from './rows/message-row.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import { toJson } from './rows/stored-text.ts';
import type { Tables } from './schema/tables.ts';
import type { Database, SqlDialect } from './sql-dialect.ts';

/** Keys of shared subjects, from and below: a semicolon comes after a colon. */
const SHARED = [
  ['agent:', 'agent;'],
  ['base:', 'base;'],
  ['public:', 'public;'],
] as const;

/**
 * Where a user's words may be besides their own space: what is public, the knowledge bases and the agents of the project, and, of what is
 * said by their id, the spaces of whom they were in a group with.
 */
export async function sharedScopes(transaction: Database, scope: Scope): Promise<readonly Scope[]> {
  if (subjectKind(scope.subject) !== 'user') return [];
  const rows = await transaction
    .selectFrom('subjects')
    .select(['subjects.project_id', 'subjects.subject'])
    .where('subjects.project_id', '=', scope.projectId)
    .where('subjects.subject', '!=', scope.subject)
    .where((row) =>
      row.or([
        row('subjects.subject', 'in', saidById(transaction, scope).select('messages.subject')),
        row.and([
          row.or(SHARED.map(([from, to]) => row.and([row('subjects.subject', '>=', from), row('subjects.subject', '<', to)]))),
          row.exists(
            row
              .selectFrom('messages')
              .select('messages.id')
              .whereRef('messages.project_id', '=', 'subjects.project_id')
              .whereRef('messages.subject', '=', 'subjects.subject')
              .where((message) => isTheirs(message, scope)),
          ),
        ]),
      ]),
    )
    .orderBy('subjects.subject')
    .execute();
  return rows.map(scopeOf);
}

/**
 * Erases what a user said in a shared scope, which is locked, and the memories that rest on their words alone. What others said stays,
 * and what others said, too, rests on them alone from now on.
 */
export async function eraseContributions(
  transaction: Database,
  dialect: SqlDialect,
  {
    shared,
    user,
    keepMessages,
    now,
  }: { readonly shared: Scope; readonly user: Scope; readonly keepMessages: boolean; readonly now: number },
): Promise<ErasureReport> {
  const said = await saidBy(transaction, user, shared).select(['id', 'task_id']).where('subject', '=', shared.subject).execute();
  const messageIds = said.map(({ id }) => id);
  const answers = (await turnsOf(transaction, shared, messageIds)).filter((id) => !messageIds.includes(id));
  await lockMessages(transaction, dialect, shared, [...messageIds, ...answers]);
  await hideMessages(transaction, shared, [...answers, ...(keepMessages ? messageIds : [])]);
  const { orphaned } = await forgetMessages(transaction, dialect, shared, messageIds, { quotes: 'forgotten', now });
  await forgetInTasks(
    transaction,
    said.map((row) => row.task_id),
  );
  await eraseDenials(transaction, shared, orphaned);
  const vectors = await countVectors(transaction, [...orphaned, ...(keepMessages ? [] : messageIds)]);
  await eraseMemories(transaction, dialect, shared, orphaned, now);
  if (keepMessages) await keepUnread(transaction, messageIds);
  else await eraseMessages(transaction, dialect, shared, messageIds, now);
  await raiseRevision(transaction, shared);
  return { memories: orphaned.length, messages: keepMessages ? 0 : messageIds.length, vectors };
}

const saidById = (transaction: Database, user: Scope) =>
  transaction
    .selectFrom('messages')
    .where('messages.project_id', '=', user.projectId)
    .where('messages.speaker_id', '=', subjectId(user.subject))
    // An agent may go by the id of a user.
    .where('messages.role', '!=', 'assistant');

/** In the space of another user whoever has no id is that user. */
const saidBy = (transaction: Database, user: Scope, { subject }: Scope) =>
  subjectKind(subject) === 'user'
    ? saidById(transaction, user)
    : transaction
        .selectFrom('messages')
        .where('messages.project_id', '=', user.projectId)
        .where((message) => isTheirs(message, user));

/** Said by them in a shared space: by their id, or under any other name in a write that concerns no other user. */
const isTheirs = (message: ExpressionBuilder<Tables, 'messages'>, { subject }: Scope) => {
  const user = subjectId(subject);
  const agent = sql`replace(replace(messages.agent_id, '\\', '\\\\'), '"', '\\"')`;
  return message.and([
    message.or([
      message('messages.speaker_id', '=', user),
      message('messages.related_ids_json', '=', toJson([user])),
      // With the agent they talk to, whose words those of its id are.
      message.and([
        message('messages.related_ids_json', '=', sql<string>`${toJson([user, '']).slice(0, -2)} || ${agent} || '"]'`),
        message.or([message('messages.speaker_id', 'is', null), message('messages.speaker_id', '!=', message.ref('messages.agent_id'))]),
      ]),
    ]),
    message('messages.role', '!=', 'assistant'),
  ]);
};

/** Ids of memories are derived from their text. */
async function forgetInTasks(transaction: Database, taskIds: readonly string[]): Promise<void> {
  for (const ids of idLists(taskIds.toSorted())) {
    await transaction.updateTable('tasks').set({ memory_ids_json: '{}' }).where('id', 'in', ids).execute();
  }
}

/** What was denied in words that are only theirs. */
async function eraseDenials(transaction: Database, scope: Scope, orphaned: readonly string[]): Promise<void> {
  const ofScope = transaction.selectFrom('memories').where('project_id', '=', scope.projectId).where('subject', '=', scope.subject);
  for (const ids of idLists(orphaned)) {
    await transaction
      .deleteFrom('denials')
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('normalised_text', 'in', ofScope.select('statement_key').where('id', 'in', ids))
      .execute();
  }
}

async function countVectors(transaction: Database, itemIds: readonly string[]): Promise<number> {
  let found = 0;
  for (const ids of idLists(itemIds)) {
    const { count } = await transaction
      .selectFrom('vectors')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('item_id', 'in', ids)
      .executeTakeFirstOrThrow();
    found += Number(count);
  }
  return found;
}

async function eraseMemories(
  transaction: Database,
  dialect: SqlDialect,
  scope: Scope,
  memoryIds: readonly string[],
  now: number,
): Promise<void> {
  await lockMemories(transaction, dialect, memoryIds);
  for (const ids of idLists(memoryIds)) {
    const erased = await transaction.deleteFrom('memories').where('id', 'in', ids).returning(['id', 'index_version']).execute();
    await putIntoOutbox(
      transaction,
      erased.map((row) => ({ id: row.id, kind: 'memory', scope, newness: now, indexVersion: row.index_version + 1 })),
    );
    await transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
  }
}

/** A transcript that is kept is neither mined nor recalled. */
async function keepUnread(transaction: Database, messageIds: readonly string[]): Promise<void> {
  for (const ids of idLists(messageIds)) {
    await transaction.updateTable('messages').set({ state: 'unmined', recallable: 0, batch_id: null }).where('id', 'in', ids).execute();
  }
}
