import { embeddingsPart, recordsPart, type WatchedPart } from '@continuo/entrypoints';
import type { Infrastructure } from './infrastructure.ts';

/** The gateway serves as long as the records answer: memory, models and signals can be missing for a while. */
export function watchedParts({ records, recall, generation, queue }: Infrastructure): readonly WatchedPart[] {
  return [
    recordsPart(records),
    {
      name: 'recall',
      required: false,
      look: async () =>
        (await recall.isServing())
          ? { state: 'ready', words: 'answers' }
          : { state: 'degraded', words: 'does not answer: chats go on without memories, searches find nothing' },
    },
    {
      name: 'generation',
      required: false,
      look: async () => {
        // The health service asks for no token; only an answer of the service itself says that ours is the right one.
        if (!(await generation.isServing()) || !(await generation.described(0)))
          return { state: 'degraded', words: 'does not answer: chats fail until it does' };
        const { available, reason } = generation.chat.describe();
        return { state: available ? 'ready' : 'degraded', words: reason };
      },
    },
    {
      name: 'index',
      required: false,
      look: async () => {
        const [documents, waiting] = await Promise.all([recall.index.count(null), records.outbox.depth()]);
        return { state: 'ready', words: `${documents} documents, ${waiting} waiting` };
      },
    },
    embeddingsPart(recall.embedder, records.vectors),
    {
      name: 'broker',
      required: false,
      look: async () => {
        await queue.ping();
        return { state: 'ready', words: 'Redis answers' };
      },
    },
  ];
}
