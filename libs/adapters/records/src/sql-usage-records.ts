import type { UsageRecords } from '@continuo/ports';
import { sql } from 'kysely';
import type { Store } from './sql-dialect.ts';

export class SqlUsageRecords implements UsageRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async add(projectId: string, day: string, tokens: number): Promise<void> {
    await this.store.database
      .insertInto('usage')
      .values({ project_id: projectId, day, tokens })
      .onConflict((conflict) =>
        conflict.columns(['project_id', 'day']).doUpdateSet({ tokens: sql<number>`${sql.ref('usage.tokens')} + ${tokens}` }),
      )
      .execute();
  }

  async spent(projectId: string, day: string): Promise<number> {
    const row = await this.store.database
      .selectFrom('usage')
      .select('tokens')
      .where('project_id', '=', projectId)
      .where('day', '=', day)
      .executeTakeFirst();
    return row?.tokens ?? 0;
  }
}
