import type { Client } from '@opensearch-project/opensearch';
import type { CallOptions } from '@continuo/ports';
import type { IndexEvent } from '../index-event.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { backOffMs, RetryBudget } from './retry-budget.ts';
import { deadlineExceeded, StoreRefusal, unavailable } from './store-errors.ts';

export interface StoreRequest {
  /** What it is for, in events: never a path, which may name people. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: object;
  /** Newline-delimited JSON instead of a body. */
  readonly lines?: string;
}

export interface StoreLimits extends CallOptions {
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. Everything we send may be sent twice. */
  readonly retries: number;
}

/** An attempt given less time than this that gets no answer says nothing about the store. */
const TELLING_MS = 250;

/** Statuses by which the store, or what stands before it, says that it cannot now. */
const PASSING = new Set([429, 502, 503, 504]);

interface ClientFailure {
  readonly name?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly body?: { readonly error?: { readonly type?: string; readonly reason?: string } | string };
}

/** One request to the store: bounded in time, retried within a budget, refused at once while the breaker is open. */
export class StoreClient {
  readonly #client: Client;
  readonly #breaker: CircuitBreaker;
  readonly #onEvent: (event: IndexEvent) => void;
  readonly #budget = new RetryBudget();

  constructor(client: Client, breaker: CircuitBreaker, onEvent: (event: IndexEvent) => void) {
    this.#client = client;
    this.#breaker = breaker;
    this.#onEvent = onEvent;
  }

  /**
   * The body of the answer. @throws StoreRefusal when the store says no, AppError `index_unavailable` when it does not answer or
   * cannot now, `deadline_exceeded` at the deadline, and the signal's reason.
   */
  async send<Body>(request: StoreRequest, limits: StoreLimits): Promise<Body> {
    this.#budget.earn();
    for (let attempt = 0; ; attempt += 1) {
      limits.signal?.throwIfAborted();
      const leftMs = (limits.deadlineAt ?? Number.POSITIVE_INFINITY) - Date.now();
      if (leftMs <= 0) throw deadlineExceeded();
      if (!this.#breaker.enter()) throw unavailable('has not answered lately; it is tried again in a moment');
      const startedAt = performance.now();
      try {
        const body = await this.#attempt<Body>(request, Math.min(leftMs, limits.timeoutMs), limits.signal);
        this.#breaker.succeeded();
        this.#onEvent({ type: 'answered', operation: request.operation, tookMs: performance.now() - startedAt });
        return body;
      } catch (error) {
        const reason = this.#judge(error as ClientFailure, limits, leftMs);
        if (attempt >= limits.retries || !this.#budget.spend()) throw unavailable('is overloaded or cannot be reached', error);
        this.#onEvent({ type: 'retry', operation: request.operation, reason });
        await pause(backOffMs(attempt), limits.signal);
      }
    }
  }

  /** Says why another attempt may help; throws when none would. */
  #judge(failure: ClientFailure, limits: StoreLimits, leftMs: number): string {
    if (limits.signal?.aborted === true) {
      this.#breaker.abandoned();
      limits.signal.throwIfAborted();
    }
    const { statusCode: status } = failure;
    // Who could hardly wait says nothing about the store.
    if (failure.name === 'TimeoutError' && Math.min(leftMs, limits.timeoutMs) < TELLING_MS) this.#breaker.abandoned();
    else if (status === undefined || status === 502 || status === 503 || status === 504) this.#breaker.failed();
    else this.#breaker.succeeded();
    if (failure.name === 'TimeoutError')
      throw leftMs <= limits.timeoutMs ? deadlineExceeded(failure) : unavailable('did not answer in time', failure);
    if (status === undefined) return 'connection';
    if (PASSING.has(status)) return String(status);
    const { error } = failure.body ?? {};
    throw typeof error === 'object' ? new StoreRefusal(status, error.type ?? '', error.reason ?? '') : new StoreRefusal(status, '', '');
  }

  /** The client's own limit counts silence, and not at all while a body arrives: this one counts the whole. */
  async #attempt<Body>(request: StoreRequest, timeoutMs: number, signal: AbortSignal | undefined): Promise<Body> {
    const sent = this.#client.transport.request(toParams(request), { requestTimeout: Math.ceil(timeoutMs) + SLACK_MS, maxRetries: 0 });
    const { promise: given, resolve, reject } = Promise.withResolvers<Body>();
    const giveUp = (name: string): void => {
      reject({ name } satisfies ClientFailure);
      sent.abort();
    };
    const abort = (): void => giveUp('AbortError');
    const timer = setTimeout(giveUp, timeoutMs, 'TimeoutError');
    signal?.addEventListener('abort', abort, { once: true });
    sent.then(({ body }) => resolve(body as Body), reject);
    try {
      return await given;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

/** Later than our own limit, so that ours decides. */
const SLACK_MS = 1_000;

const toParams = ({ method, path, query, body, lines }: StoreRequest) => ({
  method,
  path,
  ...(query === undefined ? {} : { querystring: query }),
  ...(body === undefined ? {} : { body }),
  ...(lines === undefined ? {} : { bulkBody: lines }),
});

/** Ends early with the signal's reason. */
export async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, durationMs);
  const abort = (): void => reject(signal?.reason as Error);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Waits for work that goes on for others. @throws AppError `deadline_exceeded`, and the signal's reason. */
export async function waitedFor<Result>(work: Promise<Result>, { signal, deadlineAt }: CallOptions): Promise<Result> {
  signal?.throwIfAborted();
  // It may fail when nobody waits any more.
  work.catch(() => undefined);
  if (signal === undefined && deadlineAt === undefined) return work;
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason as Error);
  const timer = deadlineAt === undefined ? undefined : setTimeout(() => reject(deadlineExceeded()), Math.max(0, deadlineAt - Date.now()));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
