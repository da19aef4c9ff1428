import { AppError } from '@continuo/contracts';
import { type CallOptions, FILE_LIMITS, type GivenFile, type ReadSkill, type SkillReader } from '@continuo/ports';
import { type Closable, queueOf, type ReaderSettings } from './document-reader.ts';
import { DEFAULT_PARSING_LIMITS } from './parsing/limits.ts';
import type { ParserQueue } from './sandbox/parser-queue.ts';

/** Reads each skill in a child process of its own, one after the other. Nothing runs while nothing is read. */
export function openSkillReader(settings: ReaderSettings = {}): Closable<SkillReader> {
  return new ChildSkillReader(queueOf(settings));
}

class ChildSkillReader implements SkillReader {
  readonly #queue: ParserQueue;

  constructor(queue: ParserQueue) {
    this.#queue = queue;
  }

  async read({ bytes, name }: Pick<GivenFile, 'bytes' | 'name'>, options: CallOptions): Promise<ReadSkill> {
    // Which of the two it is, the child tells; nothing larger than the larger one goes there.
    if (bytes.length > FILE_LIMITS.skillArchiveBytes) throw new AppError('file_too_large', 'A skill archive may have at most 20 MB.');
    if (bytes.length === 0) throw new AppError('file_invalid', 'The file is empty.');
    const job = { kind: 'skill', name, byteCount: bytes.length, limits: DEFAULT_PARSING_LIMITS } as const;
    return (await this.#queue.run(job, bytes, options)).value as ReadSkill;
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
