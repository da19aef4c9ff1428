import type { CompiledQuery, Expression, Kysely, RawBuilder, SqlBool } from 'kysely';
import type { Tables } from './schema/tables.ts';

export type Database = Kysely<Tables>;

/** A query that can lock what it reads until its transaction ends. */
export interface Lockable<Query> {
  forUpdate(): Query;
}

/** Where the engines differ. Everything else is one SQL for both. */
export interface SqlDialect {
  /** Locks the rows read until the transaction ends; SQLite has one writer and needs no lock. */
  lockRows<Query extends Lockable<Query>>(query: Query): Query;
  /** True when the text holds the other, letter case counting. */
  containsText(text: Expression<string | null>, part: string): RawBuilder<SqlBool>;
  /** True when the value is one of these, however many they are. */
  isOneOf<Value extends string | number>(value: Expression<Value | null>, values: readonly Value[]): RawBuilder<SqlBool>;
  /** Results of several reads, all of one state of the database, for one trip. */
  readTogether<Rows extends readonly (readonly unknown[])[]>(queries: {
    readonly [Index in keyof Rows]: CompiledQuery<Rows[Index] extends readonly (infer Row)[] ? Row : never>;
  }): Promise<Rows>;
}

/** What every class of records works with. */
export interface Store {
  readonly database: Database;
  readonly dialect: SqlDialect;
}
