import { AppError } from '@continuo/contracts';
import type { FileOutcome, FileRecords, FileToRead, FileType, KnowledgeFile, NewKnowledgeFile } from '@continuo/ports';
import { sql } from 'kysely';
import { deleteFiles } from './delete-files.ts';
import { finishFile } from './finish-file.ts';
import { ARRIVING, fileOf, scopeOfBase } from './rows/file-row.ts';
import { idLists } from './rows/id-list.ts';
import { wellFormed, wellFormedText } from './rows/stored-text.ts';
import type { Store } from './sql-dialect.ts';
import { noSuchBase } from './sql-knowledge-records.ts';

/** Written out in every query that is to use the partial index over it. */
const unfinished = sql<boolean>`finished_at is null`;

export class SqlFileRecords implements FileRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async announce(file: NewKnowledgeFile, now: number): Promise<void> {
    const { id, baseId, type, name, declaredType, url } = wellFormed(file);
    await this.store.transact(async (transaction) => {
      const known = transaction.selectFrom('knowledge_bases').select('id').where('id', '=', baseId);
      if ((await this.store.dialect.lockRows(known, 'hold').executeTakeFirst()) === undefined) throw noSuchBase();
      const state = { status: ARRIVING, reason: null, chunks: 0, attempts: 0, due_at: now, created_at: now, finished_at: null };
      await transaction
        .insertInto('files')
        .values({ id, base_id: baseId, type, name, declared_type: declaredType, size: 0, url, ...state })
        .execute();
    });
  }

  async addPart(fileId: string, place: number, bytes: Uint8Array, now: number): Promise<void> {
    // A view of something larger would cross to the thread of the database with all of it.
    const exact = new Uint8Array(bytes);
    await this.store.transact(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('files')
        .set({ due_at: sql<number>`case when status = ${ARRIVING} then ${now} else due_at end` })
        .where('id', '=', fileId)
        .where(unfinished)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new AppError('not_found', 'The file was deleted while it arrived.');
      await transaction
        .insertInto('file_parts')
        .values({ file_id: fileId, place, bytes: exact })
        .onConflict((conflict) => conflict.columns(['file_id', 'place']).doUpdateSet({ bytes: exact }))
        .execute();
    });
  }

  admit(fileIds: readonly string[], now: number): Promise<readonly KnowledgeFile[]> {
    return this.store.transact(async (transaction) => {
      const admitted = new Map<string, KnowledgeFile>();
      for (const ids of idLists(fileIds)) {
        const rows = await transaction
          .updateTable('files')
          .set({
            status: 'running',
            due_at: now,
            size: sql<number>`coalesce((select sum(length(bytes)) from file_parts where file_id = files.id), 0)`,
          })
          .where('id', 'in', ids)
          .where('status', '=', ARRIVING)
          .returningAll()
          .execute();
        for (const row of rows) admitted.set(row.id, fileOf(row));
      }
      return fileIds.map((id) => {
        const file = admitted.get(id);
        if (file === undefined) throw noSuchBase();
        return file;
      });
    });
  }

  async withdraw(fileIds: readonly string[]): Promise<void> {
    for (const ids of idLists(fileIds)) {
      await this.store.database.deleteFrom('files').where('id', 'in', ids).where('status', '=', ARRIVING).execute();
    }
  }

  async withdrawStale(before: number): Promise<number> {
    const { numDeletedRows } = await this.store.database
      .deleteFrom('files')
      .where(unfinished)
      .where('status', '=', ARRIVING)
      .where('due_at', '<', before)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  async byIds(projectId: string, fileIds: readonly string[]): Promise<readonly KnowledgeFile[]> {
    const found = new Map<string, KnowledgeFile>();
    for (const ids of idLists(fileIds)) {
      const rows = await this.store.database
        .selectFrom('files')
        .innerJoin('knowledge_base_links', 'knowledge_base_links.base_id', 'files.base_id')
        .selectAll('files')
        .where('files.id', 'in', ids)
        .where('files.status', '<>', ARRIVING)
        .where('knowledge_base_links.project_id', '=', projectId)
        .execute();
      for (const row of rows) found.set(row.id, fileOf(row));
    }
    return [...new Set(fileIds)].flatMap((id) => found.get(id) ?? []);
  }

  async list(baseId: string, { type, page, size }: { readonly type: FileType | null; readonly page: number; readonly size: number }) {
    let matching = this.store.database.selectFrom('files').where('base_id', '=', baseId).where('status', '<>', ARRIVING);
    if (type !== null) matching = matching.where('type', '=', type);
    const rows = await matching
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(size)
      .offset(Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER))
      .execute();
    const { total } = await matching.select((count) => count.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    return { items: rows.map(fileOf), total: Number(total) };
  }

  async part(fileId: string, place: number): Promise<Uint8Array | null> {
    const row = await this.store.database
      .selectFrom('file_parts')
      .select('bytes')
      .where('file_id', '=', fileId)
      .where('place', '=', place)
      .executeTakeFirst();
    return row?.bytes ?? null;
  }

  delete(projectId: string, fileIds: readonly string[], now: number): Promise<void> {
    return deleteFiles(this.store, projectId, fileIds, now);
  }

  async basesWithWork(now: number, limit: number): Promise<readonly string[]> {
    const rows = await this.store.database
      .selectFrom('files')
      .select(['base_id', sql<number>`min(due_at)`.as('since')])
      .where(unfinished)
      .where('status', '=', 'running')
      .where('due_at', '<=', now)
      .groupBy('base_id')
      .orderBy('since')
      .limit(limit)
      .execute();
    return rows.map((row) => row.base_id);
  }

  takeNext(baseId: string, now: number): Promise<FileToRead | null> {
    return this.store.transact(async (transaction) => {
      const due = transaction
        .selectFrom('files')
        .selectAll()
        .where('base_id', '=', baseId)
        .where('status', '=', 'running')
        .where('due_at', '<=', now)
        .orderBy('created_at')
        .orderBy('id')
        .limit(1);
      const row = await this.store.dialect.lockRows(due, 'change').executeTakeFirst();
      if (row === undefined) return null;
      const base = await transaction.selectFrom('knowledge_bases').select(['id', 'project_id']).where('id', '=', baseId).executeTakeFirst();
      if (base === undefined) return null;
      const attempt = row.attempts + 1;
      await transaction.updateTable('files').set({ attempts: attempt }).where('id', '=', row.id).execute();
      return { file: fileOf(row), scope: scopeOfBase(base), declaredType: row.declared_type, url: row.url, attempt };
    });
  }

  async postpone(fileId: string, dueAt: number, counted: boolean): Promise<void> {
    await this.store.database
      .updateTable('files')
      .set({ due_at: dueAt, ...(counted ? {} : { attempts: sql<number>`case when attempts > 0 then attempts - 1 else 0 end` }) })
      .where('id', '=', fileId)
      .where('status', '=', 'running')
      .execute();
  }

  finish(fileId: string, outcome: FileOutcome, now: number): Promise<boolean> {
    const stored = outcome.status === 'completed' ? wellFormed(outcome) : { ...outcome, reason: wellFormedText(outcome.reason) };
    return finishFile(this.store, fileId, stored, now);
  }
}
