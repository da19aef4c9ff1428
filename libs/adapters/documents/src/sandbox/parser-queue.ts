import { AppError } from '@continuo/contracts';
import type { CallOptions } from '@continuo/ports';
import { type ChildLimits, parseInChild } from './parse-in-child.ts';
import type { ParserJob, ParserResult } from './protocol.ts';

export interface QueueLimits extends ChildLimits {
  /** Files that may wait while one is read. */
  readonly maxWaiting: number;
}

/** What `setTimeout` can wait for; longer ones would ring at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const RETRY_AFTER_MS = 5_000;

/** One child process at a time, whatever is asked. */
export class ParserQueue {
  readonly #limits: QueueLimits;
  readonly #closing = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  async run(job: ParserJob, bytes: Uint8Array, options: CallOptions): Promise<ParserResult> {
    if (this.#closing.signal.aborted) throw closedError();
    if (this.#waiting > this.#limits.maxWaiting) throw crowdedError();
    const late = new AbortController();
    const timer = options.deadlineAt === undefined ? undefined : setTimeout(() => late.abort(lateError()), untilMs(options.deadlineAt));
    const signal = AbortSignal.any([this.#closing.signal, late.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    this.#waiting += 1;
    try {
      return await this.#inTurn(() => parseInChild(job, bytes, this.#limits, signal), signal);
    } finally {
      clearTimeout(timer);
      this.#waiting -= 1;
    }
  }

  /** Ends what is being read and refuses the rest; no child process is left when it resolves. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(closedError());
    await this.#last;
  }

  /** Whoever gives up while waiting is told at once, and passes its turn on when that comes. */
  #inTurn<Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
    const turn = this.#last.then(() => work());
    this.#last = turn.catch(() => undefined);
    return Promise.race([turn, abortOf(signal, turn)]);
  }
}

/** Rejects when the signal is aborted; never settles otherwise. Lets go of the signal when the work has ended. */
function abortOf(signal: AbortSignal, work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const aborted = (): void => reject(signal.reason as Error);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted, { once: true });
    const letGo = (): void => signal.removeEventListener('abort', aborted);
    work.then(letGo, letGo);
  });
}

const untilMs = (deadlineAt: number): number => Math.min(Math.max(0, deadlineAt - Date.now()), MAX_TIMER_MS);

const lateError = (): AppError => new AppError('deadline_exceeded', 'The file was not read in time.');
const closedError = (): AppError => new AppError('draining', 'Files are not read any more: the server is stopping.');
const crowdedError = (): AppError => new AppError('draining', 'Too many files are waiting to be read.', { retryAfterMs: RETRY_AFTER_MS });
