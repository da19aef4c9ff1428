import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Expression,
  type QueryResult,
  SelectQueryNode,
  sql,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { toJson, wellFormed, wellFormedText } from '../rows/stored-text.ts';
import type { Database, Lockable, SqlDialect } from '../sql-dialect.ts';
import type { ReaderPool } from './reader-pool.ts';
import { asAppError } from './sqlite-failure.ts';
import type { SqliteThread } from './sqlite-thread.ts';
import type { SqlValue, Statement, StatementResult } from './thread-protocol.ts';
import { WriterLane } from './writer-lane.ts';

/** One writer and some readers of one SQLite file. */
export interface SqliteThreads {
  readonly writer: SqliteThread;
  readonly readers: ReaderPool;
}

/** Kysely on those threads: transactions and writes go to the writer, lone reads to the reader with the least to do. */
export function kyselyDialect(threads: SqliteThreads): Dialect {
  return {
    createAdapter: () => new ThreadAdapter(),
    createDriver: () => new ThreadDriver(threads),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

export function sqliteDialect(threads: SqliteThreads): SqlDialect {
  return {
    lockRows: <Query extends Lockable<Query>>(query: Query) => query,
    lockName: () => Promise.resolve(),
    reserveSequences,
    containsText: (text: Expression<string | null>, part: string) => sql<SqlBool>`instr(${text}, ${part}) > 0`,
    isOneOf: <Value extends string | number>(value: Expression<Value | null>, values: readonly Value[]) =>
      sql<SqlBool>`${value} in (select value from json_each(${toJson(wellFormed(values))}))`,
    isOneOfKeys: (column: Expression<string | null>, keys: readonly string[]) => sql<SqlBool>`${column} in (${sql.join(keys)})`,
    withinTime: (column: Expression<number>) => sql<SqlBool>`within_time(${column}) = 1`,
    async readTogether<Rows extends readonly (readonly unknown[])[]>(queries: readonly CompiledQuery[]) {
      try {
        const results = await threads.readers.idlest().run(queries.map(statementOf), { snapshot: true });
        return results.map((result) => rowsOf(result)) as unknown as Rows;
      } catch (error) {
        throw asAppError(error);
      }
    },
  };
}

async function reserveSequences(transaction: Database, count: number): Promise<readonly number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = 'messages'`.execute(transaction);
  const start = (rows[0]?.seq ?? 0) + 1;
  await (
    rows.length === 0
      ? sql`insert into sqlite_sequence (name, seq) values ('messages', ${count})`
      : sql`update sqlite_sequence set seq = seq + ${count} where name = 'messages'`
  ).execute(transaction);
  return Array.from({ length: count }, (_, index) => start + index);
}

/** Without this Kysely would let one query run at a time. */
class ThreadAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  private readonly threads: SqliteThreads;
  private readonly lane: WriterLane;

  constructor(threads: SqliteThreads) {
    this.threads = threads;
    this.lane = new WriterLane(threads.writer);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new ThreadConnection(this.threads, this.lane);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as ThreadConnection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as ThreadConnection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as ThreadConnection).rollback();
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class ThreadConnection implements DatabaseConnection {
  private readonly threads: SqliteThreads;
  private readonly lane: WriterLane;
  private transaction: 'none' | 'open' | 'ended' = 'none';

  constructor(threads: SqliteThreads, lane: WriterLane) {
    this.threads = threads;
    this.lane = lane;
  }

  async begin(): Promise<void> {
    await this.lane.enter().catch(rethrow);
    this.transaction = 'open';
  }

  async commit(): Promise<void> {
    this.transaction = 'ended';
    await this.lane.commit().catch(rethrow);
  }

  async rollback(): Promise<void> {
    // A commit that failed has already undone everything.
    if (this.transaction !== 'open') return;
    this.transaction = 'ended';
    await this.lane.rollback().catch(rethrow);
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const statement = statementOf(query);
    const result = await this.run(query, statement).catch(rethrow);
    return { rows: rowsOf(result) as Row[], numAffectedRows: BigInt(result.changes) };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('rows are not streamed from SQLite');
  }

  private async run(query: CompiledQuery, statement: Statement): Promise<StatementResult> {
    // One of several statements asked together has failed and the rest must not be written alone.
    if (this.transaction === 'ended') throw new Error('a statement came after the end of its transaction');
    if (this.transaction === 'open') return first(await this.threads.writer.run([statement]));
    if (SelectQueryNode.is(query.query)) return first(await this.threads.readers.idlest().run([statement]));
    await this.lane.enter();
    let result: StatementResult;
    try {
      result = first(await this.threads.writer.run([statement]));
    } catch (error) {
      await this.lane.rollback();
      throw error;
    }
    await this.lane.commit();
    return result;
  }
}

function rethrow(error: unknown): never {
  throw asAppError(error);
}

function first(results: readonly StatementResult[]): StatementResult {
  const [result] = results;
  if (result === undefined) throw new Error('a statement had no result');
  return result;
}

function statementOf(query: CompiledQuery): Statement {
  return { sql: query.sql, parameters: query.parameters.map(sqlValue) };
}

/** Text that another engine would refuse never reaches the file, in whatever statement it stands. */
function sqlValue(value: unknown): SqlValue {
  if (typeof value === 'string') return wellFormedText(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || typeof value === 'number' || typeof value === 'bigint' || value instanceof Uint8Array) return value;
  throw new TypeError(`a ${typeof value} cannot be stored`);
}

function rowsOf({ columns, rows }: StatementResult): Record<string, SqlValue>[] {
  return rows.map((row) => {
    const record: Record<string, SqlValue> = {};
    for (let index = 0; index < columns.length; index += 1) record[columns[index] ?? ''] = row[index] ?? null;
    return record;
  });
}
