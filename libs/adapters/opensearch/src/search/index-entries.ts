import type { BuiltEntry } from '@continuo/ports';
import type { StoreClient } from '../connection/store-client.ts';
import { scopeOf } from '../documents/owner.ts';
import type { Generation } from '../generations/generation.ts';
import { type FoundHit, type FoundPage, hitsOf } from './found-hits.ts';
import { allOf } from './query.ts';

const LIMITS = { timeoutMs: 10_000, retries: 1 } as const;

/** Live documents of one generation in the order of ids. @param vectorField where its vectors are; null: `hasVector` is false. */
export async function readEntries(
  store: StoreClient,
  generation: Generation,
  afterId: string | null,
  limit: number,
  vectorField: string | null,
): Promise<readonly BuiltEntry[]> {
  const hits = await read(store, generation, limit, ['id', 'owner', 'index_version'], {
    query: allOf([{ term: { state: 'live' } }]),
    sort: [{ id: 'asc' }],
    ...(afterId === null ? {} : { search_after: [afterId] }),
  });
  const ids = hits.map((hit) => textOf(hit, 'id'));
  const withVector = vectorField === null || ids.length === 0 ? new Set() : await idsWithVector(store, generation, ids, vectorField);
  return hits.map((hit, place) => {
    const id = ids[place] ?? '';
    return {
      id,
      scope: scopeOf(textOf(hit, 'owner')),
      indexVersion: Number(hit.fields?.index_version?.[0]),
      hasVector: withVector.has(id),
    };
  });
}

async function idsWithVector(
  store: StoreClient,
  generation: Generation,
  ids: readonly string[],
  field: string,
): Promise<ReadonlySet<string>> {
  const hits = await read(store, generation, ids.length, ['id'], { query: allOf([{ terms: { id: ids } }, { exists: { field } }]) });
  return new Set(hits.map((hit) => textOf(hit, 'id')));
}

async function read(
  store: StoreClient,
  generation: Generation,
  size: number,
  fields: readonly string[],
  body: object,
): Promise<readonly FoundHit[]> {
  const page = await store.send<FoundPage>(
    {
      operation: 'entries',
      method: 'POST',
      path: `/${generation.index}/_search`,
      body: { ...body, size, _source: false, stored_fields: '_none_', docvalue_fields: fields, track_total_hits: false },
    },
    LIMITS,
  );
  return hitsOf(page);
}

const textOf = (hit: FoundHit, field: string): string => String(hit.fields?.[field]?.[0]);
