import { randomUUID } from 'node:crypto';
import { AppError, readFiles } from '@continuo/contracts';
import { FILE_LIMITS, type FileRecords, type FileType, type JobQueue, type KnowledgeFile } from '@continuo/ports';
import { nameOfAddress, nameOfFile, requireReadable } from './file-names.ts';
import type { KnowledgeBases } from './knowledge-bases.use-case.ts';

/** The contract's limits on one upload. */
export const UPLOAD_LIMITS = { files: 20, bytesTogether: 300 * 1024 * 1024 } as const;

/** Small enough to cross to any store at once, large enough that a file has few of them. */
const PART_BYTES = 1024 * 1024;

export interface SentFile {
  readonly type: FileType;
  /** Empty: none was given. */
  readonly name: string;
  readonly declaredType: string | null;
  /** Where it is to be fetched from, or its bytes as they come. */
  readonly content: { readonly url: string } | { readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array> };
}

export interface AddFilesInput {
  readonly projectId: string;
  readonly baseId: string;
  /** Taken one after another, each to its end. */
  readonly files: AsyncIterable<SentFile> | Iterable<SentFile>;
}

/** Takes files in and asks for their reading. The caller never waits for that; at no time is a whole file held in memory. */
export class AddFiles {
  private readonly bases: KnowledgeBases;
  private readonly files: FileRecords;
  private readonly jobs: JobQueue;

  constructor(bases: KnowledgeBases, files: FileRecords, jobs: JobQueue) {
    this.bases = bases;
    this.files = files;
    this.jobs = jobs;
  }

  /**
   * All files or none: whatever goes wrong before the last has arrived leaves nothing behind.
   * @throws AppError `knowledge_base_not_found`, `knowledge_base_not_linked`, `empty_collection`, `too_many_files`, `file_too_large`,
   * `files_too_large`, `file_type_unsupported`, and whatever ends the bytes of a file early.
   */
  async execute({ projectId, baseId, files }: AddFilesInput): Promise<readonly KnowledgeFile[]> {
    await this.bases.linked(projectId, baseId);
    const upload = new Upload(this.files, baseId);
    try {
      for await (const file of files) await upload.take(file);
      const admitted = await upload.end();
      await this.jobs.enqueue(readFiles, { knowledge_base_id: baseId });
      return admitted;
    } catch (error) {
      // What cannot be removed now, because the store is away, is removed when it has been left alone for a while.
      await upload.withdraw().catch(() => undefined);
      throw error;
    }
  }
}

class Upload {
  private readonly files: FileRecords;
  private readonly baseId: string;
  private readonly ids: string[] = [];
  private bytes = 0;
  private readonly now = Date.now();

  constructor(files: FileRecords, baseId: string) {
    this.files = files;
    this.baseId = baseId;
  }

  async take({ type, name: given, declaredType, content }: SentFile): Promise<void> {
    if (this.ids.length >= UPLOAD_LIMITS.files)
      throw new AppError('too_many_files', `At most ${UPLOAD_LIMITS.files} files go into one request.`);
    const url = 'url' in content ? content.url : null;
    const name = nameOfFile(given === '' && url !== null ? nameOfAddress(url) : given, declaredType);
    if (url === null || given !== '') requireReadable(type, name, declaredType);
    const id = randomUUID().replaceAll('-', '');
    this.ids.push(id);
    // Files of one upload are read in the order they were sent.
    await this.files.announce({ id, baseId: this.baseId, type, name, declaredType, url }, this.now + this.ids.length - 1);
    if ('bytes' in content) await this.store(id, content.bytes);
  }

  async end(): Promise<readonly KnowledgeFile[]> {
    if (this.ids.length === 0) throw new AppError('empty_collection', 'No file was sent.');
    return this.files.admit(this.ids, Date.now());
  }

  withdraw(): Promise<void> {
    return this.files.withdraw(this.ids);
  }

  private async store(fileId: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    let place = 0;
    let size = 0;
    const before = this.bytes;
    for await (const part of inParts(bytes, (length) => this.count((size += length), before))) {
      await this.files.addPart(fileId, place, part, Date.now());
      place += 1;
    }
  }

  /** Called before anything is kept of what exceeds a limit. */
  private count(size: number, before: number): void {
    if (size > FILE_LIMITS.documentBytes) throw new AppError('file_too_large', 'A file may have at most 100 MB.');
    this.bytes = before + size;
    if (this.bytes > UPLOAD_LIMITS.bytesTogether)
      throw new AppError('files_too_large', 'The files of one request may have at most 300 MB.');
  }
}

/** The same bytes in pieces of one size, the last aside. */
async function* inParts(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  arrived: (length: number) => void,
): AsyncIterable<Uint8Array> {
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;
  for await (const piece of bytes) {
    arrived(piece.length);
    for (let from = 0; from < piece.length;) {
      const taken = piece.subarray(from, from + PART_BYTES - filled);
      part.set(taken, filled);
      filled += taken.length;
      from += taken.length;
      if (filled < PART_BYTES) continue;
      yield part;
      part = new Uint8Array(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}
