import { AppError } from '@continuo/contracts';
import { baseSubject } from '@continuo/domain';
import type { KnowledgeBase, KnowledgeRecords } from '@continuo/ports';
import { erase } from './erase-subject.ts';
import { baseOf } from './rows/file-row.ts';
import { wellFormed } from './rows/stored-text.ts';
import type { Store } from './sql-dialect.ts';

export class SqlKnowledgeRecords implements KnowledgeRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async create(base: Parameters<KnowledgeRecords['create']>[0]): Promise<void> {
    const { id, projectId, name, description, now } = wellFormed(base);
    await this.store.transact(async (transaction) => {
      // Its memories have a subject like all others, from the beginning.
      await transaction
        .insertInto('subjects')
        .values({ project_id: projectId, subject: baseSubject(id), epoch: 0, revision: 0, created_at: now })
        .execute();
      await transaction.insertInto('knowledge_bases').values({ id, project_id: projectId, name, description, created_at: now }).execute();
      await transaction.insertInto('knowledge_base_links').values({ base_id: id, project_id: projectId, created_at: now }).execute();
    });
  }

  async linkedTo(projectId: string): Promise<readonly KnowledgeBase[]> {
    const rows = await this.store.database
      .selectFrom('knowledge_bases')
      .innerJoin('knowledge_base_links', 'knowledge_base_links.base_id', 'knowledge_bases.id')
      .selectAll('knowledge_bases')
      .where('knowledge_base_links.project_id', '=', projectId)
      .orderBy('knowledge_bases.created_at')
      .orderBy('knowledge_bases.id')
      .execute();
    return rows.map(baseOf);
  }

  async find(projectId: string, baseId: string): Promise<{ readonly base: KnowledgeBase; readonly linked: boolean } | null> {
    const row = await this.store.database
      .selectFrom('knowledge_bases')
      .leftJoin('knowledge_base_links', (join) =>
        join.onRef('knowledge_base_links.base_id', '=', 'knowledge_bases.id').on('knowledge_base_links.project_id', '=', projectId),
      )
      .selectAll('knowledge_bases')
      .select('knowledge_base_links.project_id as linked_to')
      .where('knowledge_bases.id', '=', baseId)
      .executeTakeFirst();
    return row === undefined ? null : { base: baseOf(row), linked: row.linked_to !== null };
  }

  async link(projectId: string, baseId: string, now: number): Promise<void> {
    await this.store.transact(async (transaction) => {
      const known = transaction.selectFrom('knowledge_bases').select('id').where('id', '=', baseId);
      if ((await this.store.dialect.lockRows(known, 'hold').executeTakeFirst()) === undefined) throw noSuchBase();
      await transaction
        .insertInto('knowledge_base_links')
        .values({ base_id: baseId, project_id: projectId, created_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  async unlink(projectId: string, baseId: string): Promise<boolean> {
    const { numDeletedRows } = await this.store.database
      .deleteFrom('knowledge_base_links')
      .where('base_id', '=', baseId)
      .where('project_id', '=', projectId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  delete(baseId: string, now: number): Promise<KnowledgeBase | null> {
    return this.store.transact(
      async (transaction) => {
        const row = await transaction.selectFrom('knowledge_bases').selectAll().where('id', '=', baseId).executeTakeFirst();
        if (row === undefined) return null;
        const base = baseOf(row);
        // First, because it waits for whoever is keeping what was read in one of the files.
        await erase(transaction, this.store.dialect, base.scope, { keepMessages: false, now });
        const { numDeletedRows } = await transaction.deleteFrom('knowledge_bases').where('id', '=', baseId).executeTakeFirst();
        return numDeletedRows > 0n ? base : null;
      },
      { patient: true },
    );
  }
}

export const noSuchBase = (): AppError => new AppError('knowledge_base_not_found', 'There is no such knowledge base.');
