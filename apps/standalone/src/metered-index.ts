import type { Metrics } from '@continuo/platform';
import type { MemoryIndex } from '@continuo/ports';

/** What is older came in by a refill or a new vector, and says nothing of how long a write takes. */
const FRESH_MS = 60_000;

/** Counts the time from a write until the index finds it. */
export function meteredIndex(index: MemoryIndex, metrics: Metrics): MemoryIndex {
  return {
    upsert: async (documents) => {
      await index.upsert(documents);
      const now = Date.now();
      for (const { updatedAt, vector } of documents)
        if (vector === null && now - updatedAt < FRESH_MS) metrics.becameRecallable(now - updatedAt);
    },
    search: (query, options) => index.search(query, options),
    remove: (removals) => index.remove(removals),
    removeScope: (scope) => index.removeScope(scope),
    count: (scope) => index.count(scope),
    sweepTombstones: (beforeMs) => index.sweepTombstones(beforeMs),
    entries: (afterId, limit) => index.entries(afterId, limit),
    needsRefill: () => index.needsRefill(),
    confirmRefill: () => index.confirmRefill(),
  };
}
