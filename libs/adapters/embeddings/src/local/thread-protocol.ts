import type { EmbeddingRole } from '@continuo/ports';

/** What a new embedding thread is given. */
export interface ThreadSetup {
  readonly modelFile: string;
  readonly tokenizerFile: string;
  /** The memory of the {@link NativeGate} between the two threads. */
  readonly gate: SharedArrayBuffer;
}

/** Who goes first: whoever asks, then passages that somebody waits for, then those that nobody does. */
export const URGENCIES = ['query', 'awaited', 'background'] as const;

export type Urgency = (typeof URGENCIES)[number];

/** Texts to embed: normalised, without prefix. */
export interface EmbedRequest {
  readonly id: number;
  readonly role: EmbeddingRole;
  readonly urgency: Urgency;
  readonly texts: readonly string[];
}

/** Towards the thread. */
export type ThreadRequest = ({ readonly type: 'embed' } & EmbedRequest) | { readonly type: 'cancel'; readonly id: number };

/** From the thread: `ready` once, then one answer per request that was not cancelled. */
export type ThreadReply =
  | { readonly type: 'ready'; readonly dimension: number }
  | { readonly type: 'vectors'; readonly id: number; readonly vectors: readonly Float32Array[] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
