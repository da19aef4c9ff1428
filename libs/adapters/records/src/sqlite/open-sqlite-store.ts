import { Kysely } from 'kysely';
import { MIGRATIONS } from '../schema/migrations.ts';
import type { Tables } from '../schema/tables.ts';
import type { Store } from '../sql-dialect.ts';
import { migrateSqlite } from './migrate-sqlite.ts';
import { kyselyDialect, sqliteDialect, type SqliteThreads } from './sqlite-dialect.ts';
import { asAppError } from './sqlite-failure.ts';
import { ReaderPool } from './reader-pool.ts';
import { openSqliteSnapshot } from './sqlite-snapshot.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { ThreadSettings } from './thread-protocol.ts';

export interface SqliteStoreOptions extends Omit<ThreadSettings, 'role'> {
  readonly readers: number;
}

/** Opens a file, brings its schema up to date and starts its threads. */
export async function openSqliteStore({
  readers,
  ...settings
}: SqliteStoreOptions): Promise<{ readonly store: Store; readonly threads: SqliteThreads }> {
  const writer = new SqliteThread({ ...settings, role: 'writer' });
  try {
    await migrateSqlite(writer, MIGRATIONS, Date.now());
  } catch (error) {
    await writer.close();
    throw asAppError(error);
  }
  const threads = { writer, readers: new ReaderPool(readers, () => new SqliteThread({ ...settings, role: 'reader' })) };
  const database = new Kysely<Tables>({ dialect: kyselyDialect(threads) });
  const transact: Store['transact'] = (work) => database.transaction().execute(work);
  const openSnapshot = () => openSqliteSnapshot(new SqliteThread({ ...settings, role: 'reader' }));
  return { threads, store: { database, dialect: sqliteDialect(threads), transact, openSnapshot } };
}
