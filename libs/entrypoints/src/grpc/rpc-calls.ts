import { createHash, timingSafeEqual } from 'node:crypto';
import { Metadata, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import {
  AppError,
  decodeMessage,
  encodeMessage,
  type ErrorCode,
  FAILURE_METADATA,
  REQUEST_ID_METADATA,
  type RpcMethod,
  TOKEN_METADATA,
  TOKEN_PATTERN,
  writeFailure,
} from '@continuo/contracts';
import { errorFields, type Log, openServedSpan, TRACE_METADATA } from '@continuo/platform';
import type { CallOptions } from '@continuo/ports';
import { RpcException } from '@nestjs/microservices';
import { orAborted } from './or-aborted.ts';
import { RPC_STATUS } from './rpc-status.ts';

export type UnaryCall = ServerUnaryCall<unknown, unknown>;
export type StreamCall = ServerWritableStream<unknown, unknown>;

/** Told of every call that ended. `method` is a name such as `continuo.v1.Recall/Search`. */
export interface RpcMetrics {
  rpcServed(method: string, outcome: 'ok' | ErrorCode, durationMs: number): void;
}

export interface RpcCallsOptions {
  /** What every call has to carry. */
  readonly token: string;
  readonly log: Log;
  readonly metrics?: RpcMetrics | undefined;
}

/** Until when a call is worked on: the caller may leave, the server may stop. */
export type ServedCall = CallOptions & { readonly signal: AbortSignal };

/** Work on a call; `note` is for a failure that the work tells the caller itself. */
type Work<Request, Result> = (request: Request, options: ServedCall, note: (failure: AppError) => void) => Promise<Result>;

/** What every call goes through: the token, the schema, the caller's leaving and deadline, the error's way home. */
export class RpcCalls {
  readonly #tokenDigest: Buffer;
  readonly #log: Log;
  readonly #metrics: RpcMetrics | undefined;
  readonly #running = new Set<AbortController>();

  constructor({ token, log, metrics }: RpcCallsOptions) {
    if (!TOKEN_PATTERN.test(token))
      throw new Error('A service needs a token of ASCII characters: without one everybody may read every memory.');
    this.#tokenDigest = digest(token);
    this.#log = log;
    this.#metrics = metrics;
  }

  /** Calls that have not ended. */
  get running(): number {
    return this.#running.size;
  }

  /** Stops all that runs; the callers are told that error. */
  abort(reason: AppError): void {
    for (const running of this.#running) running.abort(reason);
  }

  /** Answers a call with one message. */
  async unary<Request, Reply>(method: RpcMethod<Request, Reply>, call: UnaryCall, work: Work<Request, Reply>): Promise<object> {
    return this.#serve(method, call, async (request, options, note) =>
      encodeReply(method, await orAborted(work(request, options, note), options.signal)),
    );
  }

  /** Answers with a stream, which `work` writes. */
  async stream<Request, Reply>(method: RpcMethod<Request, Reply>, call: StreamCall, work: Work<Request, void>): Promise<void> {
    return this.#serve(method, call, work);
  }

  /** The error with a meaning for the caller; a bug is logged and says nothing of itself. */
  asFailure(method: RpcMethod, metadata: Metadata, error: unknown): AppError {
    if (AppError.is(error)) return error;
    this.#log.error('rpc_failed', { method: nameOf(method), requestId: requestIdOf(metadata), ...errorFields(error) });
    return new AppError('internal', 'The service failed; its log says more.');
  }

  /**
   * Takes any call through: `work` gets what was asked for. Whatever it throws becomes the status of the call.
   *
   * @throws RpcException with the error's status, and the error itself in the metadata.
   */
  async #serve<Request, Reply, Result>(
    method: RpcMethod<Request, Reply>,
    call: UnaryCall | StreamCall,
    work: Work<Request, Result>,
  ): Promise<Result> {
    const startedAt = performance.now();
    const running = new AbortController();
    const deadlineAt = Number(call.getDeadline());
    const leave = (): void => running.abort(goneReason(deadlineAt));
    let failure: AppError | undefined;
    const span = openServedSpan(method, call.metadata.get(TRACE_METADATA)[0]);
    this.#running.add(running);
    call.once('cancelled', leave);
    try {
      if (call.cancelled) leave();
      this.#authorise(call.metadata);
      const request = decodeMessage(method.request, call.request);
      const options = { signal: running.signal, ...(Number.isFinite(deadlineAt) ? { deadlineAt } : {}) };
      return await span.run(() => work(request, options, (told) => (failure = told)));
    } catch (error) {
      failure = this.asFailure(method, call.metadata, error);
      throw refusal(failure);
    } finally {
      span.end(failure);
      call.off('cancelled', leave);
      this.#running.delete(running);
      this.#report(method, call.metadata, failure?.code ?? 'ok', performance.now() - startedAt);
    }
  }

  #authorise(metadata: Metadata): void {
    const [token] = metadata.get(TOKEN_METADATA);
    if (typeof token === 'string' && timingSafeEqual(digest(token), this.#tokenDigest)) return;
    throw new AppError('unauthenticated', 'The call carries no valid service token.');
  }

  #report(method: RpcMethod, metadata: Metadata, outcome: 'ok' | ErrorCode, durationMs: number): void {
    this.#metrics?.rpcServed(nameOf(method), outcome, durationMs);
    const fields = { method: nameOf(method), requestId: requestIdOf(metadata), outcome, durationMs: Math.round(durationMs) };
    if (outcome === 'unauthenticated') this.#log.warn('rpc_refused', fields);
    else this.#log.debug('rpc_served', fields);
  }
}

/** @throws AppError `internal`: a reply that does not fit its schema is a bug. */
export function encodeReply<Reply>(method: RpcMethod<unknown, Reply>, reply: Reply): object {
  try {
    return encodeMessage(method.reply, reply as NoInfer<Reply>);
  } catch (error) {
    throw new Error(`A reply of ${nameOf(method)} does not fit its schema.`, { cause: error });
  }
}

const nameOf = (method: RpcMethod): string => `${method.service}/${method.name}`;

/** Digests have one length, which comparing in constant time asks for. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

function requestIdOf(metadata: Metadata): string | undefined {
  const [requestId] = metadata.get(REQUEST_ID_METADATA);
  return typeof requestId === 'string' ? requestId : undefined;
}

const goneReason = (deadlineAt: number): AppError =>
  Date.now() >= deadlineAt
    ? new AppError('deadline_exceeded', 'The deadline of the call has passed.')
    : new AppError('client_gone', 'The caller has gone.');

function refusal(failure: AppError): RpcException {
  const metadata = new Metadata();
  metadata.set(FAILURE_METADATA, Buffer.from(writeFailure(failure)));
  return new RpcException({ code: RPC_STATUS[failure.code], message: failure.message, metadata });
}
