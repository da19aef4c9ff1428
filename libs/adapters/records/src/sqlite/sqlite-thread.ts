import { Worker } from 'node:worker_threads';
import { SqliteFailure } from './sqlite-failure.ts';
import type { Statement, StatementResult, ThreadReply, ThreadRequest, ThreadSettings } from './thread-protocol.ts';

interface Waiting {
  readonly resolve: (results: readonly StatementResult[]) => void;
  readonly reject: (error: unknown) => void;
}

// Node refuses some TypeScript in threads, so the thread's code always comes from the build.
const WORKER = import.meta.url.includes('/src/')
  ? new URL('../../dist/sqlite/sqlite.worker.js', import.meta.url)
  : new URL('./sqlite.worker.js', import.meta.url);

/** One SQLite connection in a thread of its own. Requests are answered in order. */
export class SqliteThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private end: SqliteFailure | null = null;
  private readonly exited: Promise<void>;

  constructor(settings: ThreadSettings) {
    this.worker = new Worker(WORKER, { workerData: settings, execArgv: ['--no-warnings=ExperimentalWarning'] });
    this.worker.on('message', (reply: ThreadReply) => this.settle(reply));
    this.worker.on('error', (error) => this.failAll(error));
    this.exited = new Promise((resolve) => {
      this.worker.once('exit', () => {
        this.failAll(new Error('the database connection is closed'));
        resolve();
      });
    });
  }

  /** Requests not answered yet. */
  get load(): number {
    return this.waiting.size;
  }

  /** @throws SqliteFailure of the first statement that failed; those before it have run. */
  run(statements: readonly Statement[], options: { readonly snapshot: boolean } = { snapshot: false }): Promise<readonly StatementResult[]> {
    if (this.end !== null) return Promise.reject(this.end);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const request: ThreadRequest = { id, statements, snapshot: options.snapshot };
      this.worker.postMessage(request);
    });
  }

  /** Answers what was asked before, then closes the connection. */
  async close(): Promise<void> {
    if (this.end === null) this.worker.postMessage('close');
    await this.exited;
  }

  private settle(reply: ThreadReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if ('results' in reply) waiting?.resolve(reply.results);
    else waiting?.reject(new SqliteFailure(reply.failure));
  }

  private failAll(error: unknown): void {
    this.end ??= new SqliteFailure({ message: (error as { message?: string }).message ?? String(error), sqliteCode: null });
    for (const waiting of this.waiting.values()) waiting.reject(this.end);
    this.waiting.clear();
  }
}
