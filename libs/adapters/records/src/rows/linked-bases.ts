import { AppError } from '@continuo/contracts';
import { baseSubject, type Scope } from '@continuo/domain';
import type { Database } from '../sql-dialect.ts';
import { idLists } from './id-list.ts';

const BASE = baseSubject('');

/** What is in a knowledge base is within reach of whoever it is linked to, not of the project that made it. @throws AppError `memory_not_found`. */
export async function refuseUnlinked(database: Database, projectId: string, scopes: readonly Scope[]): Promise<void> {
  const bases = scopes.filter(({ subject }) => subject.startsWith(BASE)).map(({ subject }) => subject.slice(BASE.length));
  for (const ids of idLists(bases)) {
    const unlinked = await database
      .selectFrom('knowledge_bases')
      .leftJoin('knowledge_base_links', (join) =>
        join.onRef('knowledge_base_links.base_id', '=', 'knowledge_bases.id').on('knowledge_base_links.project_id', '=', projectId),
      )
      .select('knowledge_bases.id')
      .where('knowledge_bases.id', 'in', ids)
      .where('knowledge_base_links.project_id', 'is', null)
      .executeTakeFirst();
    if (unlinked !== undefined) throw new AppError('memory_not_found', 'there is no such memory');
  }
}
