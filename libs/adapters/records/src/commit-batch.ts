import type { Memory, MemoryKind, Message } from '@continuo/domain';
import type { BatchChanges, InboxBatch, TaskReason } from '@continuo/ports';
import { sql } from 'kysely';
import { forgetJournals } from './forget-journals.ts';
import { hideTurns } from './rows/hide-turns.ts';
import { idLists } from './rows/id-list.ts';
import { labelRows } from './rows/memory-labels.ts';
import { memoryOf, rowOfMemory } from './rows/memory-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import { settleTasks } from './rows/settle-tasks.ts';
import { fromJson, toJson, wellFormed } from './rows/stored-text.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

/** Writes what one batch does. See `InboxRecords.commit`. */
export function commitBatch(
  store: Store,
  batch: InboxBatch,
  changes: BatchChanges,
  now: number,
): Promise<'committed' | 'moved' | 'erased'> {
  return store.database
    .transaction()
    .execute(async (transaction) => new Commit(transaction, store.dialect, batch, wellFormed(changes), now).run());
}

/** Gives a batch up. See `InboxRecords.fail`. */
export function failBatch(store: Store, batch: InboxBatch, reason: TaskReason, now: number): Promise<void> {
  return store.database.transaction().execute(async (transaction) => {
    if ((await closeMessages(transaction, batch)) === 0) return;
    for (const ids of idLists(batch.messages.map((message) => message.taskId))) {
      await transaction.updateTable('tasks').set({ status: 'failed', reason, finished_at: now }).where('id', 'in', ids).execute();
    }
  });
}

/** The batch's messages are done with: mined, journal forgotten, nothing of theirs holds back the conversation. Returns how many were still pending. */
async function closeMessages(transaction: Database, batch: InboxBatch): Promise<number> {
  const batchIds = new Set<string>();
  let closed = 0;
  for (const ids of idLists(batch.messages.map((message) => message.id))) {
    const pending = await transaction
      .selectFrom('messages')
      .select('batch_id')
      .where('id', 'in', ids)
      .where('state', '=', 'pending')
      .where('epoch', '=', batch.epoch)
      .execute();
    for (const { batch_id: batchId } of pending) if (batchId !== null) batchIds.add(batchId);
    closed += pending.length;
    await transaction
      .updateTable('messages')
      .set({ state: 'processed', batch_id: null })
      .where('id', 'in', ids)
      .where('state', '=', 'pending')
      .where('epoch', '=', batch.epoch)
      .execute();
  }
  await forgetJournals(transaction, [...batchIds]);
  if (closed === 0) return 0;
  await transaction
    .updateTable('conversations')
    .set({ due_at: 0, attempts: 0 })
    .where('project_id', '=', batch.scope.projectId)
    .where('subject', '=', batch.scope.subject)
    .where('conversation_id', '=', batch.conversationId)
    .execute();
  return closed;
}

interface TaskChange {
  added: number;
  updated: number;
  deleted: number;
  readonly memoryIds: Record<MemoryKind, string[]>;
}

class Commit {
  private readonly transaction: Database;
  private readonly dialect: SqlDialect;
  private readonly batch: InboxBatch;
  private readonly changes: BatchChanges;
  private readonly now: number;
  private readonly changed: ChangedItem[] = [];
  private readonly taskChanges = new Map<string, TaskChange>();

  constructor(transaction: Database, dialect: SqlDialect, batch: InboxBatch, changes: BatchChanges, now: number) {
    this.transaction = transaction;
    this.dialect = dialect;
    this.batch = batch;
    this.changes = changes;
    this.now = now;
  }

  /** Statements that do not need each other's results are asked together: each trip to the store costs. */
  async run(): Promise<'committed' | 'moved' | 'erased'> {
    const [subject, isStillPending] = await Promise.all([this.lockSubject(), this.isStillPending()]);
    if (subject?.epoch !== this.batch.epoch || !isStillPending) return 'erased';
    if (subject.revision !== this.batch.revision) return 'moved';

    const inserted = await this.insert();
    await this.addEvidence();
    await this.supersede(inserted);
    await hideTurns(this.transaction, this.batch.scope, this.changes.hide);
    const taskIds = [...new Set(this.batch.messages.map((message) => message.taskId))];
    await together([
      putIntoOutbox(this.transaction, this.changed),
      this.raiseRevision(),
      closeMessages(this.transaction, this.batch),
      ...taskIds.map((id) => this.writeTask(id)),
    ]);
    await settleTasks(this.transaction, taskIds, this.now);
    return 'committed';
  }

  private lockSubject() {
    const { scope } = this.batch;
    return this.dialect
      .lockRows(
        this.transaction
          .selectFrom('subjects')
          .select(['epoch', 'revision'])
          .where('project_id', '=', scope.projectId)
          .where('subject', '=', scope.subject),
      )
      .executeTakeFirst();
  }

  /** False when another run has written this batch, or its messages were erased: then nothing is left to do for it. */
  private async isStillPending(): Promise<boolean> {
    let pending = 0;
    for (const ids of idLists(this.batch.messages.map((message) => message.id))) {
      const rows = await this.transaction
        .selectFrom('messages')
        .select('id')
        .where('id', 'in', ids)
        .where('state', '=', 'pending')
        .where('epoch', '=', this.batch.epoch)
        .execute();
      pending += rows.length;
    }
    return pending === this.batch.messages.length;
  }

  /** Those that were not there yet: one mined again stays what it became. */
  private async insert(): Promise<readonly Memory[]> {
    const replacing = new Set(this.changes.supersede.flatMap((change) => change.by ?? []));
    const inserted: Memory[] = [];
    for (const memory of this.changes.insert) {
      const { numInsertedOrUpdatedRows } = await this.transaction
        .insertInto('memories')
        .values(rowOfMemory(memory, this.batch.epoch))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) continue;
      inserted.push(memory);
      await this.insertSources(memory.id, memory.sourceMessageIds);
      for (const labels of rowSlices(labelRows(memory.id, memory.labels))) {
        await this.transaction.insertInto('memory_labels').values(labels).execute();
      }
      this.indexed(memory.id, memory.indexVersion);
      const task = this.taskOf(memory.sourceMessageIds);
      if (replacing.has(memory.id)) task.updated += 1;
      else task.added += 1;
      task.memoryIds[memory.kind].push(memory.id);
    }
    return inserted;
  }

  private async insertSources(memoryId: string, messageIds: readonly string[]): Promise<void> {
    const sources = [...new Set(messageIds)].map((messageId) => ({ memory_id: memoryId, message_id: messageId }));
    for (const slice of rowSlices(sources)) {
      await this.transaction
        .insertInto('memory_sources')
        .values(slice)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  private async addEvidence(): Promise<void> {
    for (const { id, sourceMessageIds, quotes, sourceSequence } of this.changes.evidence) {
      const row = await this.known(id);
      if (row === undefined) continue;
      const known = memoryOf(row);
      const indexVersion = known.indexVersion + 1;
      await this.transaction
        .updateTable('memories')
        .set({
          evidence: known.evidence + 1,
          source_message_ids_json: toJson([...new Set([...known.sourceMessageIds, ...sourceMessageIds])]),
          quotes_json: toJson([...new Set([...known.quotes, ...quotes])]),
          source_sequence: Math.max(known.sourceSequence, sourceSequence),
          index_version: indexVersion,
        })
        .where('id', '=', id)
        .execute();
      await this.insertSources(id, sourceMessageIds);
      this.indexed(id, indexVersion);
    }
  }

  private async supersede(inserted: readonly Memory[]): Promise<void> {
    for (const { id, by, validTo } of this.changes.supersede) {
      const row = await this.known(id);
      if (row?.status !== 'current') continue;
      await this.transaction
        .updateTable('memories')
        .set({
          status: 'superseded',
          superseded_by: by,
          valid_to: validTo,
          updated_at: this.now,
          index_version: row.index_version + 1,
          embedded_with: null,
        })
        .where('id', '=', id)
        .execute();
      await this.transaction.deleteFrom('vectors').where('item_id', '=', id).execute();
      this.indexed(id, row.index_version + 1);
      if (inserted.some((memory) => memory.id === by)) continue;
      const task = this.taskOf([]);
      task.deleted += 1;
      task.memoryIds[row.kind as MemoryKind].push(id);
    }
  }

  private known(id: string) {
    return this.transaction
      .selectFrom('memories')
      .selectAll()
      .where('id', '=', id)
      .where('project_id', '=', this.batch.scope.projectId)
      .where('subject', '=', this.batch.scope.subject)
      .executeTakeFirst();
  }

  private indexed(id: string, indexVersion: number): void {
    this.changed.push({ id, kind: 'memory', scope: this.batch.scope, newness: this.now, indexVersion });
  }

  private async raiseRevision(): Promise<void> {
    if (this.changed.length === 0) return;
    await this.transaction
      .updateTable('subjects')
      .set({ revision: sql<number>`revision + 1` })
      .where('project_id', '=', this.batch.scope.projectId)
      .where('subject', '=', this.batch.scope.subject)
      .execute();
  }

  /** The change is told of by the task of the newest message it rests on, of those in the batch. */
  private taskOf(sourceMessageIds: readonly string[]): TaskChange {
    const message = this.batch.messages.findLast(({ id }) => sourceMessageIds.includes(id)) ?? (this.batch.messages.at(-1) as Message);
    let change = this.taskChanges.get(message.taskId);
    if (change === undefined) {
      change = { added: 0, updated: 0, deleted: 0, memoryIds: { fact: [], preference: [] } };
      this.taskChanges.set(message.taskId, change);
    }
    return change;
  }

  private async writeTask(id: string): Promise<void> {
    const task = await this.transaction.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst();
    if (task === undefined) return;
    const change = this.taskChanges.get(id);
    const memoryIds = fromJson<Record<MemoryKind, string[]>>(task.memory_ids_json);
    const counts = {
      added: task.added + (change?.added ?? 0),
      updated: task.updated + (change?.updated ?? 0),
      deleted: task.deleted + (change?.deleted ?? 0),
    };
    const nothing = counts.added + counts.updated + counts.deleted === 0;
    await this.transaction
      .updateTable('tasks')
      .set({
        ...counts,
        memory_ids_json: toJson({
          fact: [...new Set([...memoryIds.fact, ...(change?.memoryIds.fact ?? [])])],
          preference: [...new Set([...memoryIds.preference, ...(change?.memoryIds.preference ?? [])])],
        }),
        // A task that failed in an earlier batch keeps its reason.
        ...(task.status === 'failed' ? {} : { reason: nothing ? this.changes.reason : null }),
      })
      .where('id', '=', id)
      .execute();
  }
}

/** Waits for all, then throws what failed first: no statement may come after the transaction was undone. */
async function together(works: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
