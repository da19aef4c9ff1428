import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { SqlValue, Statement, StatementResult, ThreadFailure, ThreadReply, ThreadRequest, ThreadSettings } from './thread-protocol.ts';

/** Prepared statements kept per connection; the oldest unused goes first. */
const STATEMENT_CACHE_SIZE = 400;

interface Prepared {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

const settings = workerData as ThreadSettings;
const statementTimeoutMs = settings.statementTimeoutMs ?? (settings.role === 'writer' ? 60_000 : 10_000);
const database = open(settings);
const prepared = new Map<string, Prepared>();
/** By the clock of `performance.now`. */
let statementEndsBy = Number.POSITIVE_INFINITY;

parentPort?.on('message', (message: readonly ThreadRequest[] | 'close') => {
  if (message === 'close') {
    database.close();
    process.exit(0);
  }
  parentPort?.postMessage(message.map(answer));
});

function open({ file, role, busyTimeoutMs }: ThreadSettings): DatabaseSync {
  const opened = new DatabaseSync(file, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  if (role === 'writer') opened.exec('pragma journal_mode = wal');
  // FULL: an acknowledged message survives the loss of power, not only of the process.
  opened.exec('pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -16000');
  if (role === 'reader') opened.exec('pragma query_only = on');
  // SQLite cannot be interrupted from here, but what it calls may fail. The argument makes it ask for every row.
  opened.function('within_time', { varargs: true }, () => {
    if (performance.now() > statementEndsBy) throw new Error('the statement took too long');
    return 1;
  });
  return opened;
}

function answer(request: ThreadRequest): ThreadReply {
  try {
    if (request.snapshot) database.exec('begin');
    try {
      return { id: request.id, results: request.statements.map(run) };
    } finally {
      if (request.snapshot) database.exec('commit');
    }
  } catch (error) {
    return { id: request.id, failure: failureOf(error) };
  }
}

function run({ sql, parameters }: Statement): StatementResult {
  const { statement, columns } = prepare(sql);
  statementEndsBy = performance.now() + statementTimeoutMs;
  if (columns.length === 0) {
    const { changes } = statement.run(...parameters);
    return { columns, rows: [], changes: Number(changes) };
  }
  const rows = statement.all(...parameters) as unknown as SqlValue[][];
  return { columns, rows, changes: rows.length };
}

function prepare(sql: string): Prepared {
  let entry = prepared.get(sql);
  if (entry === undefined) {
    const statement = database.prepare(sql);
    // Arrays cross the thread boundary at half the cost of objects.
    statement.setReturnArrays(true);
    entry = { statement, columns: statement.columns().map((column) => column.name) };
    if (prepared.size >= STATEMENT_CACHE_SIZE) prepared.delete(prepared.keys().next().value ?? '');
  } else prepared.delete(sql);
  prepared.set(sql, entry);
  return entry;
}

function failureOf(error: unknown): ThreadFailure {
  const { message, errcode } = error as { message?: unknown; errcode?: unknown };
  return { message: String(message), sqliteCode: typeof errcode === 'number' ? errcode : null };
}
