import type { CompiledQuery, Expression, Kysely, RawBuilder, SqlBool } from 'kysely';
import type { Tables } from './schema/tables.ts';

export type Database = Kysely<Tables>;

/** A query that can lock what it reads until its transaction ends. */
export interface Lockable<Query> {
  forUpdate(): Query;
  forNoKeyUpdate(): Query;
  forKeyShare(): Query;
  skipLocked(): Query;
}

/**
 * How rows are locked until the transaction ends; SQLite has one writer and needs no lock.
 *
 * alone: nobody else may change or hold them · change: nobody else may change them, holding is allowed · hold: nobody may lock them
 * alone · free: alone, but rows that somebody has locked are left out instead of waited for.
 */
export type RowLock = 'alone' | 'change' | 'hold' | 'free';

/** Where the engines differ. Everything else is one SQL for both. */
export interface SqlDialect {
  lockRows<Query extends Lockable<Query>>(query: Query, lock: RowLock): Query;
  /** Locks something that has no row until the transaction ends. shared: with others that share it. */
  lockName(transaction: Database, name: 'vectors' | 'vector-models', lock: 'shared' | 'alone'): Promise<void>;
  /** True when the text holds the other, letter case counting. */
  containsText(text: Expression<string | null>, part: string): RawBuilder<SqlBool>;
  /** True when the value is one of these, however many they are. */
  isOneOf<Value extends string | number>(value: Expression<Value | null>, values: readonly Value[]): RawBuilder<SqlBool>;
  /** The same for a column of texts of any length with an index over it (`keyOf` of a migration). */
  isOneOfKeys(column: Expression<string | null>, keys: readonly string[]): RawBuilder<SqlBool>;
  /** True, asked once for each row whose column this is: ends a statement that has taken too long, where the engine does not do it. */
  withinTime(column: Expression<number>): RawBuilder<SqlBool>;
  /** Message sequences above all that were given, rising; nobody else gets them. */
  reserveSequences(transaction: Database, count: number): Promise<readonly number[]>;
  /** Results of several reads, all of one state of the database, for one trip. Never inside a transaction. */
  readTogether<Rows extends readonly (readonly unknown[])[]>(queries: {
    readonly [Index in keyof Rows]: CompiledQuery<Rows[Index] extends readonly (infer Row)[] ? Row : never>;
  }): Promise<Rows>;
}

export interface TransactionOptions {
  /** For work over much of the store: it may take longer than other statements may. */
  readonly patient?: boolean;
}

/**
 * What every class of records works with.
 *
 * Locks are taken in one order, so that nobody waits in a circle: subjects, messages by id, memories by id, outbox rows, tasks by id,
 * the conversation. A statement after a lock sees what the one before it has committed.
 */
export interface Store {
  readonly database: Database;
  readonly dialect: SqlDialect;
  /**
   * The one place where transactions begin. The work may run again from its start when the engine asks for it (a deadlock), so it
   * keeps nothing outside of the transaction.
   */
  transact<Result>(work: (transaction: Database) => Promise<Result>, options?: TransactionOptions): Promise<Result>;
  /** For reads that are to see one state of the database however long they take. To be closed. */
  openSnapshot(): Promise<Snapshot>;
}

export interface Snapshot {
  readonly database: Database;
  close(): Promise<void>;
}
