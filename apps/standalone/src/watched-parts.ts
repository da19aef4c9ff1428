import { embeddingsPart, modelPart, recordsPart, type WatchedPart } from '@continuo/entrypoints';
import type { Infrastructure } from './infrastructure.ts';

/** Words alone or no model are degraded; only unreachable records make the server unavailable. */
export const watchedParts = ({ records, index, embedder, models }: Infrastructure): readonly WatchedPart[] => [
  recordsPart(records),
  {
    name: 'index',
    required: false,
    look: async () => {
      const [documents, waiting] = await Promise.all([index.count(null), records.outbox.depth()]);
      return { state: 'ready', words: `${documents} documents, ${waiting} waiting` };
    },
  },
  embeddingsPart(embedder, records.vectors),
  modelPart(models.chat),
];
