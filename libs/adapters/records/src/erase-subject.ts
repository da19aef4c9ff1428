import { AppError } from '@continuo/contracts';
import { sameScope, type Scope } from '@continuo/domain';
import type { ErasureReport } from '@continuo/ports';
import { sql } from 'kysely';
import { eraseContributions, sharedScopes } from './erase-contributions.ts';
import { lockSubject } from './rows/lock-items.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

type Options = { readonly keepMessages: boolean; readonly now: number };

/** Erases all that is known about a subject. See `MemoryRecords.eraseSubject`. */
export function eraseSubject(store: Store, scope: Scope, options: Options): Promise<ErasureReport> {
  return store.transact((transaction) => erase(transaction, store.dialect, scope, options), { patient: true });
}

/** The same as part of another transaction. */
export async function erase(transaction: Database, dialect: SqlDialect, scope: Scope, options: Options): Promise<ErasureReport> {
  await knowWhoAsks(transaction, scope, options.now);
  const shared = await lockAll(transaction, dialect, scope);
  const elsewhere: ErasureReport[] = [];
  for (const place of shared) {
    elsewhere.push(await eraseContributions(transaction, dialect, { shared: place, user: scope, ...options }));
  }
  await raiseEpoch(transaction, scope, shared.length > 0);
  await failRunningTasks(transaction, scope, options.now);
  const vectors = await eraseVectors(transaction, scope);
  const memories = await eraseRows(transaction, 'memories', scope);
  for (const table of ['denials', 'extractions', 'requests', 'outbox', 'profiles'] as const) await eraseRows(transaction, table, scope);
  const messages = options.keepMessages ? await keepTranscripts(transaction, scope) : await eraseMessages(transaction, scope);
  // What the index holds is removed afterwards, also when the process ends before it gets there.
  await transaction
    .insertInto('erasures')
    .values({ project_id: scope.projectId, subject: scope.subject, created_at: options.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const sum = (count: keyof ErasureReport) => elsewhere.reduce((total, report) => total + report[count], 0);
  return { memories: memories + sum('memories'), messages: messages + sum('messages'), vectors: vectors + sum('vectors') };
}

/**
 * Whoever is asking has to be known, or what is asked first and still runs would be kept when it ends. A request that ends meanwhile and
 * makes the subject known itself is waited for.
 */
async function knowWhoAsks(transaction: Database, scope: Scope, now: number): Promise<void> {
  const asked = transaction
    .selectFrom('requests')
    .select('id')
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject);
  if ((await asked.limit(1).execute()).length === 0) return;
  await transaction
    .insertInto('subjects')
    .values({ project_id: scope.projectId, subject: scope.subject, epoch: 0, revision: 0, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Waits for whoever is adding to the subject, mining it or storing its vectors, and lets nobody begin. Returns the other scopes that
 * hold words of theirs, locked, too: subjects in the order in which everybody locks them.
 */
async function lockAll(transaction: Database, dialect: SqlDialect, scope: Scope): Promise<readonly Scope[]> {
  const first = await sharedScopes(transaction, scope);
  const ofSubject = <Table extends 'subjects' | 'messages' | 'memories'>(table: Table) =>
    transaction
      .selectFrom(table as 'messages')
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject);
  const lockOthers = async (others: readonly Scope[]) => {
    for (const other of others) await lockSubject(transaction, dialect, other);
  };
  await lockOthers(first.filter(({ subject }) => subject < scope.subject));
  await dialect.lockRows(ofSubject('subjects').select('epoch'), 'alone').execute();
  await lockOthers(first.filter(({ subject }) => subject > scope.subject));
  // Asked again: a turn that ended meanwhile may have gone to another one. Nobody adds to any of them as this user now.
  const shared = await sharedScopes(transaction, scope);
  await lockOthers(shared.filter((place) => !first.some((known) => sameScope(known, place))));
  await dialect.lockRows(ofSubject('messages').select('id').orderBy('id'), 'alone').execute();
  await dialect.lockRows(ofSubject('memories').select('id').orderBy('id'), 'alone').execute();
  return shared;
}

async function raiseEpoch(transaction: Database, scope: Scope, isKnown: boolean): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('subjects')
    .set({ epoch: sql<number>`epoch + 1`, revision: sql<number>`revision + 1` })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .executeTakeFirst();
  if (numUpdatedRows === 0n && !isKnown) throw new AppError('user_not_found', 'nothing is known about this user');
}

/** Ids of memories are derived from their text, so finished tasks forget them, too. */
async function failRunningTasks(transaction: Database, scope: Scope, now: number): Promise<void> {
  await transaction
    .updateTable('tasks')
    .set({ status: 'failed', reason: 'erased', finished_at: now })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('status', '=', 'running')
    .execute();
  await transaction
    .updateTable('tasks')
    .set({ memory_ids_json: '{}' })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .execute();
}

async function eraseVectors(transaction: Database, scope: Scope): Promise<number> {
  let erased = 0n;
  for (const table of ['memories', 'messages'] as const) {
    const { numDeletedRows } = await transaction
      .deleteFrom('vectors')
      .where('item_id', 'in', (items) =>
        items.selectFrom(table).select('id').where('project_id', '=', scope.projectId).where('subject', '=', scope.subject),
      )
      .executeTakeFirst();
    erased += numDeletedRows;
  }
  return Number(erased);
}

async function eraseMessages(transaction: Database, scope: Scope): Promise<number> {
  const erased = await eraseRows(transaction, 'messages', scope);
  await eraseRows(transaction, 'conversations', scope);
  return erased;
}

/** Kept rows stay in their old epoch, so that the same history said again is new. */
async function keepTranscripts(transaction: Database, scope: Scope): Promise<number> {
  // What was told about memories is no part of a transcript.
  await transaction
    .deleteFrom('messages')
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .where('purpose', '=', 'feedback')
    .execute();
  await transaction
    .updateTable('messages')
    .set({ state: 'unmined', recallable: 0, batch_id: null, embedded_with: null })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .execute();
  await transaction
    .updateTable('conversations')
    .set({ due_at: 0, attempts: 0 })
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .execute();
  return 0;
}

async function eraseRows(
  transaction: Database,
  table: 'memories' | 'messages' | 'conversations' | 'denials' | 'extractions' | 'requests' | 'outbox' | 'profiles',
  scope: Scope,
): Promise<number> {
  const { numDeletedRows } = await transaction
    .deleteFrom(table)
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
