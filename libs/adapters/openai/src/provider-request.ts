import { AppError } from '@continuo/contracts';
import type { CallOptions } from '@continuo/ports';
import type OpenAI from 'openai';
import { CallWatch } from './call-watch.ts';
import type { BreakerVerdict } from './circuit-breaker.ts';
import type { RegisteredModel } from './model-registry.ts';
import type { ProviderConnections } from './provider-connections.ts';
import { statusOf, toModelError } from './provider-errors.ts';
import { pause } from './pause.ts';
import { takeTurn } from './provider-limits.ts';

/** Refusals of parameters one request may learn from: more than there are parameters to give up. */
const MOST_LESSONS = 8;
const RETRY_PAUSE_MS = 100;
const RETRY_JITTER_MS = 200;

export interface ProviderRequest<Result> {
  readonly model: RegisteredModel;
  readonly options: CallOptions;
  /** Estimated tokens of what is sent; only asked for where tokens are limited. */
  readonly promptTokens: () => number;
  /** How long somebody waits for their turn where the model's limits are reached; null: work behind the requests, as long as its deadline allows. */
  readonly patienceMs: number | null;
  /** Made anew for every try, after what earlier tries have taught. */
  readonly body: () => Record<string, unknown>;
  /** Sends it and waits for what counts as an answer: the first piece of a stream, or the whole. */
  readonly send: (client: OpenAI, body: Record<string, unknown>, watch: CallWatch) => Promise<Result>;
}

export interface ProviderReply<Result> {
  readonly result: Result;
  /** Open: whoever reads on closes it. */
  readonly watch: CallWatch;
  /** Taken of the model's tokens before it was asked; what it used beyond them is charged by whoever learns it. */
  readonly claimedTokens: number;
}

/**
 * Sends a request until it is answered: in its turn, through the breaker, again without the parameters the provider refuses, and once more after
 * a refused or broken connection or a 5xx, if the deadline allows.
 */
export async function request<Result>(connections: ProviderConnections, call: ProviderRequest<Result>): Promise<ProviderReply<Result>> {
  let lessons = 0;
  let retried = false;
  for (;;) {
    const attempt = await tryOnce(connections, call);
    if ('result' in attempt) return attempt;
    const { error, failure, sent } = attempt;
    if (lessons < MOST_LESSONS && connections.dialectOf(call.model).learn(error, sent)) {
      lessons += 1;
      continue;
    }
    const pauseMs = RETRY_PAUSE_MS + Math.round(connections.random() * RETRY_JITTER_MS);
    if (retried || !attempt.retryable || pauseMs >= (call.options.deadlineAt ?? Infinity) - connections.now()) throw failure;
    retried = true;
    await pause(pauseMs, call.options);
  }
}

interface FailedAttempt {
  readonly error: unknown;
  /** What the caller is told. */
  readonly failure: unknown;
  readonly sent: Record<string, unknown>;
  readonly retryable: boolean;
}

async function tryOnce<Result>(
  connections: ProviderConnections,
  call: ProviderRequest<Result>,
): Promise<ProviderReply<Result> | FailedAttempt> {
  const { model, options } = call;
  options.signal?.throwIfAborted();
  const breaker = connections.breakerOf(model);
  if (breaker.waitMs() > 0) throw resting(model, breaker.waitMs());
  const claimedTokens = await takeTurn(connections, call);
  const leave = breaker.enter();
  if (leave === null) throw resting(model, breaker.waitMs());
  const watch = new CallWatch(options, connections.now());
  let sent: Record<string, unknown> = {};
  try {
    if (watch.stopped !== null) throw stopError(watch, model, options);
    sent = call.body();
    watch.arm(model.timeoutMs);
    const result = await call.send(connections.clientOf(model), sent, watch);
    watch.disarm();
    leave('success');
    return { result, watch, claimedTokens };
  } catch (error) {
    const failure = failureOf(error, watch, call, false, connections.now());
    leave(verdictOn(failure, watch));
    watch.close();
    const status = statusOf(error);
    const retryable = watch.stopped === null && AppError.is(failure, 'model_unavailable') && (status === null || status >= 500);
    return { error, failure, sent, retryable };
  }
}

/** The failure to show for an error of a request: the caller's own reason, a time-out, or the provider's failure translated. */
export function failureOf(
  error: unknown,
  watch: CallWatch,
  call: { readonly model: RegisteredModel; readonly options: CallOptions },
  begun: boolean,
  now: number,
): unknown {
  return watch.stopped === null ? toModelError(error, call.model.publicName, begun, now) : stopError(watch, call.model, call.options);
}

function stopError(watch: CallWatch, model: RegisteredModel, options: CallOptions): unknown {
  if (watch.stopped === 'caller') return options.signal?.reason;
  const why = watch.stopped === 'deadline' ? 'before the deadline of the request' : 'in time';
  return new AppError('model_timeout', `${model.publicName} did not answer ${why}.`);
}

function resting(model: RegisteredModel, waitMs: number): AppError {
  return new AppError('model_unavailable', `The provider of ${model.publicName} has failed repeatedly and is left alone for a moment.`, {
    retryAfterMs: waitMs,
  });
}

function verdictOn(failure: unknown, watch: CallWatch): BreakerVerdict {
  if (watch.stopped === 'caller' || watch.stopped === 'deadline') return 'neutral';
  if (AppError.is(failure, 'model_limited')) return 'neutral';
  return AppError.is(failure, 'model_rejected') ? 'success' : 'failure';
}
