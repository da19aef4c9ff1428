import type { Memory, Message, Scope } from '@continuo/domain';
import type { CheckedItems, Overlay, RecallRecords } from '@continuo/ports';
import { idLists } from './rows/id-list.ts';
import { memoryOf, type MemoryRow } from './rows/memory-row.ts';
import { MESSAGE_COLUMNS, messageOf, type MessageRow, scopeOf } from './rows/message-row.ts';
import { isRecallable } from './rows/recallable.ts';
import type { Store } from './sql-dialect.ts';

type CheckedRow = MessageRow & { readonly epoch: number; readonly recallable: number; readonly hidden: number };

/** What an overlay holds at most; the index is seldom further behind. */
const OVERLAY_TURNS = 200;
const OVERLAY_MEMORIES = 500;

export class SqlRecallRecords implements RecallRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async overlay(scope: Scope): Promise<Overlay> {
    const { database, dialect } = this.store;
    const turns = database
      .selectFrom('outbox')
      .innerJoin('messages', 'messages.id', 'outbox.item_id')
      .select(MESSAGE_COLUMNS.map((column) => `messages.${column}` as const))
      .where('outbox.project_id', '=', scope.projectId)
      .where('outbox.subject', '=', scope.subject)
      .where('outbox.kind', '=', 'turn')
      .where(isRecallable)
      .orderBy('outbox.newness', 'desc')
      .limit(OVERLAY_TURNS);
    const memories = database
      .selectFrom('outbox')
      .innerJoin('memories', 'memories.id', 'outbox.item_id')
      .selectAll('memories')
      .where('outbox.project_id', '=', scope.projectId)
      .where('outbox.subject', '=', scope.subject)
      .where('outbox.kind', '=', 'memory')
      .orderBy('outbox.newness', 'desc')
      .limit(OVERLAY_MEMORIES);
    const [subjects, turnRows, memoryRows] = await dialect.readTogether<[{ epoch: number }[], MessageRow[], MemoryRow[]]>([
      this.epochOf(scope).compile(),
      turns.compile(),
      memories.compile(),
    ]);
    return { epoch: subjects[0]?.epoch ?? 0, turns: turnRows.map(messageOf), memories: memoryRows.map(memoryOf) };
  }

  async inUse(scopes: readonly Scope[]): Promise<readonly { readonly scope: Scope; readonly epoch: number }[]> {
    const subjects = new Map<string, string[]>();
    for (const { projectId, subject } of scopes) subjects.set(projectId, [...(subjects.get(projectId) ?? []), subject]);
    const reads = [...subjects].flatMap(([projectId, named]) =>
      idLists(named).map((list) =>
        this.store.database
          .selectFrom('subjects')
          .select(['project_id', 'subject', 'epoch'])
          .where('project_id', '=', projectId)
          .where('subject', 'in', list)
          .compile(),
      ),
    );
    if (reads.length === 0) return [];
    const found = await this.store.dialect.readTogether<{ project_id: string; subject: string; epoch: number }[][]>(reads);
    return found.flat().map((row) => ({ scope: scopeOf(row), epoch: row.epoch }));
  }

  async check(scope: Scope, epoch: number, ids: readonly string[]): Promise<CheckedItems> {
    const { database, dialect } = this.store;
    const lists = idLists(ids);
    const memories = new Map<string, Memory>();
    const turns = new Map<string, Message>();
    const absent = new Map<string, 'superseded' | 'deleted' | 'hidden'>();
    if (lists.length === 0) return { memories, turns, absent };
    const memoriesOf = database
      .selectFrom('memories')
      .selectAll()
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .where('epoch', '=', epoch);
    const turnsOf = database
      .selectFrom('messages')
      .select([...MESSAGE_COLUMNS, 'epoch', 'recallable', 'hidden'])
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject);
    const [subjects, ...found] = await dialect.readTogether<[{ epoch: number }[], ...(MemoryRow[] | CheckedRow[])[]]>([
      this.epochOf(scope).compile(),
      ...lists.flatMap((list) => [memoriesOf.where('id', 'in', list).compile(), turnsOf.where('id', 'in', list).compile()]),
    ]);
    if (subjects[0]?.epoch !== epoch) return { memories, turns, absent };
    found.forEach((rows, index) => {
      if (index % 2 === 0) {
        for (const memory of (rows as MemoryRow[]).map(memoryOf)) {
          if (memory.status === 'current') memories.set(memory.id, memory);
          else absent.set(memory.id, memory.status);
        }
        return;
      }
      for (const row of rows as CheckedRow[]) {
        if (row.epoch === epoch && row.recallable === 1 && row.hidden === 0) turns.set(row.id, messageOf(row));
        else absent.set(row.id, 'hidden');
      }
    });
    return { memories, turns, absent };
  }

  private epochOf(scope: Scope) {
    return this.store.database
      .selectFrom('subjects')
      .select('epoch')
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject);
  }
}
