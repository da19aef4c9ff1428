import type { Denial, Filter, Memory, MemoryKind, Message, Scope, SubjectKey } from '@continuo/domain';
import type { ErasureReport, MemoryEdit, MemoryPage, MemoryRecords, MemoryVersion, NeighbourQuery, Neighbours } from '@continuo/ports';
import type { ExpressionBuilder, Selectable } from 'kysely';
import { deleteMatching, deleteMemories } from './delete-memories.ts';
import { eraseSubject } from './erase-subject.ts';
import { filterExpression } from './filter-expression.ts';
import { idLists } from './rows/id-list.ts';
import { memoryOf, type MemoryRow, versionOf } from './rows/memory-row.ts';
import { MESSAGE_COLUMNS, messageOf, scopeOf } from './rows/message-row.ts';
import { isRecallable } from './rows/recallable.ts';
import type { DenialsTable, Tables } from './schema/tables.ts';
import type { Store } from './sql-dialect.ts';
import { putScopeIntoOutbox } from './refill-outbox.ts';
import { updateMemory } from './update-memory.ts';

export class SqlMemoryRecords implements MemoryRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async byIds(projectId: string, ids: readonly string[]): Promise<readonly Memory[]> {
    const memories: Memory[] = [];
    for (const list of idLists(ids)) {
      const rows = await this.store.database
        .selectFrom('memories')
        .selectAll()
        .where('id', 'in', list)
        .where('project_id', '=', projectId)
        .execute();
      memories.push(...rows.map(memoryOf));
    }
    return memories;
  }

  async turns(projectId: string, ids: readonly string[]): Promise<readonly Message[]> {
    const turns: Message[] = [];
    for (const list of idLists(ids)) {
      const rows = await this.store.database
        .selectFrom('messages')
        .select(MESSAGE_COLUMNS)
        .where('id', 'in', list)
        .where('project_id', '=', projectId)
        .where(isRecallable)
        .execute();
      turns.push(...rows.map(messageOf));
    }
    return turns;
  }

  async list(
    scope: Scope,
    query: { readonly kind: MemoryKind; readonly filter: Filter | null; readonly page: number; readonly size: number },
  ): Promise<MemoryPage> {
    const { kind, filter, page, size } = query;
    let matching = this.store.database
      .selectFrom('memories')
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where((memory) => (kind === 'event' ? this.inEventView(memory) : memory('kind', '=', kind)))
      .where('status', '=', 'current');
    if (filter !== null) matching = matching.where((memories) => filterExpression(memories, this.store.dialect, filter));
    const [rows, counts] = await this.store.dialect.readTogether<[MemoryRow[], { total: number }[]]>([
      matching
        .selectAll()
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .limit(size)
        .offset((page - 1) * size)
        .compile(),
      matching.select((count) => count.fn.countAll<number>().as('total')).compile(),
    ]);
    return { items: rows.map(memoryOf), total: Number(counts[0]?.total ?? 0) };
  }

  /** Dated facts are seen there, too. Inside a text of the details a quotation mark is escaped, so this is the member alone. */
  private inEventView(memory: ExpressionBuilder<Tables, 'memories'>) {
    const dated = this.store.dialect.containsText(memory.ref('details_json'), '"event":{');
    return memory.or([memory('kind', '=', 'event'), memory.and([memory('kind', '=', 'fact'), dated])]);
  }

  async neighbours(scope: Scope, query: NeighbourQuery): Promise<Neighbours> {
    const { database, dialect } = this.store;
    const ofSubject = database
      .selectFrom('memories')
      .selectAll()
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject);
    const named = [
      ...idLists(query.topicKeys).map((keys) => ofSubject.where((memory) => dialect.isOneOfKeys(memory.ref('topic_key'), keys))),
      ...idLists(query.statementKeys).map((keys) => ofSubject.where((memory) => dialect.isOneOfKeys(memory.ref('statement_key'), keys))),
      ...idLists(query.ids).map((ids) => ofSubject.where('id', 'in', ids)),
      ...idLists(query.sourceMessageIds ?? []).map((ids) =>
        ofSubject.where('id', 'in', database.selectFrom('memory_sources').select('memory_id').where('message_id', 'in', ids)),
      ),
    ];
    const subject = database
      .selectFrom('subjects')
      .select('revision')
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject);
    const denials = database
      .selectFrom('denials')
      .selectAll()
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .orderBy('id');
    const [revisions, denied, ...found] = await dialect.readTogether<
      [{ revision: number }[], Selectable<DenialsTable>[], ...MemoryRow[][]]
    >([subject.compile(), denials.compile(), ...named.map((read) => read.compile())]);
    const rows = new Map(found.flat().map((row) => [row.id, row]));
    return { revision: revisions[0]?.revision ?? 0, memories: [...rows.values()].map(memoryOf), denials: denied.map(denialOf) };
  }

  deleteByIds(projectId: string, ids: readonly string[], restrictTo: readonly SubjectKey[] | null, now: number): Promise<void> {
    return deleteMemories(this.store, { projectId, ids, restrictTo, now });
  }

  deleteByFilter(projectId: string, filter: Filter, kinds: readonly MemoryKind[], now: number): Promise<number> {
    return deleteMatching(this.store, { projectId, filter, kinds, now });
  }

  update(projectId: string, memoryId: string, edit: MemoryEdit, endedBy: MemoryVersion['endedBy'], now: number): Promise<Memory> {
    return updateMemory(this.store, { projectId, memoryId, edit, endedBy, now });
  }

  async versions(projectId: string, memoryId: string): Promise<readonly MemoryVersion[]> {
    const rows = await this.store.database
      .selectFrom('memory_versions')
      .innerJoin('memories', 'memories.id', 'memory_versions.memory_id')
      .selectAll('memory_versions')
      .where('memory_versions.memory_id', '=', memoryId)
      .where('memories.project_id', '=', projectId)
      .orderBy('memory_versions.position', 'desc')
      .execute();
    return rows.map(versionOf);
  }

  async eraseSubject(scope: Scope, options: { readonly keepMessages: boolean; readonly now: number }): Promise<ErasureReport> {
    return eraseSubject(this.store, scope, options);
  }

  async pendingErasures(): Promise<readonly Scope[]> {
    const rows = await this.store.database.selectFrom('erasures').selectAll().orderBy('created_at').execute();
    return rows.map(scopeOf);
  }

  /** What was said since the erasure may have been removed from the index with the rest, so it goes there again. */
  async erasureDone(scope: Scope): Promise<void> {
    await this.store.transact(async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('erasures')
        .where('project_id', '=', scope.projectId)
        .where('subject', '=', scope.subject)
        .executeTakeFirst();
      if (numDeletedRows > 0n) await putScopeIntoOutbox(transaction, scope);
    });
  }
}

const denialOf = (row: Selectable<DenialsTable>): Denial => ({
  normalisedText: row.normalised_text,
  topicKey: row.topic_key,
  topicValue: row.topic_value,
  throughSequence: row.through_sequence,
  statedAt: row.stated_at,
});
