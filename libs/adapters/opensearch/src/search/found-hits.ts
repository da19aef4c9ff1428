import { matchesFilter, sameScope } from '@continuo/domain';
import type { IndexHit, IndexQuery } from '@continuo/ports';
import { StoreRefusal, unavailable } from '../connection/store-errors.ts';
import { decodeBody, type StoredBody } from '../documents/index-document.ts';
import type { ArmName } from './search-bodies.ts';

/** What we read of one answer among those of an `_msearch`, or of a search of its own. */
export interface FoundPage {
  readonly status?: number;
  readonly error?: { readonly type?: string; readonly reason?: string; readonly root_cause?: readonly { readonly type?: string }[] };
  readonly timed_out?: boolean;
  readonly _shards?: { readonly failed: number };
  readonly hits?: { readonly hits?: readonly FoundHit[] };
}

export interface FoundHit {
  readonly _score: number | null;
  readonly sort?: readonly unknown[];
  readonly fields?: Readonly<Record<string, readonly unknown[]>>;
}

/** The hits of an answer that is whole. @throws StoreRefusal, AppError `index_unavailable`: half an answer is none. */
export function hitsOf(page: FoundPage | undefined): readonly FoundHit[] {
  if (page?.error !== undefined) {
    const type = page.error.root_cause?.[0]?.type ?? page.error.type ?? '';
    throw new StoreRefusal(page.status ?? 500, type, page.error.reason ?? '');
  }
  if (page?._shards === undefined) throw unavailable('answered less than it was asked');
  if (page.timed_out === true) throw unavailable('did not search to the end in time');
  if (page._shards.failed > 0) throw unavailable('could not search all of its parts');
  // Of an empty list the store says nothing when it is asked for parts of an answer.
  return page.hits?.hits ?? [];
}

/** Characters by which bodies are looked up: the document's id lies within. Taking all of them as the key would hash every body whole. */
const KEY_LENGTH = 160;

/** Collects the arms of one search. A document found by several is read once. */
export class FoundDocuments {
  readonly #query: IndexQuery;
  readonly #filterIsExact: boolean;
  readonly #bodies = new Map<string, { readonly encoded: string; readonly body: StoredBody }>();
  /** Of each document with a vector, by id, whichever arm found it. */
  readonly cosines = new Map<string, number>();

  constructor(query: IndexQuery, filterIsExact: boolean) {
    this.#query = query;
    this.#filterIsExact = filterIsExact;
  }

  arm(name: ArmName, hits: readonly FoundHit[]): readonly IndexHit[] {
    return hits
      .flatMap((hit): readonly Omit<IndexHit, 'rank'>[] => {
        const { document, features } = this.#read(hit);
        if (!this.#belongs(document)) return [];
        const cosine = name === 'vectors' ? ofUnitRange(hit) : hit.fields?.cosine?.[0];
        if (typeof cosine === 'number') this.cosines.set(document.id, cosine);
        return [{ document, features, score: scoreOf(name, hit, document.statedAt) }];
      })
      .map((hit, place) => ({ ...hit, rank: place + 1 }));
  }

  #read(hit: FoundHit): StoredBody {
    const encoded = hit.fields?.body?.[0];
    if (typeof encoded !== 'string') throw unavailable('gave back a document without its contents');
    const key = encoded.slice(0, KEY_LENGTH);
    const known = this.#bodies.get(key);
    if (known?.encoded === encoded) return known.body;
    const body = decodeBody(encoded);
    this.#bodies.set(key, { encoded, body });
    return body;
  }

  /** The scope of every hit is looked at again, whatever led to it. */
  #belongs(document: StoredBody['document']): boolean {
    const { scope, filter } = this.#query;
    return sameScope(document.scope, scope) && (this.#filterIsExact || filter === null || matchesFilter(document, filter));
  }
}

function scoreOf(name: ArmName, hit: FoundHit, statedAt: number): number {
  if (name === 'window') return statedAt;
  return name === 'vectors' ? ofUnitRange(hit) : (hit._score ?? 0);
}

/** A cosine that the store counts from 0 to 1. */
const ofUnitRange = (hit: FoundHit): number => 2 * (hit._score ?? 0) - 1;
