/** Raised by every change of the mapping or of what documents hold; an index of an older schema is filled anew in the next generation. */
export const SCHEMA_VERSION = 3;

/** What a generation says of itself. Whether it is read, written or filled are aliases: those change together, or not at all. */
export interface GenerationMeta {
  readonly schema: number;
  /** Fingerprint of the text analysis and the lexicon its documents were read with. */
  readonly analysis: string;
  /** Fingerprints it has replaced: a process that still reads that way leaves it alone. */
  readonly replaced: readonly string[];
  /** The model whose vectors it was built for, or whose vector came first; null: none yet. */
  readonly model: { readonly id: string; readonly dimension: number } | null;
  /** Of a build: how far it has come in the order of ids. Null once it is, or always was, written in the ordinary way. */
  readonly build: { readonly checkpoint: string | null; readonly complete: boolean } | null;
}

export interface GenerationSize {
  readonly shards: number;
  readonly replicas: number;
}

/** So that shards can be split later: number of shards × 2, × 3, … up to this one. */
const ROUTING_SHARDS = 96;

/** A short text's length says little. */
const SHORT_TEXT = { type: 'BM25', k1: 1.2, b: 0.35 };

const words = { type: 'text', analyzer: 'whitespace', similarity: 'short_text', index_options: 'freqs' } as const;
const keyword = { type: 'keyword' } as const;
const long = { type: 'long' } as const;
const double = { type: 'double' } as const;

/**
 * Of one document the store gives back `body` alone: what it is searched by is derived from it. So there is no `_source`, which would
 * hold every vector a second time. The body is a column of its own, not a stored field: those lie in one compressed block with what the
 * store keeps for its recovery, vectors included, and reading a hundred hits took five times as long as finding them.
 */
const PROPERTIES = {
  id: keyword,
  owner: keyword,
  state: keyword,
  kind: keyword,
  index_version: long,
  removed_at: long,
  stated_at: double,
  event_from: double,
  event_to: double,
  created_at: double,
  updated_at: double,
  text: words,
  keys: words,
  source: words,
  concepts: words,
  labels: {
    type: 'nested',
    dynamic: 'strict',
    properties: {
      key: keyword,
      list: { type: 'boolean' },
      start: keyword,
      rest: keyword,
      long: keyword,
      folded: keyword,
      number: double,
      flag: { type: 'boolean' },
    },
  },
  body: { type: 'binary', doc_values: true },
};

/**
 * How vectors are kept. The engine is always named: without it the store takes one that may be missing there, and dies of it at
 * the next refresh. A small graph: almost every search is narrowed to so few vectors that it is not walked at all.
 */
export const vectorField = (dimension: number) => ({
  type: 'knn_vector',
  dimension,
  space_type: 'cosinesimil',
  method: { name: 'hnsw', engine: 'lucene', parameters: { m: 8, ef_construction: 64 } },
});

/** The body that creates a generation. */
export function generationBody(
  meta: GenerationMeta,
  size: GenerationSize,
  vectors: Readonly<Record<string, number>>,
  aliases: readonly string[],
) {
  return {
    settings: {
      index: {
        knn: true,
        number_of_shards: size.shards,
        number_of_replicas: size.replicas,
        ...(ROUTING_SHARDS % size.shards === 0 ? { number_of_routing_shards: ROUTING_SHARDS } : {}),
        refresh_interval: '1s',
        // Versions of deleted documents are kept for moments only: an erased user may come back with the first of them.
        gc_deletes: '0s',
        max_terms_count: 1_000_000,
        mapping: { nested_objects: { limit: 1_000_000 } },
        similarity: { short_text: SHORT_TEXT },
      },
    },
    mappings: {
      dynamic: 'strict',
      _meta: meta,
      _routing: { required: true },
      _source: { enabled: false },
      properties: {
        ...PROPERTIES,
        ...Object.fromEntries(Object.entries(vectors).map(([field, dimension]) => [field, vectorField(dimension)])),
      },
    },
    aliases: Object.fromEntries(aliases.map((alias) => [alias, {}])),
  };
}
