import type { CallOptions, Task, TaskRecords } from '@continuo/ports';
import { pause } from './pause.ts';

const POLL_MS = 25;

/** Waits for tasks by asking the records, because whoever works on them may be another process. */
export class TaskWatch {
  /** A synchronous request waits no longer than this: the official client gives up after 30 s. */
  readonly waitMs: number;
  private readonly tasks: TaskRecords;

  constructor(tasks: TaskRecords, waitMs: number) {
    this.tasks = tasks;
    this.waitMs = waitMs;
  }

  /** The task's state when it ended, `running` when it had not until then (epoch milliseconds) or the caller left. */
  async finished(projectId: string, taskId: string, { until, signal }: { readonly until: number } & CallOptions): Promise<Task['status']> {
    for (;;) {
      const task = await this.tasks.find(projectId, taskId);
      if (task !== null && task.status !== 'running') return task.status;
      if (Date.now() >= until || signal?.aborted === true) return 'running';
      await pause(POLL_MS, undefined);
    }
  }
}
