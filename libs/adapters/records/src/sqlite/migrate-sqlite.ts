import { AppError } from '@continuo/contracts';
import type { ColumnTypes, Migration } from '../schema/migration.ts';
import { asAppError, SqliteFailure } from './sqlite-failure.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { SqlValue } from './thread-protocol.ts';

const TYPES: ColumnTypes = { sequence: 'integer primary key autoincrement', blob: 'blob', text: 'text', keyOf: (column) => column };
export const NO_SUCH_TABLE = /no such table/;

/**
 * Brings the file to the newest schema; many processes may try at once. Each step is kept whole or not at all.
 *
 * @throws AppError `records_unavailable` when a newer version of the server has written the file.
 */
export async function migrateSqlite(
  writer: SqliteThread,
  migrations: readonly Migration[],
  now: number,
): Promise<{ readonly from: number; readonly to: number }> {
  const newest = migrations.at(-1)?.number ?? 0;
  // Without a look first, every start of the command line would wait for the server's writes.
  const from = known(await appliedUpTo(writer), newest);
  if (from === newest) return { from, to: newest };
  await execute(writer, 'begin exclusive');
  try {
    await execute(
      writer,
      'create table if not exists schema_migrations (number integer primary key not null, name text not null, applied_at bigint not null)',
    );
    const applied = known(await appliedUpTo(writer), newest);
    for (const migration of migrations.filter((step) => step.number > applied)) {
      for (const statement of migration.statements(TYPES)) await execute(writer, statement);
      await execute(writer, 'insert into schema_migrations (number, name, applied_at) values (?, ?, ?)', [
        migration.number,
        migration.name,
        now,
      ]);
    }
    await execute(writer, 'commit');
    return { from: applied, to: newest };
  } catch (error) {
    await execute(writer, 'rollback').catch(() => undefined);
    throw error;
  }
}

/** The same for a file that nobody has opened here. */
export async function migrateSqliteFile(
  file: string,
  migrations: readonly Migration[],
  now: number,
): Promise<{ readonly from: number; readonly to: number }> {
  const writer = new SqliteThread({ file, role: 'writer', busyTimeoutMs: 5_000 });
  try {
    return await migrateSqlite(writer, migrations, now);
  } catch (error) {
    throw asAppError(error);
  } finally {
    await writer.close();
  }
}

async function appliedUpTo(writer: SqliteThread): Promise<number> {
  try {
    const [result] = await writer.run([{ sql: 'select max(number) as newest from schema_migrations', parameters: [] }]);
    return Number(result?.rows[0]?.[0] ?? 0);
  } catch (error) {
    if (error instanceof SqliteFailure && NO_SUCH_TABLE.test(error.message)) return 0;
    throw error;
  }
}

function known(applied: number, newest: number): number {
  if (applied <= newest) return applied;
  throw new AppError(
    'records_unavailable',
    `the database was written by a newer version (its schema is ${applied}, this version knows ${newest}): start the newer version, or restore an older backup`,
  );
}

async function execute(writer: SqliteThread, sql: string, parameters: readonly SqlValue[] = []): Promise<void> {
  await writer.run([{ sql, parameters }]);
}
