import type { EmbeddingRole } from '@continuo/ports';

/** What a new embedding thread is given. */
export interface ThreadSetup {
  readonly modelFile: string;
  readonly tokenizerFile: string;
  /** The memory of the {@link NativeGate} between the two threads. */
  readonly gate: SharedArrayBuffer;
}

/** Towards the thread. Texts are normalised, without prefix. */
export type ThreadRequest =
  | { readonly type: 'embed'; readonly id: number; readonly role: EmbeddingRole; readonly texts: readonly string[] }
  | { readonly type: 'cancel'; readonly id: number };

/** From the thread: `ready` once, then one answer per request that was not cancelled. */
export type ThreadReply =
  | { readonly type: 'ready'; readonly dimension: number }
  | { readonly type: 'vectors'; readonly id: number; readonly vectors: readonly Float32Array[] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };
