import type { Scope } from '@continuo/domain';

/** How long a call may take and what stops it. Every port that leaves the process takes one. */
export interface CallOptions {
  /** Aborting it stops the work within 50 ms and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Epoch milliseconds after which nobody waits for the result; undefined: the adapter's own limit applies. */
  readonly deadlineAt?: number;
}

export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatModelRequest {
  /** For whom: travels with every call between services, never to the provider. */
  readonly scope: Scope;
  /** Public name, matched case-insensitively against the registry; null: the default name. */
  readonly modelName: string | null;
  readonly messages: readonly PromptMessage[];
  /** 0–2. */
  readonly temperature: number;
  /** 0–1. */
  readonly topP: number;
  /** Ceiling of the answer, reasoning included, in tokens. */
  readonly maxTokens: number;
}

/** Pieces of one answer, in order: any number of `reasoning` and `text`, then exactly one `end`. */
export type ChatModelEvent =
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly finish: 'stop' | 'length'; readonly usage: TokenUsage };

/** Tokens as the provider counted them; estimated with our tokenizer where it says nothing. */
export interface TokenUsage {
  readonly promptTokens: number;
  readonly answerTokens: number;
}

/**
 * Answers a prompt. Knows the model registry, each provider's dialect, retries and breakers.
 *
 * Failures carry the contract's codes as `AppError`: `model_unknown` (the name is not in the registry), `model_unavailable`
 * (refused, 5xx, network, breaker open), `model_timeout`, `model_limited` (429, with `retryAfterMs` where the provider named it),
 * `model_rejected` (4xx: the request itself, or the key), `model_cut_off` (the stream ended without an end).
 */
export interface ChatModel {
  /** Lazily: nothing is sent before the first pull; a pull is back-pressure. Ending the iteration early cancels the provider's request. */
  stream(request: ChatModelRequest, options: CallOptions): AsyncIterable<ChatModelEvent>;

  /** What answers under which public name, for the start message, `doctor` and `/readyz`. Never a key. */
  describe(): ChatModelDescription;
}

export interface ChatModelDescription {
  /** False: no model is configured and none was found; `stream` then fails with `model_unknown`. */
  readonly available: boolean;
  readonly models: readonly { readonly publicName: string; readonly upstreamName: string; readonly baseUrl: string }[];
  /** One sentence for people: which model, from which setting, or why none. */
  readonly reason: string;
}

export interface StructuredRequest {
  /** For whom: travels with every call between services, never to the provider. */
  readonly scope: Scope;
  /** Which model of the registry does this work. */
  readonly role: 'extract' | 'reconcile';
  /** Names the schema towards the provider: letters, digits, underscores. */
  readonly name: string;
  readonly messages: readonly PromptMessage[];
  /** JSON schema of the reply, an object with one array member named by `itemsKey`. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The member whose complete items are salvaged from a truncated reply. */
  readonly itemsKey: string;
  readonly maxTokens: number;
}

/** What could be read from a structured reply. */
export interface StructuredReply {
  /** The items of `itemsKey`, unvalidated: the caller checks each one by itself and keeps the good ones. */
  readonly items: readonly unknown[];
  /** True when the reply was cut, fenced, chatty or partly unreadable and items were saved from it. */
  readonly salvaged: boolean;
  readonly modelName: string;
  readonly usage: TokenUsage;
}

/**
 * Asks a model for JSON: json_schema, else json_object, else plain text, whichever the provider accepts (remembered per model).
 *
 * @throws AppError `model_unreadable` when the model answered and nothing could be salvaged (counts as an attempt);
 * the codes of {@link ChatModel} when the provider is down, slow or limiting (does not).
 */
export interface StructuredModel {
  /** False: no model serves this role, callers use the rules. */
  available(role: StructuredRequest['role']): boolean;
  complete(request: StructuredRequest, options: CallOptions): Promise<StructuredReply>;
}

export type EmbeddingRole = 'query' | 'passage';

/** Where an embedder stands. `complete` and `filling` are told apart by the vectors in the records, not here. */
export type EmbedderState =
  | { readonly status: 'none'; readonly reason: string }
  | { readonly status: 'fetching'; readonly reason: string; readonly receivedBytes: number; readonly totalBytes: number | null }
  | { readonly status: 'ready'; readonly reason: string; readonly model: EmbeddingModelIdentity }
  | { readonly status: 'failed'; readonly reason: string };

/** Vectors of two identities must never be compared. */
export interface EmbeddingModelIdentity {
  /** Stable name of weights and pooling, for example `multilingual-e5-small/int8`. */
  readonly id: string;
  readonly dimension: number;
}

/**
 * Turns text into vectors of length one. Never works on the event loop's thread.
 *
 * Vectors arrive, they are not waited for: before the model is there `embed` fails at once with `embedder_unavailable`.
 */
export interface EmbeddingModel {
  state(): EmbedderState;
  /** Called on every change of state, first with the present one. Returns the unsubscribe function. */
  onState(listener: (state: EmbedderState) => void): () => void;
  /** One vector per text, in order. White space is collapsed and the model's role prefix added here. @throws AppError `embedder_unavailable`. */
  embed(texts: readonly string[], role: EmbeddingRole, options: CallOptions): Promise<readonly Float32Array[]>;
  /** Stops threads and downloads; a second call does nothing. */
  close(): Promise<void>;
}

/** Counts tokens the same way everywhere, with or without weights. */
export interface TokenCounter {
  count(text: string): number;
  /** True when the text has more than `limit` tokens; cheaper than counting, because no text has more tokens than bytes. */
  exceeds(text: string, limit: number): boolean;
}

export const CHAT_MODEL = Symbol('ChatModel');
export const STRUCTURED_MODEL = Symbol('StructuredModel');
export const EMBEDDING_MODEL = Symbol('EmbeddingModel');
export const TOKEN_COUNTER = Symbol('TokenCounter');
