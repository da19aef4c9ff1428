import { type ChangeTime, forEachKind, type Memory, type MemoryKind, type Message } from '@continuo/domain';
import type { BatchChanges, InboxBatch } from '@continuo/ports';
import type { Selectable } from 'kysely';
import { closeMessages, freeConversation, pendingOf } from './close-batch.ts';
import { markDeleted, sourcesOf } from './delete-memories.ts';
import { applyRewrites, isSaidAfter, planRewrites, type Rewrites } from './rewrite-memories.ts';
import { turnsOf, type Withholding, withholdWords } from './rows/hide-turns.ts';
import { idLists } from './rows/id-list.ts';
import { lockMemories, lockMessages, lockSubject, lockTasks, raiseRevision } from './rows/lock-items.ts';
import { keepLate } from './keep-late.ts';
import { labelRows } from './rows/memory-labels.ts';
import { memoryOf, type MemoryRow, rowOfMemory } from './rows/memory-row.ts';
import { type ChangedItem, putIntoOutbox } from './rows/outbox-rows.ts';
import { rowSlices } from './rows/row-slices.ts';
import { settleTasks } from './rows/settle-tasks.ts';
import { toJson, wellFormed } from './rows/stored-text.ts';
import { memoryIdsOf } from './rows/task-row.ts';
import type { TasksTable } from './schema/tables.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

/** Writes what one batch does. See `InboxRecords.commit`. */
export function commitBatch(
  store: Store,
  batch: InboxBatch,
  changes: BatchChanges,
  now: number,
): Promise<'committed' | 'moved' | 'erased'> {
  const stored = wellFormed(changes);
  return store.transact((transaction) => new Commit(transaction, store.dialect, batch, stored, now).run());
}

interface TaskChange {
  added: number;
  updated: number;
  deleted: number;
  readonly memoryIds: Readonly<Record<MemoryKind, string[]>>;
}

class Commit {
  private readonly transaction: Database;
  private readonly dialect: SqlDialect;
  private readonly batch: InboxBatch;
  private changes: BatchChanges;
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

  async run(): Promise<'committed' | 'moved' | 'erased'> {
    const { scope, messages, epoch, revision } = this.batch;
    const subject = await lockSubject(this.transaction, this.dialect, scope);
    if (subject?.epoch !== epoch) return 'erased';
    this.changes = keepLate(this.changes, await this.knownMemories(false));
    const denied = await this.denied();
    const rewrites = await this.planned();
    const withheld = [...(this.changes.withhold ?? []), ...rewrites.withhold, ...denied.sources];
    const stale = [...this.changes.hide, ...withheld.map(({ messageId }) => messageId)];
    const hidden = await turnsOf(this.transaction, scope, stale);
    // Both at once, or their locks would be taken in no order.
    const locked = await lockMessages(this.transaction, this.dialect, scope, [...messages.map(({ id }) => id), ...hidden]);
    const pending = pendingOf(locked, this.batch);
    // Another run has written this batch, or its messages were erased: then nothing is left to do for it.
    if (pending.length !== messages.length) return 'erased';
    if (subject.revision !== revision) return 'moved';

    await this.write([...rewrites.after.keys()], denied.rows);
    await withholdWords(this.transaction, scope, hidden, withheld);
    await putIntoOutbox(this.transaction, this.changed);
    if (this.changed.length > 0) await raiseRevision(this.transaction, scope);
    await closeMessages(this.transaction, pending);
    await this.writeTasks();
    await freeConversation(this.transaction, this.batch);
    return 'committed';
  }

  private planned(): Promise<Rewrites> {
    return planRewrites(this.transaction, this.dialect, this.batch.scope, this.changes.rewrite ?? [], this.now, this.told());
  }

  /** The words of the batch count from when they came: what came after them may wait to be mined. */
  private told(): ChangeTime {
    const { createdAt, sequence } = this.batch.messages.at(-1) as Message;
    return { now: createdAt, sequence };
  }

  private async write(rewritten: readonly string[], denied: readonly MemoryRow[]): Promise<void> {
    const { scope } = this.batch;
    // All at once: whoever stores vectors locks memories in the order of their ids.
    const { evidence, supersede } = this.changes;
    const named = [...evidence, ...supersede, ...denied].map(({ id }) => id);
    await lockMemories(this.transaction, this.dialect, [...named, ...rewritten]);
    const inserted = await this.insert();
    const known = await this.knownMemories(true);
    await this.addEvidence(known);
    await this.supersede(known, inserted);
    // Again, on top of what the rest of the batch has done to them.
    const rewrites = await this.planned();
    this.changed.push(...(await applyRewrites(this.transaction, this.dialect, scope, rewrites, 'feedback', this.now, this.told())));
    for (const { id, kind } of rewrites.before) this.count('updated', kind, id);
    this.changed.push(...(await markDeleted(this.transaction, scope, denied, this.now, this.told().sequence)));
    for (const { id, kind } of denied) this.count('deleted', kind as MemoryKind, id);
  }

  /** A change that the words of the batch told us to make of a memory that rests on others. */
  private count(change: 'updated' | 'deleted', kind: MemoryKind, id: string): void {
    const task = this.taskOf([]);
    task[change] += 1;
    task.memoryIds[kind].push(id);
  }

  /** Those that are to be denied and are still there, and what they rest on. */
  private async denied(): Promise<{ readonly rows: readonly MemoryRow[]; readonly sources: readonly Withholding[] }> {
    const rows: MemoryRow[] = [];
    for (const ids of idLists(this.changes.deny ?? [])) {
      const found = await this.ownMemories().where('id', 'in', ids).where('status', '!=', 'deleted').execute();
      rows.push(...found.filter((row) => !isSaidAfter(memoryOf(row), this.told())));
    }
    return { rows, sources: await sourcesOf(this.transaction, rows) };
  }

  private ownMemories() {
    const { projectId, subject } = this.batch.scope;
    return this.transaction.selectFrom('memories').selectAll().where('project_id', '=', projectId).where('subject', '=', subject);
  }

  /** Those that were not there yet: one mined again stays what it became. */
  private async insert(): Promise<readonly Memory[]> {
    const memories = new Map(this.changes.insert.toReversed().map((memory) => [memory.id, memory]));
    const added = new Set<string>();
    for (const slice of rowSlices([...memories.values()])) {
      const rows = await this.transaction
        .insertInto('memories')
        .values(slice.map((memory) => rowOfMemory(memory, this.batch.epoch)))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .execute();
      for (const row of rows) added.add(row.id);
    }
    const inserted = this.changes.insert.filter((memory) => memories.get(memory.id) === memory && added.has(memory.id));
    await this.insertSources(inserted.flatMap(({ id, sourceMessageIds }) => sourceRows(id, sourceMessageIds)));
    for (const labels of rowSlices(inserted.flatMap((memory) => labelRows(memory.id, memory.labels)))) {
      await this.transaction.insertInto('memory_labels').values(labels).execute();
    }
    const replacing = new Set(this.changes.supersede.flatMap((change) => change.by ?? []));
    for (const memory of inserted) {
      this.indexed(memory.id, memory.indexVersion);
      const task = this.taskOf(memory.sourceMessageIds);
      if (replacing.has(memory.id)) task.updated += 1;
      else task.added += 1;
      task.memoryIds[memory.kind].push(memory.id);
    }
    return inserted;
  }

  private async insertSources(sources: readonly { readonly memory_id: string; readonly message_id: string }[]): Promise<void> {
    for (const slice of rowSlices(sources)) {
      await this.transaction
        .insertInto('memory_sources')
        .values(slice)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  /** The memories that evidence is added to, or that end. Locked: whoever stores a vector raises their version, too. */
  private async knownMemories(locked: boolean): Promise<Map<string, MemoryRow>> {
    const ids = [...this.changes.evidence, ...this.changes.supersede].map(({ id }) => id);
    const known = new Map<string, MemoryRow>();
    for (const list of idLists(ids.toSorted())) {
      const query = this.ownMemories().where('id', 'in', list).orderBy('id');
      for (const row of await (locked ? this.dialect.lockRows(query, 'change') : query).execute()) known.set(row.id, row);
    }
    return known;
  }

  private async addEvidence(known: Map<string, MemoryRow>): Promise<void> {
    for (const { id, sourceMessageIds, quotes, sourceSequence } of this.changes.evidence) {
      const row = known.get(id);
      if (row === undefined) continue;
      const memory = memoryOf(row);
      const change = {
        evidence: memory.evidence + 1,
        source_message_ids_json: toJson([...new Set([...memory.sourceMessageIds, ...sourceMessageIds])]),
        quotes_json: toJson([...new Set([...memory.quotes, ...quotes])]),
        source_sequence: Math.max(memory.sourceSequence, sourceSequence),
        index_version: row.index_version + 1,
      };
      await this.transaction.updateTable('memories').set(change).where('id', '=', id).execute();
      known.set(id, { ...row, ...change });
      this.indexed(id, change.index_version);
    }
    await this.insertSources(
      this.changes.evidence.flatMap(({ id, sourceMessageIds }) => (known.has(id) ? sourceRows(id, sourceMessageIds) : [])),
    );
  }

  private async supersede(known: Map<string, MemoryRow>, inserted: readonly Memory[]): Promise<void> {
    for (const { id, by, validTo } of this.changes.supersede) {
      const row = known.get(id);
      if (row?.status !== 'current') continue;
      const change = {
        status: 'superseded',
        superseded_by: by,
        valid_to: validTo,
        updated_at: this.now,
        index_version: row.index_version + 1,
        embedded_with: null,
      };
      await this.transaction.updateTable('memories').set(change).where('id', '=', id).execute();
      await this.transaction.deleteFrom('vectors').where('item_id', '=', id).execute();
      known.set(id, { ...row, ...change });
      this.indexed(id, change.index_version);
      if (inserted.some((memory) => memory.id === by)) continue;
      this.count('deleted', row.kind as MemoryKind, id);
    }
  }

  private indexed(id: string, indexVersion: number): void {
    this.changed.push({ id, kind: 'memory', scope: this.batch.scope, newness: this.now, indexVersion });
  }

  /** The change is told of by the task of the newest message it rests on, of those in the batch. */
  private taskOf(sourceMessageIds: readonly string[]): TaskChange {
    const message = this.batch.messages.findLast(({ id }) => sourceMessageIds.includes(id)) ?? (this.batch.messages.at(-1) as Message);
    let change = this.taskChanges.get(message.taskId);
    if (change === undefined) {
      change = { added: 0, updated: 0, deleted: 0, memoryIds: forEachKind((): string[] => []) };
      this.taskChanges.set(message.taskId, change);
    }
    return change;
  }

  private async writeTasks(): Promise<void> {
    const ids = this.batch.messages.map((message) => message.taskId);
    for (const task of await lockTasks(this.transaction, this.dialect, ids)) await this.writeTask(task);
    await settleTasks(this.transaction, this.dialect, ids, this.now);
  }

  private async writeTask(task: Selectable<TasksTable>): Promise<void> {
    const change = this.taskChanges.get(task.id);
    const memoryIds = memoryIdsOf(task.memory_ids_json);
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
        memory_ids_json: toJson(forEachKind((kind) => [...new Set([...memoryIds[kind], ...(change?.memoryIds[kind] ?? [])])])),
        // A task that failed in an earlier batch keeps its reason.
        ...(task.status === 'failed' ? {} : { reason: nothing ? this.changes.reason : null }),
      })
      .where('id', '=', task.id)
      .execute();
  }
}

const sourceRows = (memoryId: string, messageIds: readonly string[]) =>
  [...new Set(messageIds)].map((messageId) => ({ memory_id: memoryId, message_id: messageId }));
