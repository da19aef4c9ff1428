/** What goes between the server's thread and a thread that holds one SQLite connection. Types only: both sides load it. */

export type SqlValue = null | number | bigint | string | Uint8Array;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export interface StatementResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  readonly changes: number;
}

/** Statements of one message run one after the other; the first that fails ends the message. */
export interface ThreadRequest {
  readonly id: number;
  readonly statements: readonly Statement[];
  /** True: all read from one state of the database. */
  readonly snapshot: boolean;
}

export type ThreadReply =
  | { readonly id: number; readonly results: readonly StatementResult[] }
  | { readonly id: number; readonly failure: ThreadFailure };

export interface ThreadFailure {
  readonly message: string;
  /** SQLite's extended result code, or null when the fault is not SQLite's. */
  readonly sqliteCode: number | null;
}

export interface ThreadSettings {
  readonly file: string;
  readonly role: 'writer' | 'reader';
  /** How long a statement waits for another process that writes. */
  readonly busyTimeoutMs: number;
  /** How long a statement may take that asks by `within_time`. Default 10,000; of the writer, which works over whole projects, 60,000. */
  readonly statementTimeoutMs?: number;
}
