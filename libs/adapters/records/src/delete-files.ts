import { AppError } from '@continuo/contracts';
import { documentMemoryId, type Scope, scopeKey } from '@continuo/domain';
import { ARRIVING, scopeOfBase } from './rows/file-row.ts';
import { idLists } from './rows/id-list.ts';
import { lockSubject, raiseRevision } from './rows/lock-items.ts';
import { putIntoOutbox } from './rows/outbox-rows.ts';
import type { Database, SqlDialect, Store } from './sql-dialect.ts';

interface FileRow {
  readonly id: string;
  readonly scope: Scope;
  readonly chunks: number;
}

/** Removes files with all that was made of them. See `FileRecords.delete`. */
export function deleteFiles(store: Store, projectId: string, fileIds: readonly string[], now: number): Promise<void> {
  return store.transact(
    async (transaction) => {
      const { dialect } = store;
      const scopes = new Map((await namedFiles(transaction, projectId, fileIds)).map(({ scope }) => [scopeKey(scope), scope]));
      const inOrder = [...scopes].toSorted(([a], [b]) => (a < b ? -1 : 1));
      for (const [, scope] of inOrder) await lockSubject(transaction, dialect, scope);
      await lockFiles(transaction, dialect, fileIds);
      // Somebody may have finished or deleted some of them until now.
      const files = await namedFiles(transaction, projectId, fileIds);
      for (const [key, scope] of inOrder) {
        const ofBase = files.filter((file) => scopeKey(file.scope) === key);
        const memoryIds = ofBase.flatMap(({ id, chunks }) => Array.from({ length: chunks }, (_, place) => documentMemoryId(id, place)));
        await removeMemories(transaction, dialect, scope, memoryIds, now);
      }
      for (const ids of idLists(fileIds)) await transaction.deleteFrom('files').where('id', 'in', ids).execute();
    },
    { patient: true },
  );
}

/** @throws AppError `not_found` when one is missing, or belongs to a base that the project may not use. */
async function namedFiles(transaction: Database, projectId: string, fileIds: readonly string[]): Promise<readonly FileRow[]> {
  const files = new Map<string, FileRow>();
  for (const ids of idLists(fileIds)) {
    const rows = await transaction
      .selectFrom('files')
      .innerJoin('knowledge_bases', 'knowledge_bases.id', 'files.base_id')
      .innerJoin('knowledge_base_links', 'knowledge_base_links.base_id', 'files.base_id')
      .select(['files.id as file_id', 'files.chunks', 'knowledge_bases.id', 'knowledge_bases.project_id'])
      .where('files.id', 'in', ids)
      .where('files.status', '<>', ARRIVING)
      .where('knowledge_base_links.project_id', '=', projectId)
      .execute();
    for (const row of rows) files.set(row.file_id, { id: row.file_id, scope: scopeOfBase(row), chunks: row.chunks });
  }
  if (fileIds.some((id) => !files.has(id))) throw new AppError('not_found', 'There is no such file.');
  return [...files.values()];
}

async function lockFiles(transaction: Database, dialect: SqlDialect, fileIds: readonly string[]): Promise<void> {
  for (const ids of idLists(fileIds.toSorted())) {
    await dialect.lockRows(transaction.selectFrom('files').select('id').where('id', 'in', ids).orderBy('id'), 'alone').execute();
  }
}

async function removeMemories(transaction: Database, dialect: SqlDialect, scope: Scope, memoryIds: readonly string[], now: number) {
  if (memoryIds.length === 0) return;
  for (const ids of idLists(memoryIds.toSorted())) {
    await dialect.lockRows(transaction.selectFrom('memories').select('id').where('id', 'in', ids).orderBy('id'), 'alone').execute();
    const removed = await transaction
      .deleteFrom('memories')
      .where('id', 'in', ids)
      .where('project_id', '=', scope.projectId)
      .where('subject', '=', scope.subject)
      .returning(['id', 'index_version'])
      .execute();
    await putIntoOutbox(
      transaction,
      removed.map((row) => ({ id: row.id, kind: 'memory', scope, newness: now, indexVersion: row.index_version + 1 })),
    );
    await transaction.deleteFrom('vectors').where('item_id', 'in', ids).execute();
  }
  await raiseRevision(transaction, scope);
}
