import { drainInbox, indexOutbox } from '@continuo/contracts';
import type { Scope } from '@continuo/domain';
import type { JobQueue } from '@continuo/ports';

/** Asks for what was stored in these spaces to be indexed and mined. */
export async function signalSpaces(jobs: JobQueue, scopes: readonly Scope[]): Promise<void> {
  await jobs.enqueue(indexOutbox, {});
  for (const { projectId, subject } of scopes) await jobs.enqueue(drainInbox, { project_id: projectId, subject });
}
