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
  private outgoing: ThreadRequest[] = [];
  private nextId = 1;
  private end: SqliteFailure | null = null;
  private readonly exited: Promise<void>;

  constructor(settings: ThreadSettings) {
    this.worker = new Worker(WORKER, { workerData: settings, execArgv: ['--no-warnings=ExperimentalWarning'] });
    this.worker.on('message', (replies: readonly ThreadReply[]) => {
      for (const reply of replies) this.settle(reply);
    });
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

  /** True when it answers nothing any more: it was closed or it failed. */
  get hasEnded(): boolean {
    return this.end !== null;
  }

  /** @throws SqliteFailure of the first statement that failed; those before it have run. */
  run(
    statements: readonly Statement[],
    options: { readonly snapshot: boolean } = { snapshot: false },
  ): Promise<readonly StatementResult[]> {
    if (this.end !== null) return Promise.reject(this.end);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.outgoing.push({ id, statements, snapshot: options.snapshot });
      // What is asked in one turn of the event loop crosses in one message: crossing costs more than most statements.
      if (this.outgoing.length === 1) process.nextTick(() => this.send());
    });
  }

  /** Answers what was asked before, then closes the connection. */
  async close(): Promise<void> {
    this.send();
    if (this.end === null) this.worker.postMessage('close');
    await this.exited;
  }

  private send(): void {
    if (this.outgoing.length > 0) this.worker.postMessage(this.outgoing);
    this.outgoing = [];
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
