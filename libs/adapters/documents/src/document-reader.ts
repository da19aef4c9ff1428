import { AppError } from '@continuo/contracts';
import { type CallOptions, type DocumentReader, FILE_LIMITS, type GivenFile, type ReadDocument } from '@continuo/ports';
import { DEFAULT_PARSING_LIMITS, type ParsingLimits } from './parsing/limits.ts';
import { ParserQueue, type QueueLimits } from './sandbox/parser-queue.ts';

export interface ReaderSettings extends Partial<QueueLimits> {
  /** What one document may come to; the rest is as by default. */
  readonly limits?: Partial<ParsingLimits>;
}

/** A reader that can be ended: what it is reading then fails with `draining`. */
export type Closable<Reader> = Reader & { close(): Promise<void> };

const DEFAULT_QUEUE_LIMITS: QueueLimits = {
  timeLimitMs: 60_000,
  memoryLimitBytes: 768 * 1024 * 1024,
  maxWaiting: 64,
};

export const queueOf = ({ timeLimitMs, memoryLimitBytes, maxWaiting }: ReaderSettings): ParserQueue =>
  new ParserQueue({
    timeLimitMs: timeLimitMs ?? DEFAULT_QUEUE_LIMITS.timeLimitMs,
    memoryLimitBytes: memoryLimitBytes ?? DEFAULT_QUEUE_LIMITS.memoryLimitBytes,
    maxWaiting: maxWaiting ?? DEFAULT_QUEUE_LIMITS.maxWaiting,
  });

/** Reads each document in a child process of its own, one after the other. Nothing runs while nothing is read. */
export function openDocumentReader(settings: ReaderSettings = {}): Closable<DocumentReader> {
  return new ChildDocumentReader(queueOf(settings), { ...DEFAULT_PARSING_LIMITS, ...settings.limits });
}

class ChildDocumentReader implements DocumentReader {
  readonly #queue: ParserQueue;
  readonly #limits: ParsingLimits;

  constructor(queue: ParserQueue, limits: ParsingLimits) {
    this.#queue = queue;
    this.#limits = limits;
  }

  async read({ bytes, name, declaredType }: GivenFile, options: CallOptions): Promise<ReadDocument> {
    if (bytes.length > FILE_LIMITS.documentBytes) throw new AppError('file_too_large', 'A document may have at most 100 MB.');
    if (bytes.length === 0) throw new AppError('file_invalid', 'The file is empty.');
    const job = { kind: 'document', name, declaredType, byteCount: bytes.length, limits: this.#limits } as const;
    const { value, blocks } = await this.#queue.run(job, bytes, options);
    return { ...(value as Omit<ReadDocument, 'blocks'>), blocks };
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
