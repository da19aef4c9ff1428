import type { DocumentContent, Filter, IndexedDocument, PackedFeatures, QueryAnalysis, Scope, TimeRange } from '@continuo/domain';
import type { CallOptions } from './models.port.ts';

export interface IndexQuery {
  readonly scope: Scope;
  /** Terms, concepts and clauses as the domain read them; adapters translate, they do not analyse anew. */
  readonly analysis: QueryAnalysis;
  /** The embedded query, or null: then there is no vector arm. */
  readonly vector: Float32Array | null;
  /** The model that embedded it; vectors of another model are never compared with it. Null with a null vector. */
  readonly vectorModelId: string | null;
  readonly filter: Filter | null;
  readonly kinds: readonly IndexedDocument['kind'][];
  /** Asked of in the third, soft arm: documents said or happening in this range; null: no such arm. */
  readonly timeWindow: TimeRange | null;
  /** Ceiling per arm, 1–200. */
  readonly topK: number;
}

export type IndexHitDocument = DocumentContent;

export interface IndexHit {
  readonly document: IndexHitDocument;
  /** What `packFeatures` of the domain read in the document when it was indexed; absent: the index does not keep it. Saves time, changes nothing. */
  readonly features?: PackedFeatures;
  /** 1 is the best of its arm. */
  readonly rank: number;
  /** The store's own raw score (BM25, higher is better; the cosine; milliseconds). Selects candidates, is never shown as relativity. */
  readonly score: number;
}

export interface ArmHits {
  readonly words: readonly IndexHit[];
  readonly vectors: readonly IndexHit[];
  readonly window: readonly IndexHit[];
  /** Cosine with the query of every document named in any arm that has a vector, by id. */
  readonly cosines: ReadonlyMap<string, number>;
}

/** One entry of the index or of the records that belongs into it, for comparing the two. */
export interface IndexEntry {
  readonly id: string;
  readonly scope: Scope;
  readonly indexVersion: number;
}

/**
 * The writing side of the memory index. A projection: it can be dropped and rebuilt from the records.
 *
 * @throws AppError `index_unavailable` from every method when the store cannot be reached; adapters never retry on their own for
 * longer than the moment a write takes.
 */
export interface IndexWriter {
  /**
   * Inserts or replaces by id unless the index holds a newer or equal `indexVersion` (a tombstone counts). Visible to `search` once
   * resolved. @throws AppError `document_refused` when the store does not take some of them for what they are; the others may be written.
   */
  upsert(documents: readonly IndexedDocument[]): Promise<void>;

  /** Leaves a tombstone with the version and without text. Ids that do not exist are tombstoned, too, so an older `upsert` cannot bring them back. */
  remove(removals: readonly IndexEntry[]): Promise<void>;

  /** Removes every document of a scope. Returns how many. */
  removeScope(scope: Scope): Promise<number>;

  /** How many documents of one scope, or of all, can be found (tombstones not counted). */
  count(scope: Scope | null): Promise<number>;

  /** Forgets tombstones older than `beforeMs` (epoch milliseconds). */
  sweepTombstones(beforeMs: number): Promise<void>;

  /** Live documents with an id greater than this one (null: from the start), in the order of ids as bytes, at most `limit` (1-1,000). */
  entries(afterId: string | null, limit: number): Promise<readonly IndexEntry[]>;

  /**
   * Names the index that was made empty (new, lost or unreadable) until `confirmRefill` of that name: everything has to come in again
   * from the records. Null: none.
   */
  needsRefill(): Promise<string | null>;

  /** Everything that belongs into the index of this name stands in the outbox now. Does nothing when it was lost since: the next one has to be filled. */
  confirmRefill(name: string): Promise<void>;
}

/**
 * Finds a subject's documents by words and by meaning at once.
 *
 * Adapters: SQLite (standalone), OpenSearch (cluster). Both must pass `describeMemoryIndexContract`; what that suite does
 * not assert is not promised.
 */
export interface MemoryIndex extends IndexWriter {
  /** Scope and filter apply inside each arm, before ranking. Unknown scopes find nothing. @throws AppError `index_unavailable`. */
  search(query: IndexQuery, options: CallOptions): Promise<ArmHits>;
}

export const MEMORY_INDEX = Symbol('MemoryIndex');
