import { createHash } from 'node:crypto';
import {
  completeLabels,
  documentTerms,
  packFeatures,
  scopeKey,
  type DocumentContent,
  type IndexedDocument,
  type PackedFeatures,
  type Scope,
} from '@continuo/domain';
import type { IndexEntry } from '@continuo/ports';
import { indexedLabels } from './label-values.ts';
import { ownerOf } from './owner.ts';
import { fieldOf } from './tokens.ts';
import { toUnitNumbers, vectorFieldOf } from './vectors.ts';

/** What a hit gives back, as JSON in one stored field. */
export interface StoredBody {
  readonly document: DocumentContent;
  readonly features: PackedFeatures;
  /** The field that holds its vector, or null. */
  readonly vector: string | null;
}

/** One whole document, or one tombstone, on its way into the store. */
export interface WrittenDocument {
  /** As callers know it. */
  readonly id: string;
  readonly storeId: string;
  readonly owner: string;
  readonly version: number;
  readonly source: string;
}

/** A vector and where it goes. */
export interface PlacedVector {
  readonly field: string;
  readonly modelId: string;
  readonly numbers: readonly number[];
}

/** The store's id: the same id in two scopes is two documents. */
const storeIdOf = (scope: Scope, id: string): string =>
  createHash('sha256')
    .update(Buffer.from(`${scopeKey(scope)}\n${id}`, 'utf16le'))
    .digest('base64url');

/**
 * The store compares one number. Of one version a tombstone beats a document, and a document that a build brings with its vector
 * beats the one that came without: it was written by a process that embeds with another model.
 */
const VERSION_STEP = 4;
const RANKS = { document: 0, fromBuildWithVector: 1, tombstone: 3 } as const;

/** The document's vector where it has one that can be compared. */
export function placedVector({ vector, vectorModelId }: IndexedDocument): PlacedVector | null {
  if (vector === null || vectorModelId === null) return null;
  const numbers = toUnitNumbers(vector);
  return numbers === null ? null : { field: vectorFieldOf(vectorModelId, numbers.length), modelId: vectorModelId, numbers };
}

/** Reads a document once, to be written into any generation with or without its vector. */
export function preparedDocument(document: IndexedDocument): (vector: PlacedVector | null, fromBuild: boolean) => WrittenDocument {
  const { vector: _vector, vectorModelId: _model, ...content } = document;
  const owner = ownerOf(content.scope);
  const terms = documentTerms(document);
  const features = packFeatures(document);
  const fields = {
    id: content.id,
    owner,
    state: 'live',
    kind: content.kind,
    index_version: content.indexVersion,
    stated_at: content.statedAt,
    ...(content.eventTime === null ? {} : { event_from: content.eventTime.from, event_to: content.eventTime.to }),
    created_at: content.createdAt,
    updated_at: content.updatedAt,
    text: fieldOf(terms.text),
    keys: fieldOf(terms.keys),
    source: fieldOf(terms.source),
    concepts: fieldOf(terms.concepts),
    labels: indexedLabels(content.labels),
  };
  return (vector, fromBuild) => {
    const body = encodeBody({ document: content, features, vector: vector?.field ?? null });
    const rank = fromBuild && vector !== null ? RANKS.fromBuildWithVector : RANKS.document;
    return {
      id: content.id,
      storeId: storeIdOf(content.scope, content.id),
      owner,
      version: content.indexVersion * VERSION_STEP + rank,
      source: JSON.stringify({ ...fields, body, ...(vector === null ? {} : { [vector.field]: vector.numbers }) }),
    };
  };
}

/** What stays of a removed document: nothing that was said. */
export function tombstone({ id, scope, indexVersion }: IndexEntry, now: number): WrittenDocument {
  const owner = ownerOf(scope);
  return {
    id,
    storeId: storeIdOf(scope, id),
    owner,
    version: indexVersion * VERSION_STEP + RANKS.tombstone,
    source: JSON.stringify({ id, owner, state: 'removed', index_version: indexVersion, removed_at: now }),
  };
}

/** As the store takes and gives binary values. */
const encodeBody = (body: StoredBody): string => Buffer.from(JSON.stringify(body)).toString('base64');

export function decodeBody(encoded: string): StoredBody {
  const body = JSON.parse(Buffer.from(encoded, 'base64').toString()) as StoredBody;
  return { ...body, document: { ...body.document, labels: completeLabels(body.document.labels) } };
}
