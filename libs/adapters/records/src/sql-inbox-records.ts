import type { Message, Scope } from '@continuo/domain';
import { nameBasedId } from '@continuo/domain';
import type { BatchChanges, InboxBatch, InboxRecords, TaskReason } from '@continuo/ports';
import { sql } from 'kysely';
import { failBatch } from './close-batch.ts';
import { commitBatch } from './commit-batch.ts';
import { forgetJournals } from './forget-journals.ts';
import { idLists } from './rows/id-list.ts';
import { lockMessages, lockSubject, lockTasks } from './rows/lock-items.ts';
import { MESSAGE_COLUMNS, messageOf, type MessageRow, scopeOf } from './rows/message-row.ts';
import { fromJson, toJson, wellFormed } from './rows/stored-text.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

/** Messages before a batch that are read with it. */
const CONTEXT_MESSAGES = 10;

/** Written out, not bound: with a parameter SQLite could not use the index of pending messages. */
const PENDING = sql.lit('pending');

export class SqlInboxRecords implements InboxRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /** Read without a transaction: what changes between the statements is met by the checks of `commit`. */
  async readBatch(
    scope: Scope,
    limits: { readonly maxMessages: number; readonly maxCharacters: number; readonly now: number },
  ): Promise<InboxBatch | null> {
    const { database } = this.store;
    const head = await oldestDue(database, scope, limits.now);
    if (head === undefined) return null;
    const rows = await database
      .selectFrom('messages')
      .select([...MESSAGE_COLUMNS, 'batch_id'])
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('conversation_id', '=', head.conversation_id)
      .where('sequence', '>=', head.sequence)
      .where('epoch', '=', head.epoch)
      .orderBy('sequence')
      .limit(Math.max(1, limits.maxMessages))
      .execute();
    const end = rows.findIndex((row, index) => index > 0 && (row.batch_id !== head.batch_id || !belongTogether(rows[0], row)));
    if (rows[0]?.state !== 'pending' || rows[0].batch_id !== head.batch_id) return null;
    const messages = upTo(limits.maxCharacters, rows.slice(0, end === -1 ? rows.length : end).map(messageOf));
    return {
      scope,
      conversationId: head.conversation_id,
      epoch: head.epoch,
      revision: head.revision,
      messages,
      context: await contextOf(database, scope, head),
      journal: await journalOf(database, messages),
      attempts: head.attempts,
    };
  }

  async writeJournal(batch: InboxBatch, journal: unknown, now: number): Promise<void> {
    await this.store.transact(async (transaction) => {
      const batchId = await markBatch(transaction, this.store.dialect, batch);
      if (batchId === null) return;
      const values = {
        batch_id: batchId,
        project_id: batch.scope.projectId,
        subject: batch.scope.subject,
        journal_json: toJson(wellFormed(journal)),
        created_at: now,
      };
      await transaction
        .insertInto('extractions')
        .values(values)
        .onConflict((conflict) => conflict.column('batch_id').doUpdateSet({ journal_json: values.journal_json }))
        .execute();
    });
  }

  commit(batch: InboxBatch, changes: BatchChanges, now: number): Promise<'committed' | 'moved' | 'erased'> {
    return commitBatch(this.store, batch, changes, now);
  }

  async postpone(
    batch: InboxBatch,
    input: { readonly retryAt: number; readonly countsAsAttempt: boolean; readonly reason: TaskReason },
  ): Promise<void> {
    await this.store.transact(async (transaction) => {
      // Marked, so that the next attempt reads these messages and not those that came since.
      if ((await markBatch(transaction, this.store.dialect, batch)) === null) return;
      await lockTasks(
        transaction,
        this.store.dialect,
        batch.messages.map((message) => message.taskId),
      );
      for (const ids of idLists(batch.messages.map((message) => message.taskId))) {
        await transaction
          .updateTable('tasks')
          .set({ reason: input.reason })
          .where('id', 'in', ids)
          .where('status', '=', 'running')
          .execute();
      }
      await transaction
        .updateTable('conversations')
        .set({ due_at: input.retryAt, ...(input.countsAsAttempt ? { attempts: sql<number>`attempts + 1` } : {}) })
        .where('project_id', '=', batch.scope.projectId)
        .where('subject', '=', batch.scope.subject)
        .where('conversation_id', '=', batch.conversationId)
        .execute();
    });
  }

  fail(batch: InboxBatch, reason: TaskReason, now: number): Promise<void> {
    return failBatch(this.store, batch, reason, now);
  }

  async pendingScopes(now: number, limit: number): Promise<readonly Scope[]> {
    const rows = await duePending(this.store.database, now)
      .select(['messages.project_id', 'messages.subject'])
      .groupBy(['messages.project_id', 'messages.subject'])
      .orderBy((order) => order.fn.min('messages.sequence'))
      .limit(limit)
      .execute();
    return rows.map(scopeOf);
  }

  async depth(now: number): Promise<{ readonly messages: number; readonly oldestAgeMs: number }> {
    const row = await this.store.database
      .selectFrom('messages')
      .select((count) => [count.fn.countAll<number>().as('messages'), count.fn.min('created_at').as('oldest')])
      .where('state', '=', PENDING)
      .executeTakeFirstOrThrow();
    return { messages: Number(row.messages), oldestAgeMs: row.messages === 0 ? 0 : Math.max(0, now - row.oldest) };
  }

  requeue(input: { readonly projectId: string | null; readonly since: number | null }): Promise<number> {
    return this.store.transact(
      async (transaction) => {
        // What feedback changed stays changed: done again now, it would undo what was said since.
        let update = transaction
          .updateTable('messages')
          .set({ state: 'pending', batch_id: null })
          .where('state', '=', 'processed')
          .where('purpose', '=', 'said');
        if (input.projectId !== null) update = update.where('project_id', '=', input.projectId);
        if (input.since !== null) update = update.where('created_at', '>=', input.since);
        const rows = await update.returning('task_id').execute();
        for (const ids of idLists(rows.map((row) => row.task_id))) {
          await transaction
            .updateTable('tasks')
            .set({ status: 'running', reason: null, finished_at: null })
            .where('id', 'in', ids)
            .execute();
        }
        return rows.length;
      },
      { patient: true },
    );
  }
}

interface Head {
  readonly conversation_id: string;
  readonly sequence: number;
  readonly batch_id: string | null;
  readonly attempts: number;
  readonly epoch: number;
  readonly revision: number;
}

const duePending = (database: Database, now: number) =>
  database
    .selectFrom('messages')
    .innerJoin('conversations', (join) =>
      join
        .onRef('conversations.project_id', '=', 'messages.project_id')
        .onRef('conversations.subject', '=', 'messages.subject')
        .onRef('conversations.conversation_id', '=', 'messages.conversation_id'),
    )
    .innerJoin('subjects', (join) =>
      join
        .onRef('subjects.project_id', '=', 'messages.project_id')
        .onRef('subjects.subject', '=', 'messages.subject')
        // What an erasure has left behind is nobody's work and must not stand before what is.
        .onRef('subjects.epoch', '=', 'messages.epoch'),
    )
    .where('messages.state', '=', PENDING)
    .where('conversations.due_at', '<=', now);

/** The oldest pending message whose conversation does not wait; it is the oldest of its conversation, too. */
function oldestDue(database: Database, scope: Scope, now: number): Promise<Head | undefined> {
  return duePending(database, now)
    .where('messages.project_id', '=', scope.projectId)
    .where('messages.subject', '=', scope.subject)
    .select([
      'messages.conversation_id',
      'messages.sequence',
      'messages.batch_id',
      'conversations.attempts',
      'subjects.epoch',
      'subjects.revision',
    ])
    .orderBy('messages.sequence')
    .limit(1)
    .executeTakeFirst();
}

async function contextOf(database: Database, scope: Scope, head: Head): Promise<readonly Message[]> {
  const rows = await database
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('conversation_id', '=', head.conversation_id)
    .where('purpose', '=', 'said')
    .where('sequence', '<', head.sequence)
    .where('epoch', '=', head.epoch)
    .orderBy('sequence', 'desc')
    .limit(CONTEXT_MESSAGES)
    .execute();
  return rows.map(messageOf).reverse();
}

async function journalOf(database: Database, messages: readonly Message[]): Promise<unknown> {
  const row = await database
    .selectFrom('extractions')
    .select('journal_json')
    .where('batch_id', '=', batchIdOf(messages))
    .executeTakeFirst();
  return row === undefined ? null : fromJson<unknown>(row.journal_json);
}

/** Ties the messages of a batch together; null when some are not pending any more. */
async function markBatch(transaction: Database, dialect: SqlDialect, batch: InboxBatch): Promise<string | null> {
  await lockSubject(transaction, dialect, batch.scope);
  const batchId = batchIdOf(batch.messages);
  const ids = batch.messages.map((message) => message.id);
  const locked = (await lockMessages(transaction, dialect, batch.scope, ids)).filter(({ state }) => state === 'pending');
  if (locked.length !== batch.messages.length) return null;
  for (const list of idLists(ids)) await transaction.updateTable('messages').set({ batch_id: batchId }).where('id', 'in', list).execute();
  await forgetJournals(
    transaction,
    locked.flatMap(({ batch_id: id }) => (id === null || id === batchId ? [] : id)),
  );
  return batchId;
}

const batchIdOf = (messages: readonly Message[]): string => nameBasedId('batch', ...messages.map((message) => message.id));

/** Feedback is read alone, and nothing is read with what it is to be read differently from. */
const belongTogether = (head: MessageRow | undefined, row: MessageRow): boolean =>
  row.state === 'pending' && head?.purpose === 'said' && row.purpose === 'said' && row.extraction_json === head.extraction_json;

/** The first messages that fit; always at least one. */
function upTo(maxCharacters: number, messages: readonly Message[]): readonly Message[] {
  let characters = 0;
  const end = messages.findIndex((message, index) => {
    characters += message.content.length;
    return index > 0 && characters > maxCharacters;
  });
  return end === -1 ? messages : messages.slice(0, end);
}
