import { Kysely } from 'kysely';
import type { Tables } from '../schema/tables.ts';
import type { Snapshot } from '../sql-dialect.ts';
import { ReaderPool } from './reader-pool.ts';
import { kyselyDialect } from './sqlite-dialect.ts';
import { asAppError } from './sqlite-failure.ts';
import type { SqliteThread } from './sqlite-thread.ts';

/** A thread of its own whose transaction stays open: writers go on beside it. */
export async function openSqliteSnapshot(thread: SqliteThread): Promise<Snapshot> {
  try {
    await thread.run([{ sql: 'begin', parameters: [] }]);
  } catch (error) {
    await thread.close();
    throw asAppError(error);
  }
  const threads = { writer: thread, readers: new ReaderPool(1, () => thread) };
  return { database: new Kysely<Tables>({ dialect: kyselyDialect(threads) }), close: () => thread.close() };
}
