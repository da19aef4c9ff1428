import { Worker } from 'node:worker_threads';
import { AppError } from '@continuo/contracts';
import type { CallOptions } from '@continuo/ports';
import { CANCEL_PLACES, type ThreadCall, type ThreadFailure, type ThreadReply, type ThreadSettings } from './thread-protocol.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Argument<Call> = Call extends (argument: infer Value) => unknown ? Value : never;
type Result<Call> = Call extends (argument: never) => infer Value ? Value : never;

export interface IndexThreadOptions {
  readonly workerFile: string;
  readonly name: string;
  readonly settings: Omit<ThreadSettings, 'cancelled'>;
  /** An error of SQLite, by its number; for the adapter to notice damage. */
  readonly onStoreError: (sqliteCode: number | null) => void;
}

/** A thread with one connection to the index file. One that died is started again by the next call. */
export class IndexThread<Calls> {
  readonly #options: IndexThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(CANCEL_PLACES * Int32Array.BYTES_PER_ELEMENT));
  #worker: Worker | undefined;
  #lastId = 0;
  #closing: Promise<void> | undefined;

  constructor(options: IndexThreadOptions) {
    this.#options = options;
  }

  /**
   * Rejects at the deadline with `deadline_exceeded`, and with the signal's reason when it is aborted; the thread skips what nobody waits for
   * when it comes to it, and stops inside a search between two batches of rows.
   */
  async call<Method extends keyof Calls & string>(
    method: Method,
    argument: Argument<Calls[Method]>,
    options: CallOptions = {},
  ): Promise<Result<Calls[Method]>> {
    if (this.#closing !== undefined) throw new AppError('index_unavailable', 'The memory index is closed.');
    options.signal?.throwIfAborted();
    return (await this.#ask(method, argument, options)) as Result<Calls[Method]>;
  }

  /** Finishes what was asked before, closes the connection and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    await this.#ask('close', null, {}).catch(() => undefined);
    await ended;
  }

  #ask(method: string, argument: unknown, { signal, deadlineAt }: CallOptions): Promise<unknown> {
    const id = (this.#lastId = (this.#lastId % 0x7fff_fffe) + 1);
    const call: ThreadCall = { id, method, argument, deadlineAt: deadlineAt ?? null };
    return new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#start());
      const stopWaiting = (): void => {
        this.#waiting.delete(id);
        signal?.removeEventListener('abort', aborted);
        clearTimeout(timer);
      };
      const giveUp = (error: unknown): void => {
        stopWaiting();
        Atomics.store(this.#cancelled, id % CANCEL_PLACES, id);
        reject(error);
      };
      const aborted = (): void => giveUp(signal?.reason);
      const timer =
        deadlineAt === undefined
          ? undefined
          : setTimeout(() => giveUp(lateError()), Math.min(Math.max(0, deadlineAt - Date.now()), MAX_TIMER_MS));
      signal?.addEventListener('abort', aborted, { once: true });
      this.#waiting.set(id, {
        resolve: (value) => (stopWaiting(), resolve(value)),
        reject: (error) => (stopWaiting(), reject(error)),
      });
      worker.postMessage(call);
    });
  }

  #start(): Worker {
    const { workerFile, name, settings } = this.#options;
    const worker = new Worker(workerFile, { name, workerData: { ...settings, cancelled: this.#cancelled } satisfies ThreadSettings });
    worker.on('message', (reply: ThreadReply) => this.#settle(reply));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, null));
    return worker;
  }

  #settle(reply: ThreadReply): void {
    const waiting = this.#waiting.get(reply.id);
    if ('value' in reply) {
      waiting?.resolve(reply.value);
      return;
    }
    if (reply.failure.reason === 'store') this.#options.onStoreError(reply.failure.sqliteCode);
    waiting?.reject(errorOf(reply.failure));
  }

  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const waiting of [...this.#waiting.values()])
      waiting.reject(new AppError('index_unavailable', 'The thread of the memory index ended.', { cause }));
  }
}

/** What `setTimeout` can wait for; longer ones would ring at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const lateError = (): AppError => new AppError('deadline_exceeded', 'The memory index did not answer in time.');

function errorOf({ reason, message }: ThreadFailure): Error {
  if (reason === 'late') return lateError();
  // SQLite's message may name columns, never their content.
  if (reason === 'store')
    return new AppError('index_unavailable', 'The memory index cannot be read or written.', { cause: new Error(message) });
  return new Error(`The memory index failed: ${message}`);
}
