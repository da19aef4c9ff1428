import { documentOfMemory, documentOfMessage } from '@continuo/domain';
import { aScope, NOW } from '../builders.ts';
import { append, emptyOutbox, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const EVERYTHING = { afterId: null, limit: 100 };
const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What every source of the index promises. */
export function describeIndexSourceContract(harness: RecordsHarness): void {
  describe(`IndexSource contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const source = () => records().indexSource;

    it('gives all that can be recalled, page by page, in the order of ids as bytes', async () => {
      const expected: string[] = [];
      for (const id of ['b', 'B', 'ä', 'z', 'a-1', 'a_1', 'A']) {
        const scope = aScope({ subject: `user:${id}` });
        const { memory, message } = await remember(records(), { id, scope, text: `I said ${id}` });
        expected.push(memory.id, message.id);
      }
      const inOrder = expected.toSorted(bytes);
      for (const read of ['documents', 'entries'] as const) {
        const seen: string[] = [];
        for (let afterId: string | null = null; ;) {
          const page: readonly { readonly id: string }[] = await source()[read]({ afterId, limit: 4, modelId: null });
          seen.push(...page.map(({ id }) => id));
          afterId = page.at(-1)?.id ?? null;
          if (page.length < 4) break;
        }
        expect(seen).toEqual(inOrder);
      }
    });

    it('leaves out what is hidden, deleted, superseded or not recallable', async () => {
      await remember(records(), { id: 'gone', text: 'I said this' });
      await records().memories.deleteByIds('default', ['gone'], null, NOW);
      await append(records(), { mode: 'turn', messages: [{ content: 'quiet', recallable: false }] });
      const { memory, message } = await remember(records(), { id: 'kept', text: 'I stay' });
      expect((await source().entries(EVERYTHING)).map(({ id }) => id)).toEqual([message.id, memory.id].toSorted(bytes));
    });

    it('gives documents whole, with vectors of the model asked for', async () => {
      const { memory, message } = await remember(records());
      await records().vectors.store('m', [{ id: memory.id, vector: new Float32Array([0.25, -1]) }]);
      await records().vectors.store('other', [{ id: message.id, vector: new Float32Array([9]) }]);
      const documents = await source().documents({ ...EVERYTHING, modelId: 'm' });
      expect(documents).toEqual(
        [
          { ...documentOfMessage(message, 1), vector: null, vectorModelId: null },
          { ...documentOfMemory(memory), vector: new Float32Array([0.25, -1]), vectorModelId: 'm' },
        ].toSorted((a, b) => bytes(a.id, b.id)),
      );
      const bare = await source().documents({ ...EVERYTHING, modelId: null });
      expect(bare.map(({ vector, vectorModelId }) => [vector, vectorModelId])).toEqual([
        [null, null],
        [null, null],
      ]);
    });

    it('tells what still waits in the outbox', async () => {
      const first = await append(records(), { messages: ['told'] });
      await emptyOutbox(records());
      const second = await append(records(), { mode: 'turn', messages: ['waits'] });
      const entries = await source().entries(EVERYTHING);
      expect(new Map(entries.map(({ id, waiting }) => [id, waiting]))).toEqual(
        new Map([
          [first.messages[0]?.id, false],
          [second.messages[0]?.id, true],
        ]),
      );
      expect(entries[0]).toMatchObject({ scope: aScope(), indexVersion: 1 });
    });

    it('puts back what is there, newer than both sides have it', async () => {
      const { memory, message } = await remember(records());
      await emptyOutbox(records());
      await source().putBack([
        { id: memory.id, scope: aScope(), indexVersion: 0 },
        { id: message.id, scope: aScope(), indexVersion: 7 },
      ]);
      const items = await records().outbox.next(10);
      expect(new Map(items.map((item) => [item.id, [item.indexVersion, item.document?.indexVersion]]))).toEqual(
        new Map([
          [memory.id, [2, 2]],
          [message.id, [8, 8]],
        ]),
      );
      await records().outbox.acknowledge(items);
      expect(await records().outbox.depth()).toBe(0);
    });

    it('has removed what is not to be recalled in that scope', async () => {
      await remember(records(), { id: 'gone', text: 'I said this' });
      await records().memories.deleteByIds('default', ['gone'], null, NOW);
      const { memory } = await remember(records(), { id: 'mine', text: 'I stay' });
      await emptyOutbox(records());
      const eve = aScope({ subject: 'user:eve' });
      await source().putBack([
        { id: 'gone', scope: aScope(), indexVersion: 5 },
        { id: 'unknown', scope: eve, indexVersion: 3 },
        { id: memory.id, scope: eve, indexVersion: 3 },
      ]);
      const items = await records().outbox.next(10);
      expect(items.find(({ id }) => id === 'gone')).toEqual({ id: 'gone', scope: aScope(), indexVersion: 6, document: null });
      expect(items.find(({ id }) => id === 'unknown')).toEqual({ id: 'unknown', scope: eve, indexVersion: 4, document: null });
      expect(items.find(({ id }) => id === memory.id)).toMatchObject({ scope: eve, document: null });
    });
  });
}
