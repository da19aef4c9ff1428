import { PostgresExclusiveWork } from './postgres/postgres-exclusive-work.ts';
import { openPostgresStore } from './postgres/open-postgres-store.ts';
import { isMissingTable } from './postgres/postgres-failure.ts';
import { sql } from 'kysely';
import type { Records } from './records.ts';
import { recordsOn } from './records-on.ts';
import { schemaState } from './schema-state.ts';

export interface PostgresRecordsOptions {
  readonly connections?: number;
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
}

/** Opens the records of a Postgres database, which may be down. */
export function openPostgresRecords(
  url: string,
  { connections = 10, statementTimeoutMs = 10_000, applicationName = 'continuo' }: PostgresRecordsOptions = {},
): Records {
  const settings = { url, connections, statementTimeoutMs, applicationName };
  const { store, pool } = openPostgresStore(settings);
  const exclusive = new PostgresExclusiveWork(settings);
  return {
    engine: 'postgres',
    ...recordsOn(store),
    exclusive,
    async ping() {
      await sql`select 1`.execute(store.database);
      return 'ok';
    },
    schema: () => schemaState(store.database, isMissingTable),
    async close() {
      // Kysely is not told: it would answer later questions with an error of its own.
      await Promise.all([pool.end(), exclusive.close()]);
    },
  };
}
