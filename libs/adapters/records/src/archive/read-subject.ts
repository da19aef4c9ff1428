import type { Memory, ProfileTree, Scope, SubjectKey } from '@continuo/domain';
import type { ArchivedMemory, ArchivedMessage, ArchiveRow } from '@continuo/ports';
import type { Selectable } from 'kysely';
import { memoryOf, type MemoryRow, versionOf } from '../rows/memory-row.ts';
import { labelsOf, messageOf } from '../rows/message-row.ts';
import { fromJson } from '../rows/stored-text.ts';
import { taskOf } from '../rows/task-row.ts';
import type { MessagesTable } from '../schema/tables.ts';
import type { Database } from '../sql-dialect.ts';
import { pagesOf } from './pages.ts';

type Ranks = ReadonlyMap<number, number>;

/** Every row of one subject, as one state of the database has it. Nothing when the subject is gone. */
export async function* readSubject(database: Database, scope: Scope, vectors: boolean): AsyncIterable<ArchiveRow> {
  const subject = await database
    .selectFrom('subjects')
    .selectAll()
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .executeTakeFirst();
  if (subject === undefined) return;
  const { epoch, revision, created_at: createdAt } = subject;
  yield { row: 'subject', subject: scope.subject, epoch, revision, createdAt };
  let rows = 0;
  for await (const row of contentsOf(database, scope, vectors)) {
    rows += 1;
    yield row;
  }
  yield { row: 'subject_end', subject: scope.subject, rows };
}

async function* contentsOf(database: Database, scope: Scope, vectors: boolean): AsyncIterable<ArchiveRow> {
  const ranks = await ranksOf(database, scope);
  yield* conversationsOf(database, scope);
  yield* tasksOf(database, scope);
  yield* messagesOf(database, scope, ranks, vectors);
  yield* journalsOf(database, scope);
  yield* memoriesOf(database, scope, ranks, vectors);
  yield* denialsOf(database, scope, ranks);
  yield* profilesOf(database, scope);
  if (vectors) for (const table of ['messages', 'memories'] as const) yield* vectorsOf(database, scope, table);
}

/** The place of each sequence that occurs among all that occur. */
async function ranksOf(database: Database, scope: Scope): Promise<Ranks> {
  const ofSubject = <Table extends 'messages' | 'memories' | 'denials'>(table: Table) =>
    database
      .selectFrom(table as 'messages')
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject);
  const values = new Set<number>();
  for (const [table, column] of [
    ['messages', 'sequence'],
    ['memories', 'source_sequence'],
    ['denials', 'through_sequence'],
  ] as const) {
    const rows = await ofSubject(table)
      .select((row) => row.ref(column as 'sequence').as('value'))
      .distinct()
      .execute();
    for (const row of rows) values.add(row.value);
  }
  return new Map([...values].toSorted((a, b) => a - b).map((value, index) => [value, index + 1]));
}

const rankOf = (ranks: Ranks, sequence: number): number => ranks.get(sequence) ?? 1;

async function* conversationsOf(database: Database, { projectId, subject }: Scope): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('conversations').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  const pages = pagesOf(
    (last: string, limit) => query.where('conversation_id', '>', last).orderBy('conversation_id').limit(limit).execute(),
    '',
    (row) => row.conversation_id,
  );
  for await (const row of pages) {
    yield { row: 'conversation', id: row.conversation_id, nextPlace: row.next_place, dueAt: row.due_at, attempts: row.attempts };
  }
}

async function* tasksOf(database: Database, { projectId, subject }: Scope): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('tasks').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  const pages = pagesOf(
    (last: string, limit) => query.where('id', '>', last).orderBy('id').limit(limit).execute(),
    '',
    (row) => row.id,
  );
  for await (const row of pages) {
    const { scope: _scope, ...task } = taskOf(row);
    yield { row: 'task', ...task };
  }
}

async function* messagesOf(database: Database, { projectId, subject }: Scope, ranks: Ranks, vectors: boolean): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('messages').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  const pages = pagesOf(
    (last: number, limit) => query.where('sequence', '>', last).orderBy('sequence').limit(limit).execute(),
    Number.MIN_SAFE_INTEGER,
    (row) => row.sequence,
  );
  for await (const row of pages) yield { row: 'message', ...archivedMessage(row, ranks, vectors) };
}

function archivedMessage(row: Selectable<MessagesTable>, ranks: Ranks, vectors: boolean): ArchivedMessage {
  const { scope: _scope, sequence, ...message } = messageOf(row);
  return {
    ...message,
    rank: rankOf(ranks, sequence),
    epoch: row.epoch,
    place: row.place,
    recallable: row.recallable === 1,
    hidden: row.hidden === 1,
    labels: labelsOf(row),
    batchId: row.batch_id,
    indexVersion: row.index_version,
    embeddedWith: vectors ? row.embedded_with : null,
  };
}

async function* journalsOf(database: Database, { projectId, subject }: Scope): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('extractions').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  for (const row of await query.orderBy('batch_id').execute()) {
    yield { row: 'journal', batchId: row.batch_id, journal: fromJson<unknown>(row.journal_json), createdAt: row.created_at };
  }
}

async function* memoriesOf(database: Database, { projectId, subject }: Scope, ranks: Ranks, vectors: boolean): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('memories').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  const pages = pagesOf(
    (last: string, limit) => query.where('id', '>', last).orderBy('id').limit(limit).execute(),
    '',
    (row) => row.id,
  );
  for await (const row of pages) {
    const versions = row.edited_at === null ? [] : await versionsOf(database, row.id);
    yield { row: 'memory', ...archivedMemory(row, ranks, vectors), versions };
  }
}

function archivedMemory(row: MemoryRow, ranks: Ranks, vectors: boolean): Omit<ArchivedMemory, 'versions'> {
  const { scope: _scope, sourceSequence, ...memory }: Memory = memoryOf(row);
  const embeddedWith = vectors ? row.embedded_with : null;
  return { ...memory, sourceRank: rankOf(ranks, sourceSequence), epoch: row.epoch, editedAt: row.edited_at, embeddedWith };
}

async function versionsOf(database: Database, memoryId: string): Promise<ArchivedMemory['versions']> {
  const query = database.selectFrom('memory_versions').selectAll().where('memory_id', '=', memoryId);
  return (await query.orderBy('position').execute()).map((row) => {
    const { memoryId: _memoryId, ...version } = versionOf(row);
    return version;
  });
}

async function* profilesOf(database: Database, { projectId, subject }: Scope): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('profiles').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  for (const row of await query.orderBy('id').execute()) {
    yield {
      row: 'profile',
      id: row.id,
      templateId: row.template_id,
      epoch: row.epoch,
      properties: fromJson<ProfileTree>(row.properties_json),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  }
}

async function* denialsOf(database: Database, { projectId, subject }: Scope, ranks: Ranks): AsyncIterable<ArchiveRow> {
  const query = database.selectFrom('denials').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  const pages = pagesOf(
    (last: number, limit) => query.where('id', '>', last).orderBy('id').limit(limit).execute(),
    Number.MIN_SAFE_INTEGER,
    (row) => row.id,
  );
  for await (const row of pages) {
    yield {
      row: 'denial',
      normalisedText: row.normalised_text,
      topicKey: row.topic_key,
      topicValue: row.topic_value,
      throughRank: rankOf(ranks, row.through_sequence),
      statedAt: row.stated_at,
      createdAt: row.created_at,
    };
  }
}

async function* vectorsOf(database: Database, scope: Scope, table: 'messages' | 'memories'): AsyncIterable<ArchiveRow> {
  const query = database
    .selectFrom('vectors')
    .innerJoin(`${table as 'messages'} as items`, 'items.id', 'vectors.item_id')
    .select(['vectors.item_id', 'vectors.model', 'vectors.vector'])
    .where('items.project_id', '=', scope.projectId)
    .where('items.subject', '=', scope.subject);
  const pages = pagesOf(
    (last: { readonly item: string; readonly model: string }, limit) =>
      query
        .where((row) =>
          row.or([
            row('vectors.item_id', '>', last.item),
            row.and([row('vectors.item_id', '=', last.item), row('vectors.model', '>', last.model)]),
          ]),
        )
        .orderBy('vectors.item_id')
        .orderBy('vectors.model')
        .limit(limit)
        .execute(),
    { item: '', model: '' },
    (row) => ({ item: row.item_id, model: row.model }),
  );
  for await (const row of pages) {
    const bytes = Buffer.from(row.vector.buffer, row.vector.byteOffset, row.vector.byteLength);
    yield { row: 'vector', itemId: row.item_id, model: row.model, vector: bytes.toString('base64') };
  }
}

/** Subjects of a project that come after this one, in the order of bytes. */
export async function subjectsAfter(database: Database, projectId: string, last: string, limit: number): Promise<readonly SubjectKey[]> {
  const rows = await database
    .selectFrom('subjects')
    .select('subject')
    .where('project_id', '=', projectId)
    .where('subject', '>', last)
    .orderBy('subject')
    .limit(limit)
    .execute();
  return rows.map((row) => row.subject as SubjectKey);
}
