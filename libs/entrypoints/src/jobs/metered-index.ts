import type { Metrics } from '@continuo/platform';
import type { IndexWriter } from '@continuo/ports';

/** What is older came in by a refill or a new vector, and says nothing of how long a write takes. */
const FRESH_MS = 60_000;

/** Counts the time from a write until the index finds it. */
export function meteredUpserts(index: Pick<IndexWriter, 'upsert'>, metrics: Metrics): IndexWriter['upsert'] {
  return async (documents) => {
    await index.upsert(documents);
    const now = Date.now();
    for (const { updatedAt, vector } of documents)
      if (vector === null && now - updatedAt < FRESH_MS) metrics.becameRecallable(now - updatedAt);
  };
}
