import { AppError } from '@continuo/contracts';
import type { Filter, Memory, MemoryKind, Message, Scope } from '@continuo/domain';
import type { MemoryRecords, MessageRecords, Task, TaskRecords } from '@continuo/ports';

export interface MemoryWithSources {
  readonly memory: Memory;
  /** The messages it rests on, in order; erased ones are missing. */
  readonly sources: readonly Message[];
}

export interface MemoryListing {
  readonly facts: readonly MemoryWithSources[];
  readonly preferences: readonly MemoryWithSources[];
  /** The larger of the two kinds' totals, as the contract counts. */
  readonly total: number;
  readonly pages: number;
}

/** Lists what is remembered, newest update first, a page per kind. */
export class ListMemories {
  private readonly memories: MemoryRecords;
  private readonly messages: MessageRecords;

  constructor(memories: MemoryRecords, messages: MessageRecords) {
    this.memories = memories;
    this.messages = messages;
  }

  async execute(input: {
    readonly scope: Scope;
    readonly kinds: readonly MemoryKind[];
    readonly filter: Filter | null;
    readonly page: number;
    readonly size: number;
  }): Promise<MemoryListing> {
    const read = async (kind: MemoryKind): Promise<{ readonly items: readonly Memory[]; readonly total: number }> =>
      input.kinds.includes(kind)
        ? this.memories.list(input.scope, { kind, filter: input.filter, page: input.page, size: input.size })
        : { items: [], total: 0 };
    const [facts, preferences] = await Promise.all([read('fact'), read('preference')]);
    const total = Math.max(facts.total, preferences.total);
    return {
      facts: await withSources(this.messages, input.scope, facts.items),
      preferences: await withSources(this.messages, input.scope, preferences.items),
      total,
      pages: Math.ceil(total / input.size),
    };
  }
}

/** One memory of any status, with the messages it rests on. */
export class GetMemory {
  private readonly memories: MemoryRecords;
  private readonly messages: MessageRecords;

  constructor(memories: MemoryRecords, messages: MessageRecords) {
    this.memories = memories;
    this.messages = messages;
  }

  /** @throws AppError `not_found`, also for a memory of another project. */
  async execute({ projectId, memoryId }: { readonly projectId: string; readonly memoryId: string }): Promise<MemoryWithSources> {
    const [memory] = await this.memories.byIds(projectId, [memoryId]);
    if (memory === undefined) throw new AppError('not_found', 'no memory has this id');
    const [withMessages] = await withSources(this.messages, memory.scope, [memory]);
    return withMessages ?? { memory, sources: [] };
  }
}

/** How far a task is. */
export class GetTask {
  private readonly tasks: TaskRecords;

  constructor(tasks: TaskRecords) {
    this.tasks = tasks;
  }

  /** @throws AppError `task_not_found`, also for a task of another project. */
  async execute({ projectId, taskId }: { readonly projectId: string; readonly taskId: string }): Promise<Task> {
    const task = await this.tasks.find(projectId, taskId);
    if (task === null) throw new AppError('task_not_found', 'no task has this id');
    return task;
  }
}

async function withSources(messages: MessageRecords, scope: Scope, memories: readonly Memory[]): Promise<readonly MemoryWithSources[]> {
  const ids = [...new Set(memories.flatMap((memory) => memory.sourceMessageIds))];
  const found = ids.length === 0 ? [] : await messages.byIds(scope, ids);
  return memories.map((memory) => ({
    memory,
    sources: found.filter((message) => memory.sourceMessageIds.includes(message.id)).toSorted((a, b) => a.sequence - b.sequence),
  }));
}
