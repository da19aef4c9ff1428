import type { DocumentContent, Filter, IndexedDocument, PackedFeatures, Scope, TimeRange } from '@continuo/domain';

/** What a reader thread needs of an `IndexQuery`. */
export interface ThreadQuery {
  readonly scope: Scope;
  readonly terms: readonly string[];
  readonly concepts: readonly string[];
  readonly vector: Float32Array | null;
  readonly filter: Filter | null;
  readonly kinds: readonly IndexedDocument['kind'][];
  readonly timeWindow: TimeRange | null;
  readonly topK: number;
}

/** What the file holds of a document, as JSON. */
export interface StoredBody {
  readonly document: DocumentContent;
  readonly features: PackedFeatures;
}

/** A hit: its place in `bodies`, and its score. */
export type ThreadHit = readonly [body: number, score: number];

/** What it sends back. Bodies are JSON: one string is cheaper to hand over than a tree of objects. */
export interface ThreadHits {
  readonly bodies: readonly string[];
  readonly words: readonly ThreadHit[];
  readonly vectors: readonly ThreadHit[];
  readonly window: readonly ThreadHit[];
  /** By place in `bodies`; only those that have a vector. */
  readonly cosines: readonly ThreadHit[];
}

/** Throws when nobody waits for the result any more. */
export type CheckAwaited = () => void;
