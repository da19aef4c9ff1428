import { AppError } from '@continuo/contracts';
import {
  type Filter,
  forEachKind,
  MEMORY_KINDS,
  type Memory,
  type MemoryKind,
  type Message,
  sameScope,
  type Scope,
  subjectKind,
} from '@continuo/domain';
import type {
  KnowledgeLinks,
  MemoryPage,
  MemoryRecords,
  MessageRecords,
  ProfileInstance,
  ProfileRecords,
  Task,
  TaskRecords,
} from '@continuo/ports';

export interface MemoryWithSources {
  readonly memory: Memory;
  /** The messages it rests on, in order; erased ones are missing. */
  readonly sources: readonly Message[];
}

export interface MemoryListing {
  /** A page of each kind; under `event` dated facts, too. The fields of profiles are listed as profiles instead. */
  readonly memories: Readonly<Record<Exclude<MemoryKind, 'profile'>, readonly MemoryWithSources[]>>;
  readonly profiles: readonly ProfileInstance[];
  /** The largest of the kinds' totals, as the contract counts. */
  readonly total: number;
  readonly pages: number;
}

const NO_PAGE: MemoryPage = { items: [], total: 0 };

/** Lists what is remembered, newest update first, a page per kind. */
export class ListMemories {
  private readonly memories: MemoryRecords;
  private readonly messages: MessageRecords;
  private readonly profiles: Pick<ProfileRecords, 'instances'>;

  constructor(memories: MemoryRecords, messages: MessageRecords, profiles: Pick<ProfileRecords, 'instances'>) {
    this.memories = memories;
    this.messages = messages;
    this.profiles = profiles;
  }

  async execute(input: {
    readonly scope: Scope;
    readonly kinds: readonly MemoryKind[];
    readonly filter: Filter | null;
    readonly page: number;
    readonly size: number;
  }): Promise<MemoryListing> {
    const { scope, kinds, filter, page, size } = input;
    const listed = await Promise.all(
      MEMORY_KINDS.map(async (kind) => {
        const wanted = kinds.includes(kind) && kind !== 'profile';
        return [kind, wanted ? await this.memories.list(scope, { kind, filter, page, size }) : NO_PAGE] as const;
      }),
    );
    // A profile carries no labels, so no filter can match it.
    const profiles = kinds.includes('profile') && filter === null ? await this.profiles.instances(scope) : [];
    const pages = Object.fromEntries(listed) as Readonly<Record<MemoryKind, MemoryPage>>;
    const withMessages = await withSources(
      this.messages,
      scope,
      listed.flatMap(([, { items }]) => items),
    );
    const total = Math.max(profiles.length, ...listed.map(([, each]) => each.total));
    return {
      memories: forEachKind((kind) => withMessages.filter(({ memory }) => pages[kind].items.includes(memory))),
      profiles: profiles.slice((page - 1) * size, page * size),
      total,
      pages: Math.ceil(total / size),
    };
  }
}

/** What is recalled verbatim. */
export interface RecallableTurn {
  readonly turn: Message;
}

/** One memory of any status, with the messages it rests on; or a turn, as long as it may be recalled. */
export class GetMemory {
  private readonly memories: MemoryRecords;
  private readonly messages: MessageRecords;
  private readonly knowledge: KnowledgeLinks;

  constructor(memories: MemoryRecords, messages: MessageRecords, knowledge: KnowledgeLinks) {
    this.memories = memories;
    this.messages = messages;
    this.knowledge = knowledge;
  }

  /** @throws AppError `not_found`, also for a memory of another project, unless it is in a knowledge base that this one may use. */
  async execute({
    projectId,
    memoryId,
  }: {
    readonly projectId: string;
    readonly memoryId: string;
  }): Promise<MemoryWithSources | RecallableTurn> {
    const [[own], [turn]] = await Promise.all([this.memories.byIds(projectId, [memoryId]), this.memories.turns(projectId, [memoryId])]);
    const item = own ?? turn;
    if (item !== undefined && !(await this.isInReach(projectId, item.scope))) throw new AppError('not_found', 'no memory has this id');
    if (own === undefined && turn !== undefined) return { turn };
    const memory = own ?? (await this.inLinkedBase(projectId, memoryId));
    if (memory === undefined) throw new AppError('not_found', 'no memory has this id');
    const [withMessages] = await withSources(this.messages, memory.scope, [memory]);
    return withMessages ?? { memory, sources: [] };
  }

  /** A knowledge base is not, to the project that made it either, once it is not linked any more. */
  private async isInReach(projectId: string, scope: Scope): Promise<boolean> {
    if (subjectKind(scope.subject) !== 'base') return true;
    return (await this.knowledge.linkedTo(projectId)).some((base) => sameScope(base.scope, scope));
  }

  private async inLinkedBase(projectId: string, memoryId: string): Promise<Memory | undefined> {
    const elsewhere = (await this.knowledge.linkedTo(projectId)).map(({ scope }) => scope).filter((scope) => scope.projectId !== projectId);
    const found = await Promise.all(
      [...new Set(elsewhere.map((scope) => scope.projectId))].map((owner) => this.memories.byIds(owner, [memoryId])),
    );
    return found.flat().find((memory) => elsewhere.some((scope) => sameScope(scope, memory.scope)));
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
