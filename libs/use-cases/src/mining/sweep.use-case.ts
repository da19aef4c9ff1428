import { drainInbox, fillVectors, indexOutbox } from '@continuo/contracts';
import type { InboxRecords, JobQueue, MemoryIndex, RequestRecords } from '@continuo/ports';

const SCOPES = 1_000;
const TOMBSTONES_MS = 24 * 3_600_000;
const REQUESTS_MS = 3_600_000;

/**
 * Asks again for everything that is still waiting, in case a signal was lost: at start, then again and again. Nothing that must
 * happen rests on a signal alone.
 */
export class Sweep {
  private readonly inbox: InboxRecords;
  private readonly requests: RequestRecords;
  private readonly index: MemoryIndex;
  private readonly jobs: JobQueue;

  constructor(inbox: InboxRecords, requests: RequestRecords, index: MemoryIndex, jobs: JobQueue) {
    this.inbox = inbox;
    this.requests = requests;
    this.index = index;
    this.jobs = jobs;
  }

  /** Returns how many subjects had messages waiting. */
  async execute(): Promise<number> {
    const scopes = await this.inbox.pendingScopes(Date.now(), SCOPES);
    for (const scope of scopes) await this.jobs.enqueue(drainInbox, { project_id: scope.projectId, subject: scope.subject });
    await this.jobs.enqueue(indexOutbox, {});
    await this.jobs.enqueue(fillVectors, {});
    return scopes.length;
  }

  /** Forgets what has outlived its use; hourly is often enough, and rewriting the index is not for every round. */
  async tidy(): Promise<void> {
    const now = Date.now();
    await this.requests.sweep(now - REQUESTS_MS);
    await this.index.sweepTombstones(now - TOMBSTONES_MS);
  }
}
