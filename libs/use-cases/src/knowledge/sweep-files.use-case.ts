import { readFiles } from '@continuo/contracts';
import type { FileRecords, JobQueue } from '@continuo/ports';

const BASES = 1_000;
/** Longer than any request takes to arrive. */
const STALE_MS = 30 * 60_000;

/** Asks again for files that wait to be read, and removes what was left of uploads whose process ended. */
export class SweepFiles {
  private readonly files: Pick<FileRecords, 'basesWithWork' | 'withdrawStale'>;
  private readonly jobs: JobQueue;

  constructor(files: Pick<FileRecords, 'basesWithWork' | 'withdrawStale'>, jobs: JobQueue) {
    this.files = files;
    this.jobs = jobs;
  }

  async execute(): Promise<void> {
    const now = Date.now();
    await this.files.withdrawStale(now - STALE_MS);
    for (const baseId of await this.files.basesWithWork(now, BASES)) await this.jobs.enqueue(readFiles, { knowledge_base_id: baseId });
  }
}
