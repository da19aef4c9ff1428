import { AppError } from '@continuo/contracts';
import type { ArchiveRecords, ArchiveReport, ArchiveRow } from '@continuo/ports';
import type { Store } from '../sql-dialect.ts';
import { SqlProjectRecords } from '../sql-project-records.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { baseOf, keysOf, templatesOf, usageOf } from './read-project.ts';
import { readSubject, subjectsAfter } from './read-subject.ts';

const SUBJECTS_PER_PAGE = 500;

export class SqlArchiveRecords implements ArchiveRecords {
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  async *read(projectId: string, { vectors }: { readonly vectors: boolean }): AsyncIterable<ArchiveRow> {
    const project = await new SqlProjectRecords(this.store).find(projectId);
    if (project === null) throw new AppError('not_found', 'there is no such project');
    yield { archive: 2, project: projectId, vectors };
    yield { row: 'project', createdAt: project.createdAt, settings: project.settings };
    yield* keysOf(this.store.database, projectId);
    yield* usageOf(this.store.database, projectId);
    yield* templatesOf(this.store.database, projectId);
    let subjects = 0;
    for (let last = ''; ;) {
      const page = await subjectsAfter(this.store.database, projectId, last, SUBJECTS_PER_PAGE);
      for (const subject of page) {
        const snapshot = await this.store.openSnapshot();
        try {
          yield* baseOf(snapshot.database, { projectId, subject });
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
