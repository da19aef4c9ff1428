import { documentOfMemory, documentOfMessage } from '@continuo/domain';
import { aScope, NOW } from '../builders.ts';
import { append, emptyOutbox, type RecordsHarness, remember, useRecords } from './records-harness.ts';

/** What every outbox promises. */
export function describeOutboxRecordsContract(harness: RecordsHarness): void {
  describe(`OutboxRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);

    it('gives what the index has to be told, oldest first', async () => {
      const { memory, message } = await remember(records());
      const later = await append(records(), { scope: aScope({ subject: 'user:eve' }), messages: ['later'] });
      const items = await records().outbox.next(10);
      expect(items).toEqual([
        {
          id: message.id,
          scope: aScope(),
          indexVersion: 1,
          document: { ...documentOfMessage(message, 1), vector: null, vectorModelId: null },
        },
        { id: memory.id, scope: aScope(), indexVersion: 1, document: { ...documentOfMemory(memory), vector: null, vectorModelId: null } },
        expect.objectContaining({ id: later.messages[0]?.id, scope: aScope({ subject: 'user:eve' }) }),
      ]);
      expect((await records().outbox.next(2)).map((item) => item.id)).toEqual([message.id, memory.id]);
      expect(await records().outbox.depth()).toBe(3);
    });

    it('forgets what was acknowledged, unless it changed since', async () => {
      const { memory } = await remember(records());
      const items = await records().outbox.next(10);
      await records().memories.deleteByIds('default', [memory.id], null, NOW);
      await records().outbox.acknowledge(items);
      const left = await records().outbox.next(10);
      expect(left.map(({ document, indexVersion }) => ({ document, indexVersion }))).toEqual([
        { document: null, indexVersion: 2 },
        { document: null, indexVersion: 2 },
      ]);
      await records().outbox.acknowledge(left);
      await records().outbox.acknowledge([{ id: 'unknown', indexVersion: 1 }]);
      expect(await records().outbox.next(10)).toEqual([]);
    });

    it('brings everything that can be recalled again after the index was lost', async () => {
      const kept = await remember(records());
      const gone = await remember(records(), { id: 'gone', text: 'I said this' });
      await records().memories.deleteByIds('default', ['gone'], null, NOW);
      await append(records(), { mode: 'turn', messages: [{ content: 'quiet', recallable: false }] });
      await emptyOutbox(records());
      expect(await records().outbox.refill()).toBe(2);
      expect(await records().outbox.refill()).toBe(2);
      const ids = (await records().outbox.next(10)).map((item) => item.id);
      expect(ids).toEqual([kept.message.id, kept.memory.id]);
      expect(ids).not.toContain(gone.message.id);
    });

    it('gives a document with the vector of the current model alone', async () => {
      const { memory } = await remember(records());
      await emptyOutbox(records());
      await records().vectors.setCurrent({ id: 'm', dimension: 3 });
      await records().vectors.store('other', [{ id: memory.id, vector: new Float32Array([9, 9, 9]) }]);
      await records().vectors.store('m', [{ id: memory.id, vector: new Float32Array([0.25, -1, 1e-7]) }]);
      const item = (await records().outbox.next(10)).find(({ id }) => id === memory.id);
      expect(item?.document?.vector).toEqual(new Float32Array([0.25, -1, 1e-7]));
      expect(item?.document?.vectorModelId).toBe('m');
      expect(item?.document?.indexVersion).toBe(item?.indexVersion);
    });
  });
}
