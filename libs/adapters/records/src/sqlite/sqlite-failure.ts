import { AppError } from '@continuo/contracts';
import type { ThreadFailure } from './thread-protocol.ts';

/** Primary result codes (https://www.sqlite.org/rescode.html) that are the store's trouble and not a mistake in a statement. */
const STORE_TROUBLE = new Set([
  5, // busy
  6, // locked
  7, // out of memory
  8, // read-only
  10, // input or output
  11, // corrupt
  13, // full
  14, // cannot open
  22, // no large file support
  26, // not a database
]);
const BUSY = 5;

/** An error of SQLite or of the thread it runs in. Never leaves this room: see {@link asAppError}. */
export class SqliteFailure extends Error {
  /** Primary result code; null when the thread itself failed. */
  readonly code: number | null;

  constructor({ message, sqliteCode }: ThreadFailure) {
    super(message);
    this.name = 'SqliteFailure';
    this.code = sqliteCode === null ? null : sqliteCode & 0xff;
  }

  get isBusy(): boolean {
    return this.code === BUSY;
  }
}

/** The store's trouble as `records_unavailable`; what is a fault of ours stays as it is. */
export function asAppError(error: unknown): unknown {
  if (!(error instanceof SqliteFailure)) return error;
  if (error.code !== null && !STORE_TROUBLE.has(error.code)) return error;
  return new AppError('records_unavailable', `the records cannot be reached: ${error.message}`, { cause: error });
}
