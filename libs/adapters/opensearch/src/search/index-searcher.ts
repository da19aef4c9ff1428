import type { ArmHits, CallOptions, IndexHit, IndexQuery } from '@continuo/ports';
import type { StoreClient } from '../connection/store-client.ts';
import { unavailable } from '../connection/store-errors.ts';
import { ownerOf } from '../documents/owner.ts';
import type { Generation } from '../generations/generation.ts';
import { cosineOf, FoundDocuments, type FoundPage, hitsOf } from './found-hits.ts';
import { type ArmName, type AskedSearch, type AskedVector, cosinesBody, toSearch } from './search-bodies.ts';

/** A search that has not been answered by then is not worth more waiting; the caller's deadline is mostly nearer. */
const TIMEOUT_MS = 2_000;

const NO_HITS: ArmHits = { words: [], vectors: [], window: [], cosines: new Map() };

/** Asks one generation: all arms in one request, and a second one only for cosines that the first could not tell. */
export class IndexSearcher {
  readonly #store: StoreClient;

  constructor(store: StoreClient) {
    this.#store = store;
  }

  async search(generation: Generation, query: IndexQuery, options: CallOptions): Promise<ArmHits> {
    const asked = toSearch(query, generation.vectorFields);
    if (asked.arms.length === 0 || query.kinds.length === 0) return NO_HITS;
    const pages = await this.#ask(generation, asked, options);
    const found = new FoundDocuments(query, asked.filterIsExact);
    const arm = (name: ArmName): readonly IndexHit[] => {
      const place = asked.arms.findIndex((each) => each.name === name);
      return place < 0 ? [] : found.arm(name, hitsOf(pages[place]));
    };
    const arms = { words: arm('words'), vectors: arm('vectors'), window: arm('window') };
    return { ...arms, cosines: await this.#cosines(generation, query, asked.vector, arms, found, options) };
  }

  async #ask(generation: Generation, { owner, arms }: AskedSearch, options: CallOptions): Promise<readonly FoundPage[]> {
    // The same copies of the shards for the same user: what was seen once is seen again, and their pages stay in memory.
    const head = JSON.stringify({ index: generation.index, routing: owner, preference: owner });
    const timeoutMs = Math.max(1, Math.min(TIMEOUT_MS, (options.deadlineAt ?? Number.POSITIVE_INFINITY) - Date.now()));
    const bodies = arms.map(({ body }) => `${head}\n${JSON.stringify({ ...body, timeout: `${Math.ceil(timeoutMs)}ms` })}\n`);
    const { responses } = await this.#store.send<{ readonly responses?: readonly FoundPage[] }>(
      { operation: 'search', method: 'POST', path: '/_msearch', query: { filter_path: ANSWERED }, lines: bodies.join('') },
      { ...options, timeoutMs: TIMEOUT_MS, retries: 1 },
    );
    if (responses?.length !== arms.length) throw unavailable('answered less than it was asked');
    return responses;
  }

  /** The vector arm has told those of its own hits; of a user with few documents that is all of them. */
  async #cosines(
    generation: Generation,
    query: IndexQuery,
    vector: AskedVector | null,
    arms: Pick<ArmHits, ArmName>,
    found: FoundDocuments,
    options: CallOptions,
  ): Promise<ReadonlyMap<string, number>> {
    const cosines = new Map(arms.vectors.map((hit) => [hit.document.id, hit.score]));
    if (vector === null) return cosines;
    const missing = found.withVector(vector.field).filter((id) => !cosines.has(id));
    if (missing.length === 0) return cosines;
    const routing = ownerOf(query.scope);
    const page = await this.#store.send<FoundPage>(
      {
        operation: 'cosines',
        method: 'POST',
        path: `/${generation.index}/_search`,
        query: { routing, preference: routing, filter_path: ANSWER },
        body: cosinesBody(vector, query.scope, missing),
      },
      { ...options, timeoutMs: TIMEOUT_MS, retries: 1 },
    );
    for (const hit of hitsOf(page)) cosines.set(String(hit.fields?.id?.[0]), cosineOf(hit));
    return cosines;
  }
}

const PARTS = ['status', 'error', 'timed_out', '_shards.failed', 'hits.hits._score', 'hits.hits.fields'];
const ANSWER = PARTS.join(',');
const ANSWERED = PARTS.map((part) => `responses.${part}`).join(',');
