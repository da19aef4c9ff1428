import { AppError, EMBEDDING_RPC } from '@continuo/contracts';
import type { CallOptions, EmbedderState, EmbeddingModel, EmbeddingRole } from '@continuo/ports';
import { inPortions, textBytes } from './in-portions.ts';
import { KnownState } from './known-state.ts';
import type { RpcChannel } from './rpc-channel.ts';
import type { FailureCodes } from './rpc-failure.ts';

const CODES: FailureCodes = {
  service: 'The recall service',
  away: 'embedder_unavailable',
  late: 'deadline_exceeded',
  passesDraining: false,
};

/** One portion of passages on a busy machine. */
const LIMIT_MS = 60_000;
const STATE_LIMIT_MS = 2_000;

/** Texts of one call: a model on one thread reads them in some seconds, so that every deadline means something. */
const TEXTS_AT_ONCE = 256;

const NOT_ASKED: EmbedderState = { status: 'none', reason: 'The recall service has not said yet whether it embeds.' };
const SILENT: EmbedderState = { status: 'failed', reason: 'The recall service, which embeds, cannot be reached.' };
const CLOSED: EmbedderState = { status: 'none', reason: 'The embedder is closed.' };

interface EmbedSome {
  readonly texts: readonly string[];
  readonly role: EmbeddingRole;
  readonly modelId: string;
}

/** The embedder of another process. Its state is what that process said last. */
export class GrpcEmbeddingModel implements EmbeddingModel {
  readonly #channel: RpcChannel;
  readonly #listeners = new Set<(state: EmbedderState) => void>();
  readonly #states: KnownState<EmbedderState>;
  readonly #closed = new AbortController();
  #state: EmbedderState = NOT_ASKED;

  constructor(channel: RpcChannel) {
    this.#channel = channel;
    this.#states = new KnownState<EmbedderState>(
      (signal) => channel.unary(EMBEDDING_RPC.state, {}, { signal, limitMs: STATE_LIMIT_MS, codes: CODES }),
      (state) => this.#enter(state ?? SILENT),
      ({ status }) => status === 'ready',
    );
  }

  /** Begins to ask for the state. */
  open(): void {
    this.#states.open();
  }

  state(): EmbedderState {
    return this.#state;
  }

  onState(listener: (state: EmbedderState) => void): () => void {
    // One function may listen twice; each leaves by itself.
    const own = (state: EmbedderState): void => listener(state);
    this.#listeners.add(own);
    own(this.#state);
    return () => this.#listeners.delete(own);
  }

  async embed(texts: readonly string[], role: EmbeddingRole, options: CallOptions): Promise<readonly Float32Array[]> {
    options.signal?.throwIfAborted();
    if (options.deadlineAt !== undefined && options.deadlineAt <= Date.now())
      throw new AppError('deadline_exceeded', 'The deadline passed before the texts were embedded.');
    if (this.#state.status !== 'ready') throw unavailable(this.#state);
    const { id: modelId } = this.#state.model;
    const vectors: Float32Array[] = [];
    for (const portion of inPortions(texts, textBytes)) {
      for (let start = 0; start < portion.length; start += TEXTS_AT_ONCE)
        vectors.push(...(await this.#embedSome({ texts: portion.slice(start, start + TEXTS_AT_ONCE), role, modelId }, options)));
    }
    return vectors;
  }

  async #embedSome(request: EmbedSome, options: CallOptions): Promise<readonly Float32Array[]> {
    const signal = options.signal === undefined ? this.#closed.signal : AbortSignal.any([options.signal, this.#closed.signal]);
    const { vectors } = await this.#channel.unary(EMBEDDING_RPC.embed, request, { ...options, signal, limitMs: LIMIT_MS, codes: CODES });
    if (vectors.length === request.texts.length) return vectors;
    throw new AppError('internal', `The recall service embedded ${vectors.length} of ${request.texts.length} texts.`);
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#states.close();
    this.#enter(CLOSED);
    this.#listeners.clear();
    this.#closed.abort(unavailable(CLOSED));
  }

  #enter(state: EmbedderState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

const unavailable = ({ reason }: EmbedderState): AppError => new AppError('embedder_unavailable', `No text can be embedded now: ${reason}`);
