import { aMemory, aScope, NOW } from '../builders.ts';
import { append, contents, noChanges, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

/** What every store promises of messages that tell what to change. */
export function describeFeedbackMessagesContract(harness: RecordsHarness): void {
  describe(`Feedback messages contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const tell = (content: string, more: Parameters<typeof append>[1] = {}) =>
      append(records(), { purpose: 'feedback', mode: 'turn', messages: [content], ...more });
    const latest = () => records().messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 50, erased: 'included' });
    const next = async (limits: Parameters<typeof readBatch>[2] = {}) => readBatch(records(), aScope(), limits);
    const finish = async () => {
      const batch = await next();
      await records().inbox.commit(batch, noChanges(), NOW);
      return batch;
    };

    it('is waiting to be read and is no part of the transcript', async () => {
      await append(records(), { messages: ['I live in Paris'] });
      const { messages, taskId } = await tell('I live in Lyon now, not in Paris');
      expect(messages).toMatchObject([{ purpose: 'feedback', state: 'pending', content: 'I live in Lyon now, not in Paris' }]);
      expect(contents(await latest())).toEqual(['I live in Paris']);
      expect(await records().tasks.find('default', taskId)).toMatchObject({ status: 'running' });
      expect(await records().messages.byIds(aScope(), [messages[0]?.id ?? ''])).toHaveLength(1);
    });

    it('is never recalled, indexed or embedded', async () => {
      const { messages } = await tell('I live in Lyon', { messages: [{ content: 'I live in Lyon', recallable: true }] });
      const ids = messages.map(({ id }) => id);
      expect(await records().outbox.depth()).toBe(0);
      expect(await records().outbox.refill()).toBe(0);
      expect(await records().recall.overlay(aScope())).toMatchObject({ turns: [] });
      expect((await records().recall.check(aScope(), 0, ids)).turns.size).toBe(0);
      expect(await records().vectors.missing('m', 10)).toEqual([]);
    });

    it('leaves the ids and the alignment of what is said as they are', async () => {
      const history = ['one', { role: 'assistant' as const, content: 'two' }, 'three'];
      const plain = await append(records(), { scope: aScope(), messages: history });
      const emptied = await harness.reset();
      await append(emptied, { messages: history.slice(0, 2) });
      await tell('three');
      const again = await append(emptied, { messages: history, now: NOW + 3_600_000 });
      expect(again.appended).toBe(1);
      expect(again.messages.map(({ id }) => id)).toEqual(plain.messages.map(({ id }) => id));
    });

    it('is not taken for what was said with the same words at the same time', async () => {
      const timed = { content: 'I live in Lyon', chatTime: NOW };
      const said = await append(records(), { messages: [timed] });
      const told = [await tell('', { messages: [timed] }), await tell('', { messages: [timed], mode: 'history' })];
      const ids = [said, ...told].flatMap(({ messages }) => messages.map(({ id }) => id));
      expect(new Set(ids).size).toBe(3);
      expect((await append(records(), { messages: [timed] })).appended).toBe(0);
    });

    it('is read alone, after what came before it and before what came after', async () => {
      await append(records(), { mode: 'turn', messages: ['a', 'b'] });
      await tell('c');
      await tell('d');
      await append(records(), { mode: 'turn', messages: ['e', 'f'] });
      const batches = [await finish(), await finish(), await finish(), await finish()];
      expect(batches.map(({ messages }) => contents(messages))).toEqual([['a', 'b'], ['c'], ['d'], ['e', 'f']]);
      expect(batches.map(({ context }) => contents(context))).toEqual([[], ['a', 'b'], ['a', 'b'], ['a', 'b']]);
    });

    it('is read alone again after a retry', async () => {
      await tell('c');
      await append(records(), { mode: 'turn', messages: ['d'] });
      await records().inbox.postpone(await next(), { retryAt: NOW, countsAsAttempt: true, reason: 'parse_failed' });
      expect(contents((await next()).messages)).toEqual(['c']);
    });

    it('is not done again when messages are mined again', async () => {
      await tell('I live in Lyon');
      await finish();
      await append(records(), { mode: 'turn', messages: ['said'] });
      await finish();
      expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(1);
      expect(contents((await next()).messages)).toEqual(['said']);
    });

    it('does not stand between a message and its answer', async () => {
      const { memory, message } = await remember(records());
      await tell('meanwhile');
      const answer = await append(records(), { mode: 'turn', messages: [{ role: 'assistant', content: 'Green tea, then' }] });
      await records().memories.deleteByIds('default', [memory.id], null, NOW);
      const checked = await records().recall.check(aScope(), 0, [message.id, answer.messages[0]?.id ?? '']);
      expect(checked.turns.size).toBe(0);
    });

    it('goes when its subject is erased, even when transcripts are kept', async () => {
      const { messages } = await tell('I live in Lyon');
      await records().memories.eraseSubject(aScope(), { keepMessages: true, now: NOW });
      expect(
        await records().messages.byIds(
          aScope(),
          messages.map(({ id }) => id),
        ),
      ).toEqual([]);
    });

    it('reads apart what is to be read differently', async () => {
      const facts = { views: ['detail_factual'], instructions: {} };
      await append(records(), { mode: 'turn', messages: ['a'] });
      await append(records(), { mode: 'turn', messages: ['b'], extraction: facts });
      await append(records(), { mode: 'turn', messages: ['c'], extraction: facts });
      await append(records(), { mode: 'turn', messages: ['d'], extraction: { ...facts, instructions: { image: 'tersely' } } });
      const batches = [await finish(), await finish(), await finish()];
      expect(batches.map(({ messages }) => contents(messages))).toEqual([['a'], ['b', 'c'], ['d']]);
      expect(batches.map(({ messages }) => messages[0]?.extraction)).toEqual([
        null,
        facts,
        { ...facts, instructions: { image: 'tersely' } },
      ]);
    });

    describe('what it does', () => {
      const told = async (changes: Parameters<typeof noChanges>[0]) => {
        const { taskId } = await tell('correct that', { now: NOW + 2 });
        expect(await records().inbox.commit(await next(), noChanges(changes), NOW + 5)).toBe('committed');
        return records().tasks.find('default', taskId);
      };
      const edit = { text: 'I live in Lyon', title: null, status: null, details: null };

      it('rewrites memories as an update does, as of when it was told, counted as updated', async () => {
        const { memory, message } = await remember(records(), { text: 'I live in Paris', topicKey: 'home.city', topicValue: 'paris' });
        const task = await told({
          rewrite: [
            { id: memory.id, edit },
            { id: 'unknown', edit },
          ],
        });
        expect(task).toMatchObject({
          status: 'completed',
          added: 0,
          updated: 1,
          deleted: 0,
          memoryIds: { fact: [memory.id] },
          reason: null,
        });
        expect(await records().memories.byIds('default', [memory.id])).toMatchObject([{ text: 'I live in Lyon', statedAt: NOW + 2 }]);
        expect(await records().memories.versions('default', memory.id)).toMatchObject([{ text: 'I live in Paris', endedBy: 'feedback' }]);
        expect((await records().recall.check(aScope(), 0, [message.id])).turns.size).toBe(0);
        const { denials } = await records().memories.neighbours(aScope(), { topicKeys: [], statementKeys: [], ids: [] });
        expect(denials).toMatchObject([{ normalisedText: 'i live in paris' }]);
      });

      it('denies memories as a deletion does, counted as deleted', async () => {
        const { memory, message } = await remember(records());
        const hers = await remember(records(), { id: 'hers', scope: aScope({ subject: 'user:eve' }) });
        const task = await told({ deny: [memory.id, 'hers', 'unknown'] });
        expect(task).toMatchObject({ status: 'completed', deleted: 1, memoryIds: { fact: [memory.id] } });
        expect(await records().memories.byIds('default', [memory.id, 'hers'])).toEqual(
          expect.arrayContaining([expect.objectContaining({ id: memory.id, status: 'deleted' }), hers.memory]),
        );
        expect((await records().recall.check(aScope(), 0, [message.id])).turns.size).toBe(0);
        const { denials } = await records().memories.neighbours(aScope(), { topicKeys: [], statementKeys: [], ids: [] });
        expect(denials).toHaveLength(1);
      });

      it('does nothing to what was edited after it was told', async () => {
        const { memory } = await remember(records());
        await tell('correct that');
        const edited = await records().memories.update('default', memory.id, { ...edit, text: 'Mine' }, 'edit', NOW + 3);
        const changes = noChanges({ rewrite: [{ id: memory.id, edit }], deny: [memory.id] });
        expect(await records().inbox.commit(await next(), changes, NOW + 5)).toBe('committed');
        expect(await records().memories.byIds('default', [memory.id])).toEqual([edited]);
      });

      it('does all of it or nothing', async () => {
        const { memory } = await remember(records());
        await tell('correct that');
        const batch = await next();
        await remember(records(), { id: 'since', text: 'Something else' }, { conversationId: 'tuesday' }).catch(() => undefined);
        await records().memories.update('default', memory.id, { ...edit, text: 'Changed meanwhile' }, 'edit', NOW + 1);
        const changes = noChanges({ rewrite: [{ id: memory.id, edit }], insert: [aMemory({ id: 'new' })] });
        expect(await records().inbox.commit(batch, changes, NOW + 2)).toBe('moved');
        expect(await records().memories.byIds('default', [memory.id, 'new'])).toMatchObject([{ text: 'Changed meanwhile' }]);
      });
    });
  });
}
