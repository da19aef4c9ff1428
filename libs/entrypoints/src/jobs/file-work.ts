import type { Log } from '@continuo/platform';
import type { FileRecords, JobQueue } from '@continuo/ports';
import { type FileReaders, ReadFiles, SweepFiles } from '@continuo/use-cases';

/** Knowledge bases whose files are read at once here; the reader itself takes one file after another. */
export const FILE_LANES = 2;

/** What reads files behind the requests. */
export class FileWork {
  private readonly reading: ReadFiles;
  private readonly sweeping: SweepFiles;
  private readonly log: Log;

  constructor(files: FileRecords, readers: FileReaders, queue: JobQueue, log: Log) {
    this.reading = new ReadFiles(files, readers, queue);
    this.sweeping = new SweepFiles(files, queue);
    this.log = log;
  }

  async read({ knowledge_base_id: knowledgeBaseId }: { readonly knowledge_base_id: string }, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const files = await this.reading.execute(knowledgeBaseId, signal);
    if (files > 0) this.log.info('files_read', { knowledgeBaseId, files, durationMs: Math.round(performance.now() - startedAt) });
  }

  sweep(): Promise<void> {
    return this.sweeping.execute();
  }
}
