import { AppError, indexOutbox } from '@continuo/contracts';
import type { FileRecords, FileType, JobQueue, KnowledgeFile } from '@continuo/ports';
import type { KnowledgeBases } from './knowledge-bases.use-case.ts';

export interface FilePage {
  readonly items: readonly KnowledgeFile[];
  readonly total: number;
}

/** Files of the knowledge bases a project may use: how far they are, what is in them, and their removal. */
export class KnowledgeFiles {
  private readonly bases: KnowledgeBases;
  private readonly files: FileRecords;
  private readonly jobs: JobQueue;

  constructor(bases: KnowledgeBases, files: FileRecords, jobs: JobQueue) {
    this.bases = bases;
    this.files = files;
    this.jobs = jobs;
  }

  /** In the order asked for; those that are not there, or not for this project, are left out. */
  byIds(projectId: string, fileIds: readonly string[]): Promise<readonly KnowledgeFile[]> {
    return this.files.byIds(projectId, fileIds);
  }

  /** @throws AppError `knowledge_base_not_found`, `knowledge_base_not_linked`. */
  async list(
    projectId: string,
    baseId: string,
    query: { readonly type: FileType | null; readonly page: number; readonly size: number },
  ): Promise<FilePage> {
    await this.bases.linked(projectId, baseId);
    return this.files.list(baseId, query);
  }

  /**
   * Deletes files with all that was made of them, all or none.
   * @param baseId whose they must be; null: any of the project's.
   * @throws AppError `not_found`.
   */
  async delete(projectId: string, fileIds: readonly string[], baseId: string | null): Promise<void> {
    const ids = [...new Set(fileIds)];
    if (baseId !== null) {
      const files = await this.files.byIds(projectId, ids);
      if (files.length < ids.length || files.some((file) => file.baseId !== baseId)) throw noSuchFile();
    }
    await this.files.delete(projectId, ids, Date.now());
    await this.jobs.enqueue(indexOutbox, {});
  }

  /** A skill file as it was uploaded. @throws AppError `not_found`. */
  async skill(projectId: string, fileId: string): Promise<{ readonly file: KnowledgeFile; readonly bytes: AsyncIterable<Uint8Array> }> {
    const [file] = await this.files.byIds(projectId, [fileId]);
    if (file?.type !== 'skill' || file.status !== 'completed') throw noSuchFile();
    return { file, bytes: this.content(fileId) };
  }

  private async *content(fileId: string): AsyncIterable<Uint8Array> {
    for (let place = 0; ; place += 1) {
      const part = await this.files.part(fileId, place);
      if (part === null) return;
      yield part;
    }
  }
}

const noSuchFile = (): AppError => new AppError('not_found', 'There is no such file.');
