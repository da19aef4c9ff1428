import { indexOutbox } from '@continuo/contracts';
import type { SubjectKey } from '@continuo/domain';
import type { JobQueue, MemoryRecords } from '@continuo/ports';

/** Deletes memories by id, all or none; old evidence cannot bring them back. */
export class DeleteMemories {
  private readonly memories: MemoryRecords;
  private readonly jobs: JobQueue;

  constructor(memories: MemoryRecords, jobs: JobQueue) {
    this.memories = memories;
    this.jobs = jobs;
  }

  /** @throws AppError `memory_not_found`, `memory_forbidden`. */
  async execute(input: {
    readonly projectId: string;
    readonly memoryIds: readonly string[];
    readonly restrictTo: readonly SubjectKey[] | null;
  }): Promise<void> {
    await this.memories.deleteByIds(input.projectId, [...new Set(input.memoryIds)], input.restrictTo, Date.now());
    await this.jobs.enqueue(indexOutbox, {});
  }
}
