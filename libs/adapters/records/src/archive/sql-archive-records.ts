import { AppError } from '@continuo/contracts';
import type { ArchiveRecords, ArchiveReport, ArchiveRow } from '@continuo/ports';
import type { Database, Store } from '../sql-dialect.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { readSubject, subjectsAfter } from './read-subject.ts';

const SUBJECTS_PER_PAGE = 500;

export class SqlArchiveRecords implements ArchiveRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async *read(projectId: string, { vectors }: { readonly vectors: boolean }): AsyncIterable<ArchiveRow> {
    const project = await this.store.database.selectFrom('projects').selectAll().where('id', '=', projectId).executeTakeFirst();
    if (project === undefined) throw new AppError('not_found', 'there is no such project');
    yield { archive: 1, project: projectId, vectors };
    yield { row: 'project', createdAt: project.created_at };
    yield* keysOf(this.store.database, projectId);
    yield* usageOf(this.store.database, projectId);
    let subjects = 0;
    for (let last = ''; ;) {
      const page = await subjectsAfter(this.store.database, projectId, last, SUBJECTS_PER_PAGE);
      for (const subject of page) {
        const snapshot = await this.store.openSnapshot();
        try {
          yield* readSubject(snapshot.database, { projectId, subject }, vectors);
        } finally {
          await snapshot.close();
        }
        subjects += 1;
        last = subject;
      }
      if (page.length < SUBJECTS_PER_PAGE) break;
    }
    yield { row: 'end', subjects };
  }

  write(projectId: string, rows: AsyncIterable<unknown>): Promise<ArchiveReport> {
    return new ArchiveWriter(this.store, projectId).write(rows);
  }
}

async function* keysOf(database: Database, projectId: string): AsyncIterable<ArchiveRow> {
  const rows = await database.selectFrom('api_keys').selectAll().where('project_id', '=', projectId).orderBy('id').execute();
  for (const { id, key_hash: keyHash, hint, label, created_at: createdAt, revoked_at: revokedAt } of rows) {
    yield { row: 'key', id, keyHash, hint, label, createdAt, revokedAt };
  }
}

async function* usageOf(database: Database, projectId: string): AsyncIterable<ArchiveRow> {
  const rows = await database.selectFrom('usage').selectAll().where('project_id', '=', projectId).orderBy('day').execute();
  for (const { day, tokens } of rows) yield { row: 'usage', day, tokens };
}
