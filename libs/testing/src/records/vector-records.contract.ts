import { aScope, NOW } from '../builders.ts';
import { append, emptyOutbox, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const vector = new Float32Array([0.6, 0.8]);

/** What every store of vectors promises. */
export function describeVectorRecordsContract(harness: RecordsHarness): void {
  describe(`VectorRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const missingIds = async (model = 'm') => (await records().vectors.missing(model, 50)).map((item) => item.id);
    const versions = async () => new Map((await records().outbox.next(50)).map((item) => [item.id, item.indexVersion]));

    it('remembers the current model', async () => {
      expect(await records().vectors.current()).toBeNull();
      await records().vectors.setCurrent({ id: 'm', dimension: 2 });
      await records().vectors.setCurrent({ id: 'n', dimension: 3 });
      expect(await records().vectors.current()).toEqual({ id: 'n', dimension: 3 });
    });

    it('sends everything to the index again, as a newer version, when the model changes, and only then', async () => {
      const { memory, message } = await remember(records());
      await emptyOutbox(records());
      await records().vectors.setCurrent({ id: 'm', dimension: 2 });
      expect(await versions()).toEqual(
        new Map([
          [message.id, 2],
          [memory.id, 2],
        ]),
      );
      await emptyOutbox(records());
      await records().vectors.setCurrent({ id: 'm', dimension: 2 });
      expect(await records().outbox.depth()).toBe(0);
    });

    it('names what lacks a vector of the model, newest first, with the text to embed', async () => {
      const { memory, message } = await remember(records());
      const named = await append(records(), { mode: 'turn', messages: [{ content: 'hello', roleName: 'Mia' }], now: NOW + 1 });
      await append(records(), { mode: 'turn', messages: [{ content: 'quiet', recallable: false }], now: NOW + 2 });
      const missing = await records().vectors.missing('m', 10);
      expect(missing[0]).toEqual({ id: named.messages[0]?.id, passage: '[1 May 2026] Mia: hello' });
      expect(
        missing
          .slice(1)
          .map((item) => item.id)
          .toSorted(),
      ).toEqual([memory.id, message.id].toSorted());
      expect(await records().vectors.missing('m', 1)).toEqual(missing.slice(0, 1));

      await records().vectors.store('m', [{ id: memory.id, vector }]);
      expect(await missingIds()).not.toContain(memory.id);
      expect(await missingIds('n')).toContain(memory.id);
      expect(await records().vectors.progress('m')).toEqual({ filled: 1, total: 3 });
      expect(await records().vectors.progress('n')).toEqual({ filled: 0, total: 3 });
    });

    it('does not ask for what cannot be recalled any more', async () => {
      const { memory } = await remember(records());
      await records().vectors.store('m', [{ id: memory.id, vector }]);
      await records().memories.deleteByIds('default', [memory.id], null, NOW);
      expect(await missingIds()).toEqual([]);
      await records().vectors.store('m', [{ id: memory.id, vector }]);
      expect(await records().vectors.progress('m')).toEqual({ filled: 0, total: 0 });
      expect(await records().vectors.dropOthers('none')).toBe(0);
    });

    it('makes a newer version for the index when a vector of the current model arrives', async () => {
      const { memory, message } = await remember(records());
      await records().vectors.setCurrent({ id: 'm', dimension: 2 });
      await emptyOutbox(records());
      await records().vectors.store('m', [
        { id: memory.id, vector },
        { id: message.id, vector },
        { id: 'unknown', vector },
      ]);
      expect(await versions()).toEqual(
        new Map([
          [memory.id, 3],
          [message.id, 3],
        ]),
      );
      expect((await records().outbox.next(10)).map((item) => item.document?.vector)).toEqual([vector, vector]);
    });

    it('keeps vectors of another model quietly', async () => {
      const { memory } = await remember(records());
      await records().vectors.setCurrent({ id: 'm', dimension: 2 });
      await emptyOutbox(records());
      await records().vectors.store('n', [{ id: memory.id, vector }]);
      expect(await records().outbox.depth()).toBe(0);
      expect(await missingIds('n')).not.toContain(memory.id);
    });

    it('fills two models side by side', async () => {
      const { memory, message } = await remember(records());
      for (const model of ['m', 'n']) await records().vectors.store(model, [{ id: memory.id, vector }]);
      await records().vectors.store('m', [{ id: message.id, vector }]);
      expect(await missingIds('m')).toEqual([]);
      expect(await missingIds('n')).toEqual([message.id]);
      expect(await records().vectors.progress('m')).toEqual({ filled: 2, total: 2 });
      expect(await records().vectors.progress('n')).toEqual({ filled: 1, total: 2 });
    });

    it('drops the vectors of every other model', async () => {
      const { memory, message } = await remember(records());
      await records().vectors.store('n', [{ id: memory.id, vector }]);
      await records().vectors.store('m', [
        { id: memory.id, vector },
        { id: message.id, vector },
      ]);
      expect(await records().vectors.dropOthers('n')).toBe(2);
      expect(await missingIds('n')).toEqual([message.id]);
      expect((await missingIds('m')).toSorted()).toEqual([memory.id, message.id].toSorted());
      expect(await records().vectors.dropOthers('n')).toBe(0);
    });

    it('keeps the last vector of an item that is named twice', async () => {
      const { memory } = await remember(records());
      await records().vectors.setCurrent({ id: 'm', dimension: 2 });
      await records().vectors.store('m', [
        { id: memory.id, vector: Float32Array.of(1, 0) },
        { id: memory.id, vector: Float32Array.of(0, 1) },
      ]);
      const items = await records().outbox.next(10);
      expect(items.find(({ id }) => id === memory.id)?.document?.vector).toEqual(Float32Array.of(0, 1));
    });

    it('replaces a vector that comes again', async () => {
      const { memory } = await remember(records(), { scope: aScope() });
      await records().vectors.setCurrent({ id: 'm', dimension: 2 });
      await records().vectors.store('m', [{ id: memory.id, vector }]);
      await records().vectors.store('m', [{ id: memory.id, vector: new Float32Array([1, 0]) }]);
      const item = (await records().outbox.next(10)).find(({ id }) => id === memory.id);
      expect(item?.document?.vector).toEqual(new Float32Array([1, 0]));
    });
  });
}
