import { AppError, indexOutbox } from '@continuo/contracts';
import type { MemoryKind, Scope } from '@continuo/domain';
import type { JobQueue, MemoryRecords } from '@continuo/ports';

/** Memories read, and deleted, together. */
const PAGE_SIZE = 200;

/** Deletes every memory of one kind that a subject has, and nothing else of it. */
export class ForgetKind {
  private readonly memories: Pick<MemoryRecords, 'list' | 'deleteByIds'>;
  private readonly jobs: JobQueue;

  constructor(memories: Pick<MemoryRecords, 'list' | 'deleteByIds'>, jobs: JobQueue) {
    this.memories = memories;
    this.jobs = jobs;
  }

  /** What is said while it works may stay. Returns how many were deleted. */
  async execute({ scope, kind }: { readonly scope: Scope; readonly kind: MemoryKind }): Promise<number> {
    const ids = await this.idsOf(scope, kind);
    for (let start = 0; start < ids.length; start += PAGE_SIZE) await this.delete(scope, ids.slice(start, start + PAGE_SIZE));
    if (ids.length > 0) await this.jobs.enqueue(indexOutbox, {});
    return ids.length;
  }

  private async idsOf(scope: Scope, kind: MemoryKind): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let page = 1, total = 1; (page - 1) * PAGE_SIZE < total; page += 1) {
      const read = await this.memories.list(scope, { kind, filter: null, page, size: PAGE_SIZE });
      total = read.total;
      // A dated fact is listed among the events, too, and stays a fact.
      ids.push(...read.items.filter((memory) => memory.kind === kind).map(({ id }) => id));
    }
    return [...new Set(ids)];
  }

  private async delete(scope: Scope, ids: readonly string[]): Promise<void> {
    try {
      await this.memories.deleteByIds(scope.projectId, ids, [scope.subject], Date.now());
    } catch (error) {
      // Erased meanwhile with everything else of the subject.
      if (!AppError.is(error, 'memory_not_found')) throw error;
    }
  }
}
