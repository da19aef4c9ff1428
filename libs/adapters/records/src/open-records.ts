import { migratePostgres } from './postgres/migrate-postgres.ts';
import { openPostgresRecords } from './open-postgres-records.ts';
import { openSqliteRecords } from './open-sqlite-records.ts';
import type { Records } from './records.ts';
import { MIGRATIONS } from './schema/migrations.ts';
import { migrateSqliteFile } from './sqlite/migrate-sqlite.ts';

/** Where records are kept. */
export type RecordsPlace =
  | { readonly engine: 'sqlite'; readonly file: string }
  /** @param url `postgres://user:password@host:port/database`, with the driver's options as its query. */
  | { readonly engine: 'postgres'; readonly url: string };

export interface RecordsOptions {
  /** SQLite: threads that read. Default 2. */
  readonly readers?: number;
  /** SQLite: how long a write waits for another process. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Postgres: connections at most. Default 10. */
  readonly connections?: number;
  /** Postgres: after this long the server gives a statement up. Default 10,000. */
  readonly statementTimeoutMs?: number;
  /** Postgres: what the server calls these connections. Default `continuo`. */
  readonly applicationName?: string;
}

/**
 * Opens the records. A SQLite file is made and migrated when it has to be; Postgres is left alone, and may be down: then every method
 * fails until it is back.
 *
 * @throws AppError `records_unavailable` when the SQLite file cannot be opened or a newer version has written it.
 */
export async function openRecords(place: RecordsPlace, options: RecordsOptions = {}): Promise<Records> {
  if (place.engine === 'postgres') return openPostgresRecords(place.url, options);
  const { readers, busyTimeoutMs } = options;
  return openSqliteRecords({
    file: place.file,
    ...(readers === undefined ? {} : { readers }),
    ...(busyTimeoutMs === undefined ? {} : { busyTimeoutMs }),
  });
}

/**
 * Brings a place to the newest schema, forward only; many processes may try at once. Returns the schema's number before and after.
 *
 * @throws AppError `records_unavailable` when the place cannot be reached or a newer version has written it.
 */
export function migrateRecords(place: RecordsPlace): Promise<{ readonly from: number; readonly to: number }> {
  return place.engine === 'postgres'
    ? migratePostgres(place.url, MIGRATIONS, Date.now())
    : migrateSqliteFile(place.file, MIGRATIONS, Date.now());
}
