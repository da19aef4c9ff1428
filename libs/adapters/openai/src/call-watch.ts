import type { CallOptions } from '@continuo/ports';

/** Longest delay a timer can hold. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** What ended a request before the provider did: whoever called, their deadline, or our own limit. */
export type Stop = 'caller' | 'deadline' | 'limit';

/** Everything that may stop one request to a provider, behind one signal. Whoever makes it closes it. */
export class CallWatch {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #onCallerAbort = (): void => this.#stop('caller');
  readonly #deadlineTimer: NodeJS.Timeout | undefined;
  #limitTimer: NodeJS.Timeout | undefined;
  #stopped: Stop | null = null;

  /** @param now epoch milliseconds */
  constructor(options: CallOptions, now: number) {
    this.#callerSignal = options.signal;
    if (options.signal?.aborted === true) this.#stop('caller');
    else options.signal?.addEventListener('abort', this.#onCallerAbort, { once: true });
    if (options.deadlineAt === undefined) return;
    if (options.deadlineAt <= now) this.#stop('deadline');
    else this.#deadlineTimer = setTimeout(() => this.#stop('deadline'), Math.min(options.deadlineAt - now, LONGEST_TIMER_MS));
  }

  /** Aborted when anything stops the request, and by {@link close}. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the request was stopped; null: it was not. */
  get stopped(): Stop | null {
    return this.#stopped;
  }

  /** Stops the request unless {@link disarm} or another limit comes within this time. */
  arm(limitMs: number): void {
    clearTimeout(this.#limitTimer);
    this.#limitTimer = setTimeout(() => this.#stop('limit'), Math.min(limitMs, LONGEST_TIMER_MS));
  }

  /** Nobody waits for the provider just now. */
  disarm(): void {
    clearTimeout(this.#limitTimer);
  }

  /** Gives up timers and listeners, and the request where it still runs. */
  close(): void {
    clearTimeout(this.#limitTimer);
    clearTimeout(this.#deadlineTimer);
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
    this.#controller.abort();
  }

  #stop(why: Stop): void {
    this.#stopped ??= why;
    this.#controller.abort();
  }
}
