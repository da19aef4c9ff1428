import { fileURLToPath } from 'node:url';
import { Client, type ClientReadableStream, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import {
  AppError,
  decodeMessage,
  encodeMessage,
  PROTO_FILES,
  PROTO_FOLDER,
  PROTO_READING,
  REQUEST_ID_METADATA,
  type RpcMethod,
  TOKEN_METADATA,
} from '@continuo/contracts';
import { openCallSpan, type Span, TRACE_METADATA } from '@continuo/platform';
import type { CallOptions } from '@continuo/ports';
import { asAppError, type FailureCodes, late } from './rpc-failure.ts';

/** What a channel says with every call. */
export interface CallIdentity {
  readonly token: string;
  /** The request that calls are made for at this moment, if any. */
  readonly requestId: () => string | undefined;
}

/** How one call is made. */
export interface CallManner extends CallOptions {
  /** Longest wait where no deadline is given. */
  readonly limitMs: number;
  readonly codes: FailureCodes;
}

const definitions = loadSync([...PROTO_FILES], { ...PROTO_READING, includeDirs: [fileURLToPath(PROTO_FOLDER)] });

function definitionOf({ service, name }: RpcMethod): MethodDefinition<object, object> {
  const definition = (definitions[service] as ServiceDefinition)[name];
  if (definition === undefined) throw new Error(`No .proto file says what ${service}/${name} is.`);
  return definition as MethodDefinition<object, object>;
}

/** The status of `grpc.health.v1.HealthCheckResponse`, its only field, when it says `SERVING`. */
const SERVING = Buffer.from([0x08, 0x01]);
/** What metadata may hold; a request id may come from a stranger. */
const SENDABLE = /^[\u0020-\u007e]{1,200}$/u;
const HEALTH_TIMEOUT_MS = 2_000;

/** Calls of the services behind one channel, as ports make them: with signals, deadlines and AppErrors. */
export class RpcChannel {
  readonly #client: Client;
  readonly #identity: CallIdentity;

  constructor(client: Client, identity: CallIdentity) {
    this.#client = client;
    this.#identity = identity;
  }

  /**
   * One message for one message.
   *
   * @throws AppError: the service's own, or one of the manner's codes when it is away or late; the signal's reason when it is aborted.
   */
  async unary<Request, Reply>(method: RpcMethod<Request, Reply>, request: NoInfer<Request>, manner: CallManner): Promise<Reply> {
    const span = openCallSpan(method);
    try {
      const reply = await this.#unary(method, request, manner, span);
      span.end();
      return reply;
    } catch (error) {
      span.end(error);
      throw error;
    }
  }

  async #unary<Request, Reply>(
    method: RpcMethod<Request, Reply>,
    request: NoInfer<Request>,
    manner: CallManner,
    span: Span,
  ): Promise<Reply> {
    const deadline = deadlineOf(manner);
    const message = encodeMessage<Request>(method.request, request);
    const { path, requestSerialize, responseDeserialize } = definitionOf(method);
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    const call = this.#client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      this.#metadata(span),
      { deadline },
      (error, reply) => (error === null ? resolve(reply as object) : reject(asAppError(error, manner.codes))),
    );
    const abort = (): void => {
      reject(manner.signal?.reason as Error);
      call.cancel();
    };
    manner.signal?.addEventListener('abort', abort, { once: true });
    try {
      return decodeReply(method, await promise);
    } finally {
      manner.signal?.removeEventListener('abort', abort);
    }
  }

  /** One message for a stream. The caller reads, cancels and translates what it throws ({@link decodeReply}, {@link asAppError}). */
  openStream<Request, Reply>(
    method: RpcMethod<Request, Reply>,
    request: NoInfer<Request>,
    manner: CallManner,
  ): ClientReadableStream<object> {
    const deadline = deadlineOf(manner);
    const message = encodeMessage<Request>(method.request, request);
    const { path, requestSerialize, responseDeserialize } = definitionOf(method);
    const span = openCallSpan(method);
    const metadata = this.#metadata(span);
    const call = this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message, metadata, { deadline });
    call.once('status', ({ code }) => span.end(code === status.OK ? undefined : { code: status[code] }));
    return call;
  }

  /** True when the replica whose turn it is says that it serves. */
  async isServing(): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      this.#client.makeUnaryRequest(
        '/grpc.health.v1.Health/Check',
        () => Buffer.alloc(0),
        (bytes: Buffer) => bytes.equals(SERVING),
        null,
        new Metadata(),
        { deadline: Date.now() + HEALTH_TIMEOUT_MS },
        (_error: ServiceError | null, serves) => resolve(serves === true),
      );
    });
  }

  /** Calls that run fail. */
  close(): void {
    this.#client.close();
  }

  #metadata({ traceparent }: Span): Metadata {
    const metadata = new Metadata();
    if (traceparent !== null) metadata.set(TRACE_METADATA, traceparent);
    metadata.set(TOKEN_METADATA, this.#identity.token);
    const requestId = this.#identity.requestId();
    if (requestId !== undefined && SENDABLE.test(requestId)) metadata.set(REQUEST_ID_METADATA, requestId);
    return metadata;
  }
}

/** @throws the signal's reason, or the manner's code for being late: nothing is sent that nobody waits for. */
function deadlineOf({ signal, deadlineAt, limitMs, codes }: CallManner): number {
  signal?.throwIfAborted();
  if (deadlineAt !== undefined && deadlineAt <= Date.now()) throw late(codes);
  return deadlineAt ?? Date.now() + limitMs;
}

/** @throws AppError `internal`: a reply that does not fit comes of another version of the service. */
export function decodeReply<Reply>(method: RpcMethod<unknown, Reply>, reply: object): Reply {
  try {
    return decodeMessage(method.reply, reply);
  } catch (error) {
    const cause = AppError.is(error) ? error.message : '';
    throw new AppError('internal', `A reply of ${method.service}/${method.name} cannot be read. ${cause}`, { cause: error });
  }
}
