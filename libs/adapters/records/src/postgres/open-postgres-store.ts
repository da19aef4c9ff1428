import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Tables } from '../schema/tables.ts';
import type { Database, Snapshot, Store, TransactionOptions } from '../sql-dialect.ts';
import { isTransient } from './postgres-failure.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { BE_PATIENT, type PostgresSettings, RecordsPool } from './postgres-pool.ts';

/** How often a transaction is begun anew that the engine ended for the sake of another one. */
const ATTEMPTS = 6;
const PAUSE_MS = 10;

/** A store on a database that may be down: it is asked for a connection when something is to be done. */
export function openPostgresStore(settings: PostgresSettings): { readonly store: Store; readonly pool: RecordsPool } {
  const pool = new RecordsPool(settings);
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    pool,
    store: {
      database,
      dialect: postgresDialect(pool),
      transact: (work, options) => transact(database, work, options),
      openSnapshot: () => openSnapshot(database),
    },
  };
}

async function transact<Result>(
  database: Database,
  work: (transaction: Database) => Promise<Result>,
  { patient = false }: TransactionOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database
        .transaction()
        .setIsolationLevel('read committed')
        .execute(async (transaction) => {
          if (patient) await sql.raw(BE_PATIENT).execute(transaction);
          return work(transaction);
        });
    } catch (error) {
      if (!isTransient(error) || attempt >= ATTEMPTS) throw error;
      // With jitter, or those that met would meet again.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** attempt * Math.random()));
    }
  }
}

async function openSnapshot(database: Database): Promise<Snapshot> {
  const transaction = await database.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
  try {
    // Whoever reads it may be slow.
    await sql.raw('set local idle_in_transaction_session_timeout = 0').execute(transaction);
  } catch (error) {
    await transaction.rollback().execute();
    throw error;
  }
  return { database: transaction, close: () => transaction.commit().execute() };
}
