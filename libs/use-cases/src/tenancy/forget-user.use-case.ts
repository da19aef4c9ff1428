import { erase, indexOutbox } from '@continuo/contracts';
import type { Scope } from '@continuo/domain';
import type { ErasureReport, JobQueue, MemoryRecords } from '@continuo/ports';

/** Erases one subject: invisible at once, gone from every projection soon after. */
export class ForgetUser {
  private readonly memories: MemoryRecords;
  private readonly jobs: JobQueue;
  private readonly keepMessages: boolean;

  constructor(memories: MemoryRecords, jobs: JobQueue, keepMessages: boolean) {
    this.memories = memories;
    this.jobs = jobs;
    this.keepMessages = keepMessages;
  }

  /** @throws AppError `user_not_found`. */
  async execute({ scope }: { readonly scope: Scope }): Promise<ErasureReport> {
    const report = await this.memories.eraseSubject(scope, { keepMessages: this.keepMessages, now: Date.now() });
    await this.jobs.enqueue(indexOutbox, {});
    await this.jobs.enqueue(erase, { project_id: scope.projectId, subject: scope.subject });
    return report;
  }
}
