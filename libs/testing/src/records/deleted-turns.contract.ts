import { documentOfMessage, MEMORY_KINDS, type Filter, type MemoryKind, statementKey } from '@continuo/domain';
import { aMemory, aScope, NOW, someLabels } from '../builders.ts';
import { append, contents, emptyOutbox, noChanges, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const EVE = aScope({ subject: 'user:eve' });
const LATER = NOW + 1;
const LYON = 'I live in Lyon';
const FOLDER = 'The blue folder with the contract lies in the third drawer.';
const BOTH = `${LYON}. ${FOLDER}`;
const NOTHING = { topicKeys: [], statementKeys: [], ids: [] };
const SOON = { maxMessages: 9, maxCharacters: 999, now: NOW };
const RED: Filter = { op: 'contains', field: { name: 'tags' }, value: 'red' };

/** What every store promises of messages recalled verbatim when they, or what was drawn from them, are deleted. */
export function describeDeletedTurnsContract(harness: RecordsHarness): void {
  describe(`Deleted turns contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const remove = (...ids: readonly string[]) => records().memories.deleteByIds('default', ids, null, LATER);
    const recallable = async (...ids: readonly string[]) =>
      contents([...(await records().recall.check(aScope(), 0, ids)).turns.values()]).toSorted();
    const say = async (message: Parameters<typeof append>[1] = {}) => {
      const { messages, taskId } = await append(records(), { mode: 'turn', ...message });
      return { id: messages[0]?.id ?? '', ids: messages.map(({ id }) => id), taskId };
    };
    const finish = async () => records().inbox.commit(await readBatch(records()), noChanges(), NOW);
    const denied = async () => (await records().memories.neighbours(aScope(), NOTHING)).denials.map(({ normalisedText }) => normalisedText);

    describe('words that are withheld', () => {
      /** A message of two statements, one of which became a memory. */
      const both = async () => {
        const { id } = await say({ messages: [BOTH] });
        const batch = await readBatch(records());
        const lyon = aMemory({ id: 'lyon', text: LYON, quotes: [LYON], sourceMessageIds: [id] });
        await records().inbox.commit(batch, noChanges({ insert: [lyon] }), NOW);
        return id;
      };
      const turn = async (id: string) => (await records().recall.check(aScope(), 0, [id])).turns.get(id);
      const indexed = async (id: string) => (await records().outbox.next(50)).find((item) => item.id === id)?.document?.text;

      it('are those that a deleted memory quotes; the rest of the message stays recallable', async () => {
        const id = await both();
        await emptyOutbox(records());
        await remove('lyon');
        expect(await turn(id)).toMatchObject({ content: BOTH, withheld: [LYON] });
        expect(await indexed(id)).toBe(FOLDER);
        const { turns } = await records().recall.overlay(aScope());
        expect(turns.map((message) => documentOfMessage(message, 0).text)).toEqual([FOLDER]);
        expect(contents(await records().messages.byIds(aScope(), [id]))).toEqual([BOTH]);
      });

      it('are embedded no more: the vector goes and is made anew', async () => {
        await records().vectors.setCurrent({ id: 'm', dimension: 1 });
        const id = await both();
        await records().vectors.store('m', [{ id, vector: new Float32Array([1]) }]);
        await emptyOutbox(records());
        await remove('lyon');
        expect((await records().outbox.next(50)).find((item) => item.id === id)?.document).toMatchObject({ vector: null });
        const passage = (await records().vectors.missing('m', 10)).find((item) => item.id === id)?.passage;
        expect(passage).toContain(FOLDER);
        expect(passage).not.toContain('Lyon');
      });

      it('hide the answers, which may repeat them', async () => {
        const id = await both();
        const answer = await say({ messages: [{ role: 'assistant', content: 'Lyon, how nice' }] });
        await remove('lyon');
        expect(await recallable(id, answer.id)).toEqual([BOTH]);
      });

      it('hide all of a message in which they are not found', async () => {
        const { id } = await say({ messages: [BOTH] });
        const lyon = aMemory({ id: 'lyon', text: LYON, quotes: ['Lyon is my home'], sourceMessageIds: [id] });
        await records().inbox.commit(await readBatch(records()), noChanges({ insert: [lyon] }), NOW);
        await remove('lyon');
        expect(await recallable(id)).toEqual([]);
      });

      it('hide all of a message of which nothing would be left', async () => {
        const { id } = await say({ messages: [`${LYON}! Thanks.`] });
        const lyon = aMemory({ id: 'lyon', text: LYON, quotes: [LYON], sourceMessageIds: [id] });
        await records().inbox.commit(await readBatch(records()), noChanges({ insert: [lyon] }), NOW);
        await remove('lyon');
        expect(await recallable(id)).toEqual([]);
      });

      it('add up', async () => {
        const id = await both();
        await append(records(), { mode: 'turn', conversationId: 'tuesday', messages: ['more'] });
        const folder = aMemory({ id: 'folder', text: FOLDER, quotes: [FOLDER], sourceMessageIds: [id] });
        await records().inbox.commit(await readBatch(records()), noChanges({ insert: [folder] }), NOW);
        await remove('lyon');
        expect(await recallable(id)).toEqual([BOTH]);
        await remove('folder');
        expect(await recallable(id)).toEqual([]);
      });

      it('are those of a memory that is replaced or denied while mining, or that is edited', async () => {
        const changes = [
          (id: string) => noChanges({ hide: [id], withhold: [{ messageId: id, quotes: [LYON] }] }),
          () => noChanges({ deny: ['lyon'] }),
          () => noChanges({ rewrite: [{ id: 'lyon', edit: { text: 'I live in Oslo', title: null, status: null, details: null } }] }),
        ];
        for (const change of changes) {
          await harness.reset();
          const id = await both();
          await append(records(), { mode: 'turn', messages: ['I moved'], purpose: 'feedback', now: NOW + 2 });
          await emptyOutbox(records());
          expect(await records().inbox.commit(await readBatch(records()), change(id), NOW + 3)).toBe('committed');
          expect(await turn(id)).toMatchObject({ withheld: [LYON] });
          expect(await indexed(id)).toBe(FOLDER);
        }
      });
    });

    describe('deleting turns by id', () => {
      it('hides them with their answers and denies their statements', async () => {
        const { id } = await say({ messages: [BOTH, { role: 'assistant', content: 'Noted: Lyon' }] });
        const other = await say({ messages: ['something else'] });
        await finish();
        await emptyOutbox(records());
        await remove(id);
        expect(await records().memories.turns('default', [id, other.id])).toMatchObject([{ id: other.id }]);
        expect(await recallable(id, other.id)).toEqual(['something else']);
        expect((await records().outbox.next(9)).map(({ document }) => document)).toEqual([null, null]);
        expect(await denied()).toEqual([BOTH, LYON, FOLDER].map(statementKey));
        expect(contents(await records().messages.byIds(aScope(), [id]))).toEqual([BOTH]);
      });

      it('is the same the second time', async () => {
        const { id } = await say({ messages: [LYON] });
        await remove(id);
        const once = await denied();
        await remove(id);
        expect(await denied()).toEqual(once);
      });

      it('keeps a pending one from being mined, now and later, and ends its task', async () => {
        const { id, taskId } = await say({ messages: [LYON, { role: 'assistant', content: 'Lyon, how nice' }] });
        await remove(id);
        expect(await records().inbox.readBatch(aScope(), SOON)).toBeNull();
        expect(await records().tasks.find('default', taskId)).toMatchObject({ status: 'completed', added: 0, finishedAt: LATER });
        expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(0);
      });

      it('keeps a mined one from being mined again', async () => {
        const { id } = await say({ messages: [LYON] });
        await finish();
        await remove(id);
        expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(0);
      });

      it('stops a batch that is under way, whose other messages are read anew', async () => {
        const { ids } = await say({ messages: [LYON, FOLDER] });
        const batch = await readBatch(records());
        await records().inbox.writeJournal(batch, 'lyon and folder', NOW);
        await remove(ids[0] ?? '');
        const mined = noChanges({ insert: [aMemory({ id: 'lyon', text: LYON, sourceMessageIds: ids })] });
        expect(await records().inbox.commit(batch, mined, LATER)).toBe('erased');
        expect(await records().memories.byIds('default', ['lyon'])).toEqual([]);
        await say({ messages: ['said since'] });
        const rest = await readBatch(records());
        expect(contents(rest.messages)).toEqual([FOLDER, 'said since']);
        expect(rest.journal).toBeNull();
        expect(await records().inbox.commit(rest, noChanges(), LATER)).toBe('committed');
      });

      it('takes memories and turns together, all or none', async () => {
        const { memory } = await remember(records());
        const { id } = await say({ messages: [FOLDER] });
        const hers = await say({ scope: EVE, messages: [LYON] });
        const foreign = await say({ scope: aScope({ projectId: 'other' }), messages: [LYON] });
        const told = await say({ purpose: 'feedback', messages: [{ content: 'no', recallable: false }] });
        const only = (ids: readonly string[]) => records().memories.deleteByIds('default', ids, ['user:ana'], LATER);
        await expect(remove(memory.id, id, 'unknown')).rejects.toMatchObject({ code: 'memory_not_found' });
        await expect(remove(memory.id, id, told.id)).rejects.toMatchObject({ code: 'memory_not_found' });
        await expect(remove(memory.id, id, foreign.id)).rejects.toMatchObject({ code: 'memory_forbidden' });
        await expect(only([memory.id, id, hers.id])).rejects.toMatchObject({ code: 'memory_forbidden' });
        expect(await recallable(id)).toEqual([FOLDER]);
        expect(await records().memories.byIds('default', [memory.id])).toEqual([memory]);
        await only([memory.id, id]);
        expect(await recallable(id)).toEqual([]);
        expect(await records().memories.byIds('default', [memory.id])).toMatchObject([{ status: 'deleted' }]);
      });

      it('finds turns of one project alone, until they are hidden', async () => {
        const { id } = await say({ messages: [LYON] });
        const [found] = await records().memories.turns('default', [id, 'unknown']);
        expect(found).toMatchObject({ id, scope: aScope(), content: LYON });
        expect(await records().memories.turns('other', [id])).toEqual([]);
        await records().memories.eraseSubject(aScope(), { keepMessages: true, now: LATER });
        expect(await records().memories.turns('default', [id])).toEqual([]);
      });

      it('is not undone by a history told again', async () => {
        const history = [LYON, { role: 'assistant' as const, content: 'Hi' }];
        const { ids } = await say({ messages: history });
        await remove(ids[0] ?? '');
        const told = await append(records(), {
          mode: 'told',
          messages: [...history, 'And now?', { role: 'assistant', content: 'Now' }],
          now: LATER,
        });
        expect(told.messages.slice(0, 2).map(({ id }) => id)).toEqual(ids);
        expect(contents((await readBatch(records())).messages)).toEqual(['And now?', 'Now']);
      });
    });

    describe('deleting turns by filter', () => {
      const removeRed = (kinds: readonly MemoryKind[] = MEMORY_KINDS) => records().memories.deleteByFilter('default', RED, kinds, LATER);
      const red = { labels: someLabels({ tags: ['red'] }) };

      it('hides what matches, of every user, and counts it', async () => {
        const { id } = await say({ ...red, messages: [LYON] });
        const other = await say({ messages: [FOLDER] });
        const hers = await say({ ...red, scope: EVE, messages: [LYON] });
        const base = await say({ ...red, scope: aScope({ subject: 'base:handbook' }), messages: [LYON] });
        const foreign = await say({ ...red, scope: aScope({ projectId: 'other' }), messages: [LYON] });
        expect(await removeRed()).toBe(2);
        expect(await recallable(id, other.id)).toEqual([FOLDER]);
        expect(await records().memories.turns('default', [hers.id, base.id])).toMatchObject([{ id: base.id }]);
        expect(await records().memories.turns('other', [foreign.id])).toHaveLength(1);
        expect(await removeRed()).toBe(0);
      });

      it('leaves them where facts are not meant', async () => {
        const { id } = await say({ ...red, messages: [LYON] });
        expect(await removeRed(['preference'])).toBe(0);
        expect(await recallable(id)).toEqual([LYON]);
        expect(contents((await readBatch(records())).messages)).toEqual([LYON]);
      });

      it('leaves no memory behind that is being drawn from them', async () => {
        const { ids, taskId } = await say({ ...red, messages: [LYON] });
        const batch = await readBatch(records());
        await removeRed();
        const lyon = aMemory({ id: 'lyon', text: LYON, labels: red.labels, sourceMessageIds: ids });
        expect(await records().inbox.commit(batch, noChanges({ insert: [lyon] }), LATER)).toBe('erased');
        expect(await records().memories.byIds('default', ['lyon'])).toEqual([]);
        expect(await records().inbox.readBatch(aScope(), SOON)).toBeNull();
        expect(await records().tasks.find('default', taskId)).toMatchObject({ status: 'completed' });
      });

      it('hides more than a page of them', async () => {
        const messages = Array.from({ length: 2_100 }, (_, place) => `Line ${place} of it`);
        await say({ ...red, messages });
        expect(await removeRed()).toBe(2_100);
        expect((await records().recall.overlay(aScope())).turns).toEqual([]);
      });
    });
  });
}
