import type { ClientReadableStream } from '@grpc/grpc-js';
import { AppError, errorOf, GENERATION_RPC } from '@continuo/contracts';
import type { CallOptions, ChatModel, ChatModelDescription, ChatModelEvent, ChatModelRequest } from '@continuo/ports';
import type { GenerationState } from './generation-state.ts';
import { decodeReply, type RpcChannel } from './rpc-channel.ts';
import { asAppError, asPortError, type FailureCodes } from './rpc-failure.ts';

const CODES: FailureCodes = {
  service: 'The generation service',
  away: 'model_unavailable',
  late: 'model_timeout',
  passesDraining: true,
};

/** Before the first piece a service that is gone is one that is away; afterwards its answer was cut off. */
const CODES_OF_BEGUN: FailureCodes = { ...CODES, away: 'model_cut_off' };

/** The longest answer where the caller gives no deadline; the models' own limits are shorter. */
const LIMIT_MS = 600_000;

/**
 * Said while nothing is known. A description that says "no model" makes callers answer without one, so that is said only when the service
 * said it; until then, and when it cannot be reached, a chat asks and gets either its answer or the true error.
 */
const NOT_ASKED: ChatModelDescription = {
  available: true,
  models: [],
  reason: 'The generation service has not said yet which models it has.',
};

/** Chat models in another process. */
export class GrpcChatModel implements ChatModel {
  readonly #channel: RpcChannel;
  readonly #state: GenerationState;

  constructor(channel: RpcChannel, state: GenerationState) {
    this.#channel = channel;
    this.#state = state;
  }

  /** Begins to ask which models there are. */
  open(): void {
    this.#state.open();
  }

  describe(): ChatModelDescription {
    const known = this.#state.known;
    return known === null ? NOT_ASKED : { available: known.available, models: known.models, reason: known.reason };
  }

  stream(request: ChatModelRequest, options: CallOptions): AsyncIterable<ChatModelEvent> {
    return { [Symbol.asyncIterator]: () => new Answer(() => this.#open(request, options), options.signal) };
  }

  #open(request: ChatModelRequest, options: CallOptions): ClientReadableStream<object> {
    return this.#channel.openStream(GENERATION_RPC.stream, request, { ...options, limitMs: LIMIT_MS, codes: CODES });
  }
}

/** One answer, from its first pull to its end. */
class Answer implements AsyncIterator<ChatModelEvent, undefined> {
  readonly #open: () => ClientReadableStream<object>;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = (): void => this.#call?.cancel();
  #call: ClientReadableStream<object> | null = null;
  #messages: AsyncIterator<object> | null = null;
  #hasBegun = false;
  #hasEnded = false;

  constructor(open: () => ClientReadableStream<object>, signal: AbortSignal | undefined) {
    this.#open = open;
    this.#signal = signal;
  }

  async next(): Promise<IteratorResult<ChatModelEvent, undefined>> {
    if (this.#hasEnded) return { done: true, value: undefined };
    try {
      this.#messages ??= this.#begin();
      const step = await this.#messages.next();
      if (this.#hasEnded) return { done: true, value: undefined };
      if (step.done === true) return this.#endWithoutEnd();
      return { done: false, value: this.#eventOf(step.value) };
    } catch (error) {
      if (this.#hasEnded) return { done: true, value: undefined };
      this.#end();
      this.#signal?.throwIfAborted();
      throw asAppError(error, this.#hasBegun ? CODES_OF_BEGUN : CODES);
    }
  }

  /** Hangs up at once, also while a pull waits; that pull then says that it is done. */
  async return(): Promise<IteratorResult<ChatModelEvent, undefined>> {
    this.#end();
    return { done: true, value: undefined };
  }

  #begin(): AsyncIterator<object> {
    const call = this.#open();
    this.#call = call;
    // Cancelling a call that nobody reads any more is reported as an error.
    call.on('error', () => undefined);
    this.#signal?.addEventListener('abort', this.#abort, { once: true });
    return call[Symbol.asyncIterator]() as AsyncIterator<object>;
  }

  #eventOf(message: object): ChatModelEvent {
    const event = decodeReply(GENERATION_RPC.stream, message);
    if (event.type === 'failure') throw asPortError(errorOf(event.failure), CODES_OF_BEGUN);
    this.#hasBegun = true;
    if (event.type === 'end') this.#end();
    return event;
  }

  /** The pieces stopped, and none of them was the end. */
  #endWithoutEnd(): never {
    throw new AppError('model_cut_off', 'The generation service ended the answer without an end.');
  }

  #end(): void {
    this.#hasEnded = true;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#call?.cancel();
  }
}
