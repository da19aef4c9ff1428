import type { Scope } from '@continuo/domain';
import { sql } from 'kysely';
import { putIntoOutbox } from '../rows/outbox-rows.ts';
import type { Database, SqlDialect, Store } from '../sql-dialect.ts';
import type { SubjectRows } from './archived-subject.ts';
import { sequencesOf } from './sequences.ts';
import type { Counted } from './write-project.ts';
import { insertConversations, insertDenials, insertJournals, insertMemories, insertMessages, insertTasks } from './insert-rows.ts';
import { insertProfiles } from './insert-profiles.ts';
import { insertVectors } from './insert-vectors.ts';

/** Writes one subject whole; what is there is left. Refused when it was erased at another time here. See `ArchiveRecords.write`. */
export function writeSubject(store: Store, projectId: string, rows: SubjectRows): Promise<Counted | 'refused'> {
  const scope: Scope = { projectId, subject: rows.subject.subject };
  return store.transact((transaction) => write(transaction, store.dialect, scope, rows), { patient: true });
}

async function write(transaction: Database, dialect: SqlDialect, scope: Scope, rows: SubjectRows): Promise<Counted | 'refused'> {
  const { epoch, revision, createdAt } = rows.subject;
  // Before any row: whoever makes another model the current one takes them in this order.
  if (rows.vectors.length > 0) await dialect.lockName(transaction, 'vectors', 'shared');
  const { numInsertedOrUpdatedRows: created } = await transaction
    .insertInto('subjects')
    .values({ project_id: scope.projectId, subject: scope.subject, epoch, revision, created_at: createdAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  const known = await lockAlone(transaction, dialect, scope);
  if (known !== epoch) return 'refused';
  const fresh = created === 1n;
  const sequences = await sequencesOf(transaction, dialect, scope, rows);
  const messages = await insertMessages(transaction, scope, rows.messages, sequences);
  const memories = await insertMemories(transaction, scope, rows.memories, sequences);
  const counts = [
    messages,
    memories,
    await insertConversations(transaction, scope, rows.conversations),
    await insertTasks(transaction, scope, rows.tasks),
    await insertJournals(transaction, scope, rows.journals),
    await insertDenials(transaction, scope, rows.denials, sequences),
    await insertProfiles(transaction, scope, rows.profiles),
  ];
  const vectors = await insertVectors(transaction, dialect, rows, new Set([...messages.ids, ...memories.ids]));
  await putIntoOutbox(
    transaction,
    counts.flatMap(({ recallable }) => recallable),
  );
  const added = counts.reduce((sum, count) => sum + count.added, vectors + (fresh ? 1 : 0));
  if (!fresh && added > 0) await raiseRevision(transaction, scope, revision);
  return { added, known: rows.size + 1 - added };
}

/** Nobody adds to the subject, mines or erases it until this is written. */
async function lockAlone(transaction: Database, dialect: SqlDialect, { projectId, subject }: Scope): Promise<number | undefined> {
  const query = transaction.selectFrom('subjects').select('epoch').where('project_id', '=', projectId).where('subject', '=', subject);
  return (await dialect.lockRows(query, 'alone').executeTakeFirst())?.epoch;
}

/** What was read about the subject before is not up to date any more. */
async function raiseRevision(transaction: Database, { projectId, subject }: Scope, revision: number): Promise<void> {
  const own = sql.ref('subjects.revision');
  await transaction
    .updateTable('subjects')
    .set({ revision: sql<number>`case when ${own} >= ${revision} then ${own} + 1 else ${revision} end` })
    .where('project_id', '=', projectId)
    .where('subject', '=', subject)
    .execute();
}
