import type { IndexedDocument } from '@continuo/domain';
import type { MemoryIndex } from '@continuo/ports';
import { describeMemoryIndexContract } from '@continuo/testing';
import { type LocalRecall, openLocalRecall } from '../test/local-recall.ts';
import { Services } from '../test/services.ts';

let local: LocalRecall;
const services = new Services();

const HALF_A_CHARACTER = /\\ud[89a-f]/iu;

/**
 * The suite knows subjects without an id, which no caller can be and the wire refuses, and halves of characters, which are replaced where
 * anything comes in, long before it is indexed, and which no wire of UTF-8 carries. Both are about the store, and are written to it.
 */
const isSent = (document: IndexedDocument): boolean =>
  !document.scope.subject.endsWith(':') && !HALF_A_CHARACTER.test(JSON.stringify({ ...document, vector: null }));

describeMemoryIndexContract({
  name: 'SQLite, written over gRPC',
  start: async () => {
    local = await openLocalRecall();
    const { index: writer } = await services.recallClient(await services.recallServer(local));
    const { index } = local;
    const both: MemoryIndex = {
      search: (query, options) => index.search(query, options),
      upsert: async (documents) => {
        await index.upsert(documents.filter((document) => !isSent(document)));
        await writer.upsert(documents.filter(isSent));
      },
      remove: (removals) => writer.remove(removals),
      removeScope: (scope) => writer.removeScope(scope),
      count: (scope) => writer.count(scope),
      sweepTombstones: (beforeMs) => writer.sweepTombstones(beforeMs),
      entries: (afterId, limit) => writer.entries(afterId, limit),
      needsRefill: () => writer.needsRefill(),
      confirmRefill: (name) => writer.confirmRefill(name),
    };
    return both;
  },
  stop: async () => {
    await services.close();
    await local.close();
  },
});
