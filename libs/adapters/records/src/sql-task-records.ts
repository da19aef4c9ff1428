import type { Task, TaskRecords } from '@continuo/ports';
import { taskOf } from './rows/task-row.ts';
import type { Store } from './sql-dialect.ts';

export class SqlTaskRecords implements TaskRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async find(projectId: string, taskId: string): Promise<Task | null> {
    const row = await this.store.database
      .selectFrom('tasks')
      .selectAll()
      .where('id', '=', taskId)
      .where('project_id', '=', projectId)
      .executeTakeFirst();
    return row === undefined ? null : taskOf(row);
  }

  async sweep(beforeMs: number): Promise<void> {
    await this.store.transact(
      async (transaction) => {
        await transaction.deleteFrom('tasks').where('finished_at', 'is not', null).where('finished_at', '<', beforeMs).execute();
      },
      { patient: true },
    );
  }
}
