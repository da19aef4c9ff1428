import { DatabaseSync } from 'node:sqlite';

/** How long a connection waits for another one's lock, in milliseconds. */
const LOCK_WAIT_MS = 5_000;

/**
 * The connection that writes. FULL: what was acknowledged in the outbox must survive a power loss, because nobody would index it again.
 * Removed text is overwritten, not only unlinked.
 */
export function openForWriting(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on; pragma cache_size = -16000;');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A connection that only reads; never waits for the writer. */
export function openForReading(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS, readOnly: true });
  database.exec('pragma cache_size = -16000;');
  return database;
}

/** Runs a piece of work as one transaction. */
export function inTransaction<Result>(database: DatabaseSync, kind: 'immediate' | 'deferred', work: () => Result): Result {
  database.exec(`begin ${kind}`);
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    // A failure inside SQLite may have ended the transaction already.
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's own number for an error, or null for an error of another kind. */
export const sqliteCode = (error: unknown): number | null =>
  typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;

/** Whether an SQLite error number means that the file itself is damaged. */
export const meansDamage = (code: number | null): boolean => code !== null && [CORRUPT, NOT_A_DATABASE].includes(code & 0xff);
