import { LocalExclusiveWork } from './local-exclusive-work.ts';
import type { Records } from './records.ts';
import { recordsOn } from './records-on.ts';
import { schemaState } from './schema-state.ts';
import { NO_SUCH_TABLE } from './sqlite/migrate-sqlite.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';
import type { SqliteThreads } from './sqlite/sqlite-dialect.ts';
import { asAppError } from './sqlite/sqlite-failure.ts';

export interface SqliteRecordsOptions {
  /** Created when it is not there; its folder must be. */
  readonly file: string;
  /** Threads that read. Default 2: one long read does not keep the others waiting. */
  readonly readers?: number;
  /** How long a write waits for another process, such as the command line. Default 5,000. */
  readonly busyTimeoutMs?: number;
}

/** All records of one SQLite file. */
export interface SqliteRecords extends Records {
  /** Moves what is in the write-ahead log into the file, as far as readers let it. */
  checkpoint(): Promise<void>;
}

/**
 * Opens the file, brings its schema up to date and starts its threads. Several processes may have it open at once.
 *
 * @throws AppError `records_unavailable` when the file cannot be opened or a newer version has written it.
 */
export async function openSqliteRecords({ file, readers = 2, busyTimeoutMs = 5_000 }: SqliteRecordsOptions): Promise<SqliteRecords> {
  const { store, threads } = await openSqliteStore({ file, readers, busyTimeoutMs });
  return {
    engine: 'sqlite',
    ...recordsOn(store),
    exclusive: new LocalExclusiveWork(),
    schema: () => schemaState(store.database, (error) => error instanceof Error && NO_SUCH_TABLE.test(error.message)),
    ...lifeOf(threads),
  };
}

function lifeOf(threads: SqliteThreads): Pick<SqliteRecords, 'ping' | 'checkpoint' | 'close'> {
  return {
    async ping() {
      try {
        // Asked for first, because it replaces those that have ended.
        const reader = threads.readers.idlest();
        const all = new Set([threads.writer, reader, ...threads.readers.threads]);
        await Promise.all([...all].map((thread) => thread.run([{ sql: 'select 1', parameters: [] }])));
        return 'ok';
      } catch (error) {
        throw asAppError(error);
      }
    },
    async checkpoint() {
      await threads.writer.run([{ sql: 'pragma wal_checkpoint(truncate)', parameters: [] }]).catch((error: unknown) => {
        throw asAppError(error);
      });
    },
    async close() {
      // Kysely is not told: it would answer later questions with an error of its own.
      await Promise.all([threads.writer.close(), threads.readers.close()]);
    },
  };
}
