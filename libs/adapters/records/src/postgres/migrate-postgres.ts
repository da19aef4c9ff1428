import { AppError } from '@continuo/contracts';
import pg from 'pg';
import type { Migration } from '../schema/migration.ts';
import { POSTGRES_TYPES } from './column-types.ts';
import { advisoryKey } from './postgres-dialect.ts';
import { asAppError, isMissingTable } from './postgres-failure.ts';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Brings a database to the newest schema; many processes may try at once, one does it. Each step is kept whole or not at all.
 *
 * @throws AppError `records_unavailable` when the database cannot be reached or a newer version of the server has migrated it.
 */
export async function migratePostgres(
  url: string,
  migrations: readonly Migration[],
  now: number,
): Promise<{ readonly from: number; readonly to: number }> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'continuo-migration',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1::bigint)', [advisoryKey('migration')]);
    const from = await appliedTo(client);
    const newest = migrations.at(-1)?.number ?? 0;
    if (from > newest) {
      throw new AppError(
        'records_unavailable',
        `the database was migrated by a newer version (its schema is ${from}, this version knows ${newest}): start the newer version`,
      );
    }
    for (const migration of migrations.filter((step) => step.number > from)) await apply(client, migration, now);
    return { from, to: newest };
  } catch (error) {
    throw asAppError(error);
  } finally {
    // The lock goes with the connection.
    await client.end().catch(() => undefined);
  }
}

async function apply(client: pg.Client, migration: Migration, now: number): Promise<void> {
  await client.query('begin');
  try {
    await client.query(
      `create table if not exists schema_migrations (number integer primary key not null, name ${POSTGRES_TYPES.text} not null, applied_at bigint not null)`,
    );
    for (const statement of migration.statements(POSTGRES_TYPES)) await client.query(statement);
    await client.query('insert into schema_migrations (number, name, applied_at) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      now,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function appliedTo(client: pg.Client): Promise<number> {
  try {
    const { rows } = await client.query<{ newest: number | null }>('select max(number) as newest from schema_migrations');
    return rows[0]?.newest ?? 0;
  } catch (error) {
    if (isMissingTable(error)) return 0;
    throw error;
  }
}
