import { AppError, indexOutbox } from '@continuo/contracts';
import type { MemoryKind, SubjectKey } from '@continuo/domain';
import type { JobQueue, MemoryRecords } from '@continuo/ports';

/** Deletes memories and turns by id, all or none; old evidence cannot bring them back. */
export class DeleteMemories {
  private readonly memories: MemoryRecords;
  private readonly jobs: JobQueue;

  constructor(memories: MemoryRecords, jobs: JobQueue) {
    this.memories = memories;
    this.jobs = jobs;
  }

  /**
   * @param input.kind only memories of this kind are deleted, the others stay; a turn counts as a fact; null: all.
   * @throws AppError `memory_not_found`, `memory_forbidden`.
   */
  async execute(input: {
    readonly projectId: string;
    readonly memoryIds: readonly string[];
    readonly restrictTo: readonly SubjectKey[] | null;
    readonly kind: MemoryKind | null;
  }): Promise<void> {
    const { projectId, restrictTo, kind } = input;
    const named = [...new Set(input.memoryIds)];
    const ids = kind === null ? named : await this.ofKind(projectId, named, restrictTo, kind);
    if (ids.length === 0) return;
    await this.memories.deleteByIds(projectId, ids, restrictTo, Date.now());
    await this.jobs.enqueue(indexOutbox, {});
  }

  /** Those that stay are held to the same conditions: all or none. */
  private async ofKind(
    projectId: string,
    ids: readonly string[],
    restrictTo: readonly SubjectKey[] | null,
    kind: MemoryKind,
  ): Promise<readonly string[]> {
    const memories = await this.memories.byIds(projectId, ids);
    const turns = (await this.memories.turns(projectId, ids)).map(({ id, scope }) => ({ id, scope, kind: 'fact' as const }));
    const found = new Map([...memories, ...turns].map((item) => [item.id, item]));
    const others = [...found.values()].filter((item) => item.kind !== kind);
    if (restrictTo !== null && others.some(({ scope }) => !restrictTo.includes(scope.subject)))
      throw new AppError('memory_forbidden', 'a memory belongs to somebody else');
    // What is unknown here goes on, to be refused as without a kind.
    return ids.filter((id) => (found.get(id)?.kind ?? kind) === kind);
  }
}
