import type { Task, TaskRecords } from '@continuo/ports';
import type { Selectable } from 'kysely';
import { taskOf, wholeTaskOf } from './rows/task-row.ts';
import type { TasksTable } from './schema/tables.ts';
import type { Store } from './sql-dialect.ts';

type TaskRow = Selectable<TasksTable>;

export class SqlTaskRecords implements TaskRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async find(projectId: string, taskId: string): Promise<Task | null> {
    const { database, dialect } = this.store;
    const [[main], parts] = await dialect.readTogether<[TaskRow[], TaskRow[]]>([
      database.selectFrom('tasks').selectAll().where('id', '=', taskId).where('project_id', '=', projectId).compile(),
      // Of any project: what is copied into a knowledge base is the work of the project that made it.
      database.selectFrom('tasks').selectAll().where('parent_id', '=', taskId).orderBy('id').compile(),
    ]);
    return main === undefined ? null : wholeTaskOf(taskOf(main), parts.map(taskOf));
  }

  /** A task and its parts are forgotten together. */
  async sweep(beforeMs: number): Promise<void> {
    await this.store.transact(
      async (transaction) => {
        await transaction
          .deleteFrom('tasks')
          .where('parent_id', 'is', null)
          .where('finished_at', '<', beforeMs)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('tasks as parts')
                  .select('parts.id')
                  .whereRef('parts.parent_id', '=', 'tasks.id')
                  .where((part) => part.or([part('parts.finished_at', 'is', null), part('parts.finished_at', '>=', beforeMs)])),
              ),
            ),
          )
          .execute();
        await transaction
          .deleteFrom('tasks')
          .where('parent_id', 'is not', null)
          .where('finished_at', '<', beforeMs)
          .where(({ not, exists, selectFrom }) =>
            not(exists(selectFrom('tasks as mains').select('mains.id').whereRef('mains.id', '=', 'tasks.parent_id'))),
          )
          .execute();
      },
      { patient: true },
    );
  }
}
