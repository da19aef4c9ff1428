import type { ArmHits, CallOptions, IndexHit, IndexQuery } from '@continuo/ports';
import type { StoreClient } from '../connection/store-client.ts';
import { unavailable } from '../connection/store-errors.ts';
import type { Generation } from '../generations/generation.ts';
import { FoundDocuments, type FoundPage, hitsOf } from './found-hits.ts';
import { type ArmName, type AskedSearch, toSearch } from './search-bodies.ts';

/** A search that has not been answered by then is not worth more waiting; the caller's deadline is mostly nearer. */
const TIMEOUT_MS = 2_000;

const NO_HITS: ArmHits = { words: [], vectors: [], window: [], cosines: new Map() };

/** Asks one generation: all arms in one request, cosines included. */
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
    return { words: arm('words'), vectors: arm('vectors'), window: arm('window'), cosines: found.cosines };
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
}

const PARTS = ['status', 'error', 'timed_out', '_shards.failed', 'hits.hits._score', 'hits.hits.fields'];
const ANSWERED = PARTS.map((part) => `responses.${part}`).join(',');
