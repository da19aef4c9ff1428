import type { CallOptions, EmbedderState, EmbeddingModel, EmbeddingModelIdentity, EmbeddingRole } from '@continuo/ports';
import { BackOff } from '../back-off.ts';
import { embedCached } from '../embed-cached.ts';
import { EmbedderStates, unavailable } from '../embedder-states.ts';
import { QueryCache } from '../query-cache.ts';
import { pause, throwIfStopped } from '../stopping.ts';
import { normaliseText } from '../text.ts';
import { asUnavailable, EndpointFailure, requestEmbeddings, type EndpointAddress } from './embeddings-request.ts';
import { rolePrefixesOf, type RolePrefixes } from './role-prefixes.ts';

export interface EndpointEmbeddingModelOptions extends EndpointAddress {
  /** What to put before queries and passages; undefined: by the model's name. */
  readonly prefixes?: RolePrefixes;
  /** Longest that one request may take. Default 20 s. */
  readonly timeoutMs?: number;
  /** First pause before an endpoint that failed is asked again; doubles up to 5 minutes. Default 2 s. */
  readonly probeAgainAfterMs?: number;
}

const TIMEOUT_MS = 20_000;
const PROBE_AGAIN_AFTER_MS = 2_000;
const PROBE_CEILING_MS = 5 * 60_000;
/** Texts per request; more does not get faster and makes a refusal dearer. */
const BATCH_TEXTS = 64;
/** Below the limit of every provider we know (8,191 tokens), also in Chinese. Local servers cut further themselves. */
const MAX_CHARACTERS = 6_000;
/** Failures in a row after which the endpoint counts as down, and is probed instead of asked. */
const FAILURES_UNTIL_DOWN = 3;

/** Any OpenAI-compatible embedding endpoint. Asks for its dimension first; asks nothing while it is down or limiting. */
export class EndpointEmbeddingModel implements EmbeddingModel {
  private readonly options: EndpointEmbeddingModelOptions;
  private readonly prefixes: RolePrefixes;
  private readonly states: EmbedderStates;
  private readonly cache = new QueryCache();
  private readonly closing = new AbortController();
  private readonly probes: BackOff;
  private life: Promise<void> | null = null;
  private failuresInRow = 0;
  private limitedUntil = 0;
  private wentDown = Promise.withResolvers<void>();

  constructor(options: EndpointEmbeddingModelOptions) {
    this.options = options;
    this.prefixes = options.prefixes ?? rolePrefixesOf(options.model);
    this.states = new EmbedderStates({ status: 'none', reason: 'the embedder has not been opened' });
    this.probes = new BackOff(options.probeAgainAfterMs ?? PROBE_AGAIN_AFTER_MS, PROBE_CEILING_MS);
  }

  /** Starts asking the endpoint for its dimension and returns at once. A second call does nothing. */
  open(): void {
    this.life ??= this.live(this.closing.signal);
  }

  state(): EmbedderState {
    return this.states.present;
  }

  onState(listener: (state: EmbedderState) => void): () => void {
    return this.states.subscribe(listener);
  }

  async embed(texts: readonly string[], role: EmbeddingRole, options: CallOptions): Promise<readonly Float32Array[]> {
    throwIfStopped(options);
    if (texts.length === 0) return [];
    const state = this.states.present;
    if (state.status !== 'ready') throw unavailable(`The embedder is not ready: ${state.reason}`);
    return embedCached(texts.map(normaliseText), role, this.cache, (missing) => this.inBatches(missing, role, state.model, options));
  }

  async close(): Promise<void> {
    this.closing.abort(unavailable('The embedder is closing.'));
    await this.life;
    this.states.set({ status: 'none', reason: 'the embedder is closed' });
  }

  private async live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.wentDown = Promise.withResolvers();
      if (await this.probe(signal)) {
        const closed = Promise.withResolvers<void>();
        signal.addEventListener('abort', () => closed.resolve(), { once: true });
        await Promise.race([this.wentDown.promise, closed.promise]);
      }
      await pause(this.probes.next(), signal);
    }
  }

  /** Asks for one vector to learn the dimension. True: the endpoint works. */
  private async probe(signal: AbortSignal): Promise<boolean> {
    const { model } = this.options;
    if (this.states.present.status !== 'failed') {
      this.states.set({
        status: 'fetching',
        reason: `asking the endpoint of ${model} for its dimension`,
        receivedBytes: 0,
        totalBytes: null,
      });
    }
    try {
      const [vector] = await requestEmbeddings(this.options, [this.prefixes.query + 'hello'], this.options.timeoutMs ?? TIMEOUT_MS, {
        signal,
      });
      this.failuresInRow = 0;
      this.probes.reset();
      this.states.set({ status: 'ready', reason: `${model} at its endpoint`, model: { id: model, dimension: vector?.length ?? 0 } });
      return true;
    } catch (error) {
      if (!signal.aborted) this.fail(error);
      return false;
    }
  }

  private async inBatches(
    texts: readonly string[],
    role: EmbeddingRole,
    model: EmbeddingModelIdentity,
    options: CallOptions,
  ): Promise<readonly Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += BATCH_TEXTS) {
      const inputs = texts.slice(start, start + BATCH_TEXTS).map((text) => this.prefixes[role] + within(text, role));
      vectors.push(...(await this.ask(inputs, model, options)));
    }
    return vectors;
  }

  private async ask(inputs: readonly string[], model: EmbeddingModelIdentity, options: CallOptions): Promise<readonly Float32Array[]> {
    const pauseMs = this.limitedUntil - Date.now();
    if (pauseMs > 0) throw asUnavailable(new EndpointFailure('limited', 'it asked for a pause', pauseMs));
    const signal = options.signal === undefined ? this.closing.signal : AbortSignal.any([options.signal, this.closing.signal]);
    try {
      const vectors = await requestEmbeddings(this.options, inputs, this.options.timeoutMs ?? TIMEOUT_MS, { ...options, signal });
      const strange = vectors.find((vector) => vector.length !== model.dimension);
      if (strange !== undefined) throw new EndpointFailure('down', `it gave ${strange.length} numbers instead of ${model.dimension}`);
      this.failuresInRow = 0;
      return vectors;
    } catch (error) {
      if (!(error instanceof EndpointFailure)) throw error;
      this.count(error);
      throw asUnavailable(error);
    }
  }

  private count(failure: EndpointFailure): void {
    if (failure.kind === 'refused') return;
    if (failure.kind === 'limited') {
      this.limitedUntil = Date.now() + (failure.retryAfterMs ?? 0);
      return;
    }
    this.failuresInRow += 1;
    if (this.failuresInRow < FAILURES_UNTIL_DOWN || this.states.present.status !== 'ready') return;
    this.fail(failure);
    this.wentDown.resolve();
  }

  private fail(error: unknown): void {
    const reason = error instanceof EndpointFailure ? error.message : 'it cannot be used';
    this.states.set({ status: 'failed', reason: `the embedding endpoint of ${this.options.model} failed: ${reason}` });
  }
}

/** A long query keeps its end, where the question is; a long passage its beginning. */
function within(text: string, role: EmbeddingRole): string {
  if (text.length <= MAX_CHARACTERS) return text;
  return (role === 'query' ? text.slice(-MAX_CHARACTERS) : text.slice(0, MAX_CHARACTERS)).toWellFormed();
}

/** An endpoint's embedder with its defaults; `open()` starts it. */
export function createEndpointEmbeddingModel(options: EndpointEmbeddingModelOptions): EndpointEmbeddingModel {
  return new EndpointEmbeddingModel(options);
}
