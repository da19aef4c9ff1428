import type { Scope } from '@continuo/domain';
import type { ArchivedConversation, ArchivedDenial, ArchivedJournal, ArchivedMemory, ArchivedMessage, ArchivedTask } from '@continuo/ports';
import { type Insertable, sql } from 'kysely';
import { labelRows } from '../rows/memory-labels.ts';
import { rowOfMemory } from '../rows/memory-row.ts';
import { labelColumns } from '../rows/message-row.ts';
import type { ChangedItem } from '../rows/outbox-rows.ts';
import { rowSlices } from '../rows/row-slices.ts';
import { toJson } from '../rows/stored-text.ts';
import type { MemoriesTable, MessagesTable } from '../schema/tables.ts';
import type { Database } from '../sql-dialect.ts';
import type { InLine } from './archived-subject.ts';
import { insertNew } from './insert-new.ts';
import type { Sequences } from './sequences.ts';

export interface Inserted {
  readonly added: number;
  /** What of it goes into the index. */
  readonly recallable: readonly ChangedItem[];
}

const columnsOf = ({ projectId, subject }: Scope) => ({ project_id: projectId, subject });

/** Those that are there keep the greater place. */
export async function insertConversations(
  transaction: Database,
  scope: Scope,
  rows: readonly InLine<ArchivedConversation>[],
): Promise<Inserted> {
  let added = 0;
  for (const { id, nextPlace, dueAt, attempts } of rows) {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('conversations')
      .values({ ...columnsOf(scope), conversation_id: id, next_place: nextPlace, due_at: dueAt, attempts })
      .onConflict((conflict) =>
        conflict
          .columns(['project_id', 'subject', 'conversation_id'])
          .doUpdateSet({ next_place: nextPlace })
          .where(sql.ref('conversations.next_place'), '<', nextPlace),
      )
      .executeTakeFirst();
    added += Number(numInsertedOrUpdatedRows ?? 0n);
  }
  return { added, recallable: [] };
}

export async function insertTasks(transaction: Database, scope: Scope, rows: readonly InLine<ArchivedTask>[]): Promise<Inserted> {
  const added = await insertNew(transaction, 'tasks', 'id', scope, rows, (row) => ({
    id: row.id,
    ...columnsOf(scope),
    status: row.status,
    added: row.added,
    updated: row.updated,
    deleted: row.deleted,
    parent_id: row.parentId,
    memory_ids_json: toJson(row.memoryIds),
    reason: row.reason,
    created_at: row.createdAt,
    finished_at: row.finishedAt,
  }));
  return { added: added.length, recallable: [] };
}

export async function insertMessages(
  transaction: Database,
  scope: Scope,
  rows: readonly InLine<ArchivedMessage>[],
  sequences: Sequences,
): Promise<Inserted & { readonly ids: ReadonlySet<string> }> {
  const sequenceOf = ({ rank }: ArchivedMessage): number => sequences.get(rank) ?? 0;
  const added = await insertNew(transaction, 'messages', 'id', scope, rows, (row) => messageColumns(row, scope, sequenceOf(row)));
  return {
    added: added.length,
    ids: new Set(added.map(({ id }) => id)),
    recallable: added
      .filter((row) => row.recallable && !row.hidden)
      .map((row) => ({ id: row.id, kind: 'turn', scope, newness: sequenceOf(row), indexVersion: row.indexVersion })),
  };
}

const messageColumns = (row: ArchivedMessage, scope: Scope, sequence: number): Insertable<MessagesTable> => ({
  sequence,
  id: row.id,
  ...columnsOf(scope),
  epoch: row.epoch,
  conversation_id: row.conversationId,
  place: row.place,
  role: row.role,
  content: row.content,
  parts_json: row.parts === null ? null : toJson(row.parts),
  chat_time: row.chatTime,
  role_name: row.roleName,
  speaker_id: row.speakerId,
  purpose: row.purpose,
  extraction_json: row.extraction === null ? null : toJson(row.extraction),
  state: row.state,
  partial: row.partial ? 1 : 0,
  recallable: row.recallable ? 1 : 0,
  hidden: row.hidden ? 1 : 0,
  withheld_json: toJson(row.withheld),
  ...labelColumns(row.labels),
  task_id: row.taskId,
  batch_id: row.batchId,
  index_version: row.indexVersion,
  embedded_with: row.embeddedWith,
  created_at: row.createdAt,
});

export async function insertJournals(transaction: Database, scope: Scope, rows: readonly InLine<ArchivedJournal>[]): Promise<Inserted> {
  const named = rows.map((row) => ({ ...row, id: row.batchId }));
  const added = await insertNew(transaction, 'extractions', 'batch_id', scope, named, (row) => ({
    batch_id: row.batchId,
    ...columnsOf(scope),
    journal_json: toJson(row.journal),
    created_at: row.createdAt,
  }));
  return { added: added.length, recallable: [] };
}

export async function insertMemories(
  transaction: Database,
  scope: Scope,
  rows: readonly InLine<ArchivedMemory>[],
  sequences: Sequences,
): Promise<Inserted & { readonly ids: ReadonlySet<string> }> {
  const added = await insertNew(transaction, 'memories', 'id', scope, rows, (row) => memoryColumns(row, scope, sequences));
  const sources = added.flatMap(({ id, sourceMessageIds }) =>
    [...new Set(sourceMessageIds)].map((messageId) => ({ memory_id: id, message_id: messageId })),
  );
  for (const slice of rowSlices(sources)) await transaction.insertInto('memory_sources').values(slice).execute();
  for (const slice of rowSlices(added.flatMap(({ id, labels }) => labelRows(id, labels)))) {
    await transaction.insertInto('memory_labels').values(slice).execute();
  }
  for (const slice of rowSlices(added.flatMap(versionsOf))) await transaction.insertInto('memory_versions').values(slice).execute();
  return {
    added: added.length,
    ids: new Set(added.map(({ id }) => id)),
    recallable: added
      .filter((row) => row.status === 'current')
      .map((row) => ({ id: row.id, kind: 'memory', scope, newness: row.updatedAt, indexVersion: row.indexVersion })),
  };
}

const versionsOf = ({ id, versions }: ArchivedMemory) =>
  versions.map(({ text, title, status, endedBy, endedAt }) => ({
    memory_id: id,
    text,
    title,
    status,
    ended_by: endedBy,
    ended_at: endedAt,
  }));

const memoryColumns = (row: InLine<ArchivedMemory>, scope: Scope, sequences: Sequences): Insertable<MemoriesTable> => ({
  ...rowOfMemory({ ...row, scope, sourceSequence: sequences.get(row.sourceRank) ?? 0 }, row.epoch),
  embedded_with: row.embeddedWith,
  edited_at: row.editedAt,
});

/** A denial has no name: of equal ones there are as many as on the side that has more. */
export async function insertDenials(
  transaction: Database,
  scope: Scope,
  rows: readonly InLine<ArchivedDenial>[],
  sequences: Sequences,
): Promise<Inserted> {
  if (rows.length === 0) return { added: 0, recallable: [] };
  const known = await transaction
    .selectFrom('denials')
    .select(['normalised_text', 'topic_key', 'topic_value', 'stated_at', 'created_at'])
    .where('project_id', '=', scope.projectId)
    .where('subject', '=', scope.subject)
    .execute();
  const left = new Map<string, number>();
  for (const row of known) {
    const key = toJson([row.normalised_text, row.topic_key, row.topic_value, row.stated_at, row.created_at]);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  const fresh = rows.filter(({ normalisedText, topicKey, topicValue, statedAt, createdAt }) => {
    const key = toJson([normalisedText, topicKey, topicValue, statedAt, createdAt]);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
  const values = fresh.map((row) => ({
    ...columnsOf(scope),
    normalised_text: row.normalisedText,
    topic_key: row.topicKey,
    topic_value: row.topicValue,
    through_sequence: sequences.get(row.throughRank) ?? 0,
    stated_at: row.statedAt,
    created_at: row.createdAt,
  }));
  for (const slice of rowSlices(values)) await transaction.insertInto('denials').values(slice).execute();
  return { added: fresh.length, recallable: [] };
}
