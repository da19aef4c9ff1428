import { createHash } from 'node:crypto';
import { type CompiledQuery, type Expression, sql, type SqlBool } from 'kysely';
import { LONG_KEY_CHARACTERS } from './column-types.ts';
import { wellFormedText } from '../rows/stored-text.ts';
import type { Lockable, RowLock, SqlDialect } from '../sql-dialect.ts';
import type { RecordsPool } from './postgres-pool.ts';

export function postgresDialect(pool: RecordsPool): SqlDialect {
  return {
    lockRows,
    async lockName(transaction, name, lock) {
      const key = advisoryKey(`name:${name}`);
      await (
        lock === 'shared' ? sql`select pg_advisory_xact_lock_shared(${key}::bigint)` : sql`select pg_advisory_xact_lock(${key}::bigint)`
      ).execute(transaction);
    },
    async reserveSequences(transaction, count) {
      const { rows } = await sql<{ sequence: number }>`select nextval(pg_get_serial_sequence('messages', 'sequence')) as sequence
        from generate_series(1, ${count}::int)`.execute(transaction);
      return rows.map((row) => row.sequence).toSorted((a, b) => a - b);
    },
    containsText: (text: Expression<string | null>, part: string) => sql<SqlBool>`strpos(${text}, ${part}::text) > 0`,
    isOneOf: <Value extends string | number>(value: Expression<Value | null>, values: readonly Value[]) =>
      values.length === 0
        ? sql<SqlBool>`false`
        : sql<SqlBool>`${value} = any(${[...values]}::${sql.raw(typeof values[0] === 'string' ? 'text' : 'float8')}[])`,
    isOneOfKeys: (column: Expression<string | null>, keys: readonly string[]) => {
      const starts = [...new Set(keys.map(startOf))];
      return sql<SqlBool>`(left(${column}, ${sql.lit(LONG_KEY_CHARACTERS)}) = any(${starts}::text[]) and ${column} = any(${[...keys]}::text[]))`;
    },
    // `statement_timeout` does it.
    withinTime: () => sql<SqlBool>`true`,
    readTogether: async <Rows extends readonly (readonly unknown[])[]>(queries: readonly CompiledQuery[]) =>
      (await pool.readTogether(queries)) as unknown as Rows,
  };
}

function lockRows<Query extends Lockable<Query>>(query: Query, lock: RowLock): Query {
  switch (lock) {
    case 'alone':
      return query.forUpdate();
    case 'change':
      return query.forNoKeyUpdate();
    case 'hold':
      return query.forKeyShare();
    case 'free':
      return query.forUpdate().skipLocked();
  }
}

/** Counted in characters, as the engine counts them. */
const startOf = (key: string): string => [...wellFormedText(key)].slice(0, LONG_KEY_CHARACTERS).join('');

/** A name as the number that the engine locks, as text: it has more digits than a JavaScript number. */
export const advisoryKey = (name: string): string => createHash('sha256').update(`continuo:${name}`).digest().readBigInt64BE(0).toString();
