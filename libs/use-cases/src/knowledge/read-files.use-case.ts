import { AppError, type ErrorCode, indexOutbox } from '@continuo/contracts';
import {
  type DocumentReader,
  FILE_LIMITS,
  type FileFetcher,
  type FileOutcome,
  type FileRecords,
  type FileToRead,
  type GivenFile,
  type JobQueue,
  type SkillReader,
} from '@continuo/ports';
import { endingOf } from './file-names.ts';
import { memoriesOfDocument, memoryOfSkill } from './file-memories.ts';

export interface FileReaders {
  readonly documents: DocumentReader;
  readonly skills: SkillReader;
  readonly fetcher: FileFetcher;
}

/** A file that ends the process, or meets a fault of ours, again and again is given up. */
const MOST_ATTEMPTS = 6;
/** A server that does not answer may do so a moment later; an address that is wrong stays wrong. */
const MOST_FETCHES = 3;
const BACKOFF_MS = 2_000;
const BACKOFF_FACTOR = 4;
const CROWDED_MS = 5_000;
const PART_BYTES = 1024 * 1024;

/** What is wrong with the file itself: reading it again would end the same way. */
const FAULTS_OF_FILE = ['file_type_unsupported', 'file_invalid', 'file_too_large'] as const satisfies readonly ErrorCode[];

/** Turns the files of a knowledge base that wait for it into memories. */
export class ReadFiles {
  private readonly files: FileRecords;
  private readonly readers: FileReaders;
  private readonly jobs: JobQueue;

  constructor(files: FileRecords, readers: FileReaders, jobs: JobQueue) {
    this.files = files;
    this.readers = readers;
    this.jobs = jobs;
  }

  /** Until none is due. Returns how many were finished, well or not. */
  async execute(baseId: string, signal: AbortSignal): Promise<number> {
    let finished = 0;
    while (!signal.aborted) {
      const next = await this.files.takeNext(baseId, Date.now());
      if (next === null) break;
      if (await this.handle(next, signal)) finished += 1;
      await this.jobs.enqueue(indexOutbox, {});
    }
    return finished;
  }

  private async handle(next: FileToRead, signal: AbortSignal): Promise<boolean> {
    try {
      return await this.files.finish(next.file.id, await this.outcomeOf(next, signal), Date.now());
    } catch (error) {
      const isOurs = signal.aborted || AppError.is(error, 'draining') || AppError.is(error, 'records_unavailable');
      const waitMs = signal.aborted ? 0 : isOurs ? CROWDED_MS : BACKOFF_MS * BACKOFF_FACTOR ** (next.attempt - 1);
      await this.files.postpone(next.file.id, Date.now() + waitMs, !isOurs);
      // Whoever runs the job tells of what nobody foresaw.
      if (!AppError.is(error) || signal.aborted) throw error;
      return false;
    }
  }

  /** @throws whatever does not lie in the file: it is read again later. */
  private async outcomeOf(next: FileToRead, signal: AbortSignal): Promise<FileOutcome> {
    const { file, attempt } = next;
    if (attempt > MOST_ATTEMPTS) return failed('gave_up', `The file was not read in ${MOST_ATTEMPTS} attempts.`, file.size);
    let given: GivenFile;
    try {
      given = next.url === null ? await this.stored(next) : await this.fetched(next, next.url, signal);
    } catch (error) {
      if (AppError.is(error, 'invalid_request')) return failed('address_refused', error.message, 0);
      if (AppError.is(error, 'file_too_large')) return failed('file_too_large', error.message, 0);
      if (AppError.is(error, 'file_invalid') && attempt >= MOST_FETCHES) return failed('not_fetched', error.message, 0);
      throw error;
    }
    try {
      return await this.read(next, given, signal);
    } catch (error) {
      const fault = FAULTS_OF_FILE.find((code) => AppError.is(error, code));
      if (fault === undefined) throw error;
      return failed(fault, (error as AppError).message, given.bytes.length);
    }
  }

  private async read({ file, scope }: FileToRead, given: GivenFile, signal: AbortSignal): Promise<FileOutcome> {
    const name = endingOf(file.name) === '' && endingOf(given.name) !== '' ? given.name : file.name;
    const origin = { file, name, scope, now: Date.now() };
    const done = { status: 'completed', name, size: given.bytes.length } as const;
    if (file.type === 'document') {
      const document = await this.readers.documents.read(given, { signal });
      return { ...done, memories: memoriesOfDocument(origin, document), keepContent: false };
    }
    const skill = await this.readers.skills.read(given, { signal });
    return { ...done, memories: [memoryOfSkill(origin, skill)], keepContent: true };
  }

  private async stored({ file, declaredType }: FileToRead): Promise<GivenFile> {
    const bytes = new Uint8Array(file.size);
    let filled = 0;
    for (let place = 0; filled < file.size; place += 1) {
      const part = await this.files.part(file.id, place);
      // Deleted meanwhile: whatever comes of it is not kept.
      if (part === null) throw new AppError('file_invalid', 'The file has gone.');
      bytes.set(part, filled);
      filled += part.length;
    }
    return { bytes, name: file.name, declaredType };
  }

  /** Of a skill, what was fetched is kept as if it had been sent. */
  private async fetched({ file, declaredType }: FileToRead, url: string, signal: AbortSignal): Promise<GivenFile> {
    const maxBytes = file.type === 'skill' ? FILE_LIMITS.skillArchiveBytes : FILE_LIMITS.documentBytes;
    const given = await this.readers.fetcher.fetch(url, { maxBytes }, { signal });
    if (file.type === 'skill') {
      for (let from = 0, place = 0; from < given.bytes.length; from += PART_BYTES, place += 1) {
        await this.files.addPart(file.id, place, given.bytes.subarray(from, from + PART_BYTES), Date.now());
      }
    }
    // A name that tells what the file is was given, or stands in the address; else the server knows better.
    const name = endingOf(file.name) === '' ? given.name : file.name;
    return { bytes: given.bytes, name, declaredType: declaredType ?? given.declaredType };
  }
}

const failed = (word: string, sentence: string, size: number): FileOutcome => ({ status: 'failed', reason: `${word}: ${sentence}`, size });
