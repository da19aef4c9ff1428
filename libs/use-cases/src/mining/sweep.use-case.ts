import { AppError, drainInbox, erase, fillVectors, indexOutbox } from '@continuo/contracts';
import type {
  IndexWriter,
  InboxRecords,
  JobQueue,
  MemoryRecords,
  MessageRecords,
  OutboxRecords,
  ProjectRecords,
  RequestRecords,
  TaskRecords,
} from '@continuo/ports';

export interface SweepParts {
  readonly inbox: InboxRecords;
  readonly requests: RequestRecords;
  readonly tasks: Pick<TaskRecords, 'sweep'>;
  readonly projects: Pick<ProjectRecords, 'list'>;
  readonly messages: Pick<MessageRecords, 'sweepTranscripts'>;
  readonly memories: Pick<MemoryRecords, 'pendingErasures'>;
  readonly outbox: Pick<OutboxRecords, 'refill'>;
  readonly index: Pick<IndexWriter, 'needsRefill' | 'confirmRefill' | 'sweepTombstones'>;
  readonly jobs: JobQueue;
}

const SCOPES = 1_000;
const DAY_MS = 24 * 3_600_000;
const TOMBSTONES_MS = DAY_MS;
const REQUESTS_MS = 3_600_000;
/** Nobody asks for the outcome of a task a month after its end. */
const TASKS_MS = 30 * 24 * 3_600_000;

/**
 * Asks again for everything that is still waiting, in case a signal was lost: at start, then again and again. Nothing that must
 * happen rests on a signal alone.
 */
export class Sweep {
  private readonly parts: SweepParts;

  constructor(parts: SweepParts) {
    this.parts = parts;
  }

  /** Returns how many subjects had messages waiting. */
  async execute(): Promise<number> {
    await this.refillIndex();
    const scopes = await this.parts.inbox.pendingScopes(Date.now(), SCOPES);
    for (const scope of scopes) await this.parts.jobs.enqueue(drainInbox, { project_id: scope.projectId, subject: scope.subject });
    for (const { projectId, subject } of await this.parts.memories.pendingErasures())
      await this.parts.jobs.enqueue(erase, { project_id: projectId, subject });
    await this.parts.jobs.enqueue(indexOutbox, {});
    await this.parts.jobs.enqueue(fillVectors, {});
    return scopes.length;
  }

  /** A lost index is no reason to leave messages unmined: whoever sweeps next looks again. */
  private async refillIndex(): Promise<void> {
    try {
      const name = await this.parts.index.needsRefill();
      if (name === null) return;
      await this.parts.outbox.refill();
      await this.parts.index.confirmRefill(name);
    } catch (error) {
      if (!AppError.is(error, 'index_unavailable')) throw error;
    }
  }

  /** Forgets what has outlived its use; hourly is often enough, and rewriting the index is not for every round. */
  async tidy(): Promise<void> {
    const now = Date.now();
    await this.parts.requests.sweep(now - REQUESTS_MS);
    await this.parts.tasks.sweep(now - TASKS_MS);
    for (const { id, settings } of await this.parts.projects.list()) {
      if (settings.retentionDays !== null) await this.parts.messages.sweepTranscripts(id, now - settings.retentionDays * DAY_MS, now);
    }
    await this.parts.index.sweepTombstones(now - TOMBSTONES_MS);
  }
}
