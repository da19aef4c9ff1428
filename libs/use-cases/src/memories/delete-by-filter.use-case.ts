import { indexOutbox } from '@continuo/contracts';
import type { Filter, MemoryKind } from '@continuo/domain';
import type { JobQueue, MemoryRecords } from '@continuo/ports';

/** Deletes every memory of a project that a filter matches, of users and agents and public ones; knowledge bases are left alone. */
export class DeleteByFilter {
  private readonly memories: Pick<MemoryRecords, 'deleteByFilter'>;
  private readonly jobs: JobQueue;

  constructor(memories: Pick<MemoryRecords, 'deleteByFilter'>, jobs: JobQueue) {
    this.memories = memories;
    this.jobs = jobs;
  }

  /** Returns how many were deleted; none is no error. */
  async execute(input: { readonly projectId: string; readonly filter: Filter; readonly kinds: readonly MemoryKind[] }): Promise<number> {
    const deleted = await this.memories.deleteByFilter(input.projectId, input.filter, input.kinds, Date.now());
    if (deleted > 0) await this.jobs.enqueue(indexOutbox, {});
    return deleted;
  }
}
