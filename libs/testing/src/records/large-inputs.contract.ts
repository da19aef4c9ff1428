import { aMemory, aRequest, aScope, NOW, someLabels } from '../builders.ts';
import { append, noChanges, readBatch, type RecordsHarness, useRecords } from './records-harness.ts';

const many = <Item>(count: number, itemAt: (index: number) => Item): readonly Item[] =>
  Array.from({ length: count }, (_, index) => itemAt(index));

/** What every store takes, however much comes at once: engines limit how many values one statement may carry. */
export function describeLargeInputsContract(harness: RecordsHarness): void {
  describe(`Large inputs contract: ${harness.name}`, () => {
    const records = useRecords(harness);

    it('keeps a memory with 20,000 labels and 5,000 sources', async () => {
      await append(records());
      const labels = someLabels({ tags: many(5_000, (index) => `t${index}`), info: { list: many(20_000, (index) => index) } });
      const sourceMessageIds = many(5_000, (index) => `m${index}`);
      const memory = aMemory({ labels, sourceMessageIds });
      expect(await records().inbox.commit(await readBatch(records()), noChanges({ insert: [memory] }), NOW)).toBe('committed');
      expect(await records().memories.byIds('default', [memory.id])).toEqual([memory]);
      const filter = { op: 'equals', field: { name: 'info', key: 'list' }, value: 19_999 } as const;
      expect((await records().memories.list(aScope(), { kind: 'fact', filter, page: 1, size: 1 })).total).toBe(1);

      const list = { op: 'in', field: { name: 'info', key: 'list' }, values: many(40_000, (index) => 19_999 + index) } as const;
      expect((await records().memories.list(aScope(), { kind: 'fact', filter: list, page: 1, size: 1 })).total).toBe(1);

      await append(records(), { mode: 'turn', messages: ['again'] });
      const evidence = { id: memory.id, sourceMessageIds: many(5_000, (index) => `n${index}`), quotes: [], sourceSequence: 1 };
      await records().inbox.commit(await readBatch(records()), noChanges({ evidence: [evidence], hide: sourceMessageIds }), NOW);
      expect((await records().memories.byIds('default', [memory.id]))[0]?.sourceMessageIds).toHaveLength(10_000);
      const found = await records().memories.neighbours(aScope(), {
        topicKeys: [],
        statementKeys: [],
        ids: [],
        sourceMessageIds: evidence.sourceMessageIds,
      });
      expect(found.memories.map(({ id }) => id)).toEqual([memory.id]);
    }, 60_000);

    it('deletes 5,000 memories, all or none', async () => {
      await append(records());
      const batch = await readBatch(records());
      const sourceMessageIds = batch.messages.map(({ id }) => id);
      const ids = many(5_000, (index) => `memory-${index}`);
      await records().inbox.commit(
        batch,
        noChanges({ insert: ids.map((id) => aMemory({ id, text: `I said ${id}`, sourceMessageIds })) }),
        NOW,
      );
      await expect(records().memories.deleteByIds('default', [...ids, 'unknown'], null, NOW)).rejects.toMatchObject({
        code: 'memory_not_found',
      });
      await records().memories.deleteByIds('default', ids, null, NOW);
      const { memories, denials } = await records().memories.neighbours(aScope(), { topicKeys: [], statementKeys: [], ids });
      expect(new Set(memories.map(({ status }) => status))).toEqual(new Set(['deleted']));
      expect([memories.length, denials.length]).toEqual([5_000, 5_000]);
    }, 60_000);

    it('takes 10,000 messages at once, and again, mines them again and replaces them', async () => {
      const messages = many(10_000, (index) => `message ${index}`);
      const { requestId } = await records().requests.begin(aRequest({ kind: 'add' }));
      const first = await append(records(), { messages, answered: { requestId, answer: null } });
      expect(first.appended).toBe(10_000);
      expect(await append(records(), { messages })).toEqual({ ...first, appended: 0 });
      const batch = await readBatch(records(), aScope(), { maxMessages: 20_000, maxCharacters: 1_000_000 });
      expect(batch.messages).toHaveLength(10_000);
      await records().inbox.writeJournal(batch, 'journal', NOW);
      await records().inbox.postpone(batch, { retryAt: NOW, countsAsAttempt: true, reason: 'parse_failed' });
      expect(await records().inbox.commit(batch, noChanges(), NOW)).toBe('committed');
      expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(10_000);
      expect(await records().inbox.depth(NOW)).toMatchObject({ messages: 10_000 });
      const replaces = first.messages.map(({ id }) => id);
      await records().vectors.store(
        'm',
        replaces.map((id) => ({ id, vector: new Float32Array([1]) })),
      );
      expect(await records().vectors.progress('m')).toEqual({ filled: 10_000, total: 10_000 });
      expect((await append(records(), { mode: 'turn', messages: ['instead'], replaces })).appended).toBe(1);
      expect(await records().messages.byIds(aScope(), replaces)).toEqual([]);
      expect(await records().inbox.depth(NOW)).toMatchObject({ messages: 1 });
    }, 60_000);
  });
}
