import type { CompiledQuery, PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg, { type PoolClient } from 'pg';
import { wellFormedText } from '../rows/stored-text.ts';
import { asAppError } from './postgres-failure.ts';

export interface PostgresSettings {
  readonly url: string;
  /** Connections at most. */
  readonly connections: number;
  /** After this long the server gives a statement up. */
  readonly statementTimeoutMs: number;
  /** What the server calls these connections. */
  readonly applicationName: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
/** How much later than the server this side gives a statement up: then the server is gone without a word. */
const SILENCE_MS = 5_000;
const INT8 = 20;
const NUMERIC = 1_700;

/** Lifts the limit on statements until the transaction ends. */
export const BE_PATIENT = 'set local statement_timeout = 0';
const ONE_STATE = 'begin isolation level repeatable read read only';

/** Numbers as numbers: all of ours are counts and milliseconds, far below 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : (pg.types.getTypeParser(oid, format ?? 'text') as unknown)) as typeof pg.types.getTypeParser,
};

export const connectionOf = ({ url, applicationName, statementTimeoutMs }: PostgresSettings) => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  statement_timeout: statementTimeoutMs,
  idle_in_transaction_session_timeout: Math.max(60_000, 2 * statementTimeoutMs),
  keepAlive: true,
  types,
});

/** Connections to one Postgres, for Kysely and for reads of one state. Makes none before it is asked. */
export class RecordsPool implements PostgresPool {
  readonly options: object = {};
  private readonly pool: pg.Pool;
  private readonly silenceMs: number;

  constructor(settings: PostgresSettings) {
    this.silenceMs = settings.statementTimeoutMs + SILENCE_MS;
    // Pipelined: what does not need the results before it is sent without waiting for them.
    this.pool = new pg.Pool({ ...connectionOf(settings), max: settings.connections, idleTimeoutMillis: IDLE_TIMEOUT_MS, pipeline: true });
    // A connection that is lost tells whoever uses it by the statement that fails; unheard, its event would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    this.pool.on('error', () => undefined);
  }

  async connect(): Promise<PostgresPoolClient> {
    return new RecordsConnection(await this.client(), this.silenceMs);
  }

  /** Several reads of one state of the database, sent at once. */
  async readTogether(queries: readonly CompiledQuery[]): Promise<readonly (readonly unknown[])[]> {
    const connection = new RecordsConnection(await this.client(), this.silenceMs);
    try {
      const begun = connection.query(ONE_STATE, []);
      const reads = queries.map((query) => connection.query(query.sql, query.parameters));
      const outcomes = await Promise.allSettled([begun, ...reads, connection.query('commit', [])]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      return (await Promise.all(reads)).map((result) => result.rows);
    } finally {
      connection.release();
    }
  }

  /** Answers what was asked before; whatever is asked later fails. A second call does nothing. */
  async end(): Promise<void> {
    if (!this.pool.ended && !this.pool.ending) await this.pool.end();
  }

  private async client(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (error) {
      throw asAppError(error);
    }
  }
}

/** A connection while one piece of work has it. */
class RecordsConnection implements PostgresPoolClient {
  readonly processID?: number;
  private readonly client: PoolClient;
  private readonly silenceMs: number;
  private patient = false;

  constructor(client: PoolClient, silenceMs: number) {
    this.client = client;
    this.silenceMs = silenceMs;
  }

  query<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query(text: string | PostgresCursor<unknown>, parameters: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new Error('rows are not streamed from Postgres');
    if (text === BE_PATIENT) this.patient = true;
    return this.run(text, parameters);
  }

  release(destroy = false): void {
    this.client.release(destroy);
  }

  private async run<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> {
    try {
      const values = parameters.map(storable);
      const silence = this.patient ? {} : { query_timeout: this.silenceMs };
      return (await this.client.query({ text, values, ...silence } as pg.QueryConfig)) as unknown as PostgresQueryResult<Row>;
    } catch (error) {
      throw asAppError(error);
    }
  }
}

/** Text that Postgres would refuse never reaches it, in whatever statement it stands. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return wellFormedText(value);
  return Array.isArray(value) ? value.map(storable) : value;
}
