import { Client } from '@opensearch-project/opensearch';
import type { IndexBuilds, MemoryIndex } from '@continuo/ports';
import { type BreakerState, CircuitBreaker } from './connection/circuit-breaker.ts';
import { StoreClient } from './connection/store-client.ts';
import { toPortError } from './connection/store-errors.ts';
import { BulkWriter } from './documents/bulk-writer.ts';
import { RefreshPace } from './documents/refresh-pace.ts';
import { Generations } from './generations/generations.ts';
import type { IndexEvent } from './index-event.ts';
import { IndexWrites } from './index-writes.ts';
import { OpenSearchIndexBuilds } from './opensearch-index-builds.ts';
import { OpenSearchMemoryIndex } from './opensearch-memory-index.ts';
import { IndexSearcher } from './search/index-searcher.ts';

export interface OpenSearchIndexOptions {
  /** Where the store answers; user and password may stand in it. */
  readonly url: string;
  /** What the names of all indexes begin with: several installations may share a store. */
  readonly name: string;
  /** Of the indexes made from now on. */
  readonly shards: number;
  readonly replicas: number;
  /** Epoch milliseconds, for tombstones. Default: `Date.now`. */
  readonly now?: () => number;
  /** False: small writes do not leave the store time between them, for whoever writes one by one and searches after each. Default true. */
  readonly restsBetweenWrites?: boolean;
  /** For metrics and logs. */
  readonly onEvent?: (event: IndexEvent) => void;
}

export interface OpenedOpenSearchIndex {
  readonly index: MemoryIndex;
  readonly builds: IndexBuilds;
  /** Versions of the store and of its vector plugin (null: it has none). @throws AppError `index_unavailable`. */
  ping(): Promise<{ readonly version: string; readonly plugin: string | null }>;
  breaker(): BreakerState;
  close(): Promise<void>;
}

const PING = { timeoutMs: 2_000, retries: 0 } as const;

/** Opening sends nothing, so that it cannot fail because the store is down; what is not there is made with the first write. */
export function openOpenSearchIndex(options: OpenSearchIndexOptions): OpenedOpenSearchIndex {
  const notify = options.onEvent ?? (() => undefined);
  const client = new Client({
    node: options.url,
    maxRetries: 0,
    // The store answers with what we wrote; looking for names like `__proto__` in all of it takes longer than reading it.
    disablePrototypePoisoningProtection: true,
  });
  const breaker = new CircuitBreaker(Date.now, (state) => notify({ type: 'breaker', state }));
  const store = new StoreClient(client, breaker, notify);
  const generations = new Generations(store, options.name, { shards: options.shards, replicas: options.replicas }, notify);
  const pace = options.restsBetweenWrites === false ? null : new RefreshPace();
  const writes = new IndexWrites(generations, new BulkWriter(store, notify, pace), store);
  const now = options.now ?? Date.now;
  return {
    index: new OpenSearchMemoryIndex({ store, generations, writes, searcher: new IndexSearcher(store), now }),
    builds: new OpenSearchIndexBuilds({ store, generations, writes, now, onEvent: notify }),
    ping: () => ping(store),
    breaker: () => breaker.state,
    close: async () => {
      await client.close();
    },
  };
}

async function ping(store: StoreClient): Promise<{ readonly version: string; readonly plugin: string | null }> {
  try {
    const { version } = await store.send<{ readonly version?: { readonly number?: string } }>(
      { operation: 'ping', method: 'GET', path: '/' },
      PING,
    );
    const plugins = await store.send<readonly { readonly component: string; readonly version: string }[]>(
      { operation: 'ping', method: 'GET', path: '/_cat/plugins', query: { format: 'json' } },
      PING,
    );
    return {
      version: version?.number ?? 'unknown',
      plugin: plugins.find(({ component }) => component === 'opensearch-knn')?.version ?? null,
    };
  } catch (error) {
    throw toPortError(error);
  }
}
