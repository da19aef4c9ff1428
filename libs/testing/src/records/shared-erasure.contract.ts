import type { Scope } from '@continuo/domain';
import { aMemory, aScope, NOW } from '../builders.ts';
import { append, contents, emptyOutbox, noChanges, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const PUBLIC = aScope({ subject: 'public:all' });
const BASE = aScope({ subject: 'base:handbook' });
const BEN = aScope({ subject: 'user:ben' });
const DAY_MS = 86_400_000;

/** What every store promises of words that outlive, or do not outlive, the space they were said in. */
export function describeSharedErasureContract(harness: RecordsHarness): void {
  describe(`Erasure in shared spaces contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const said = (speakerId: string, content: string, scope: Scope = aScope({ subject: `user:${speakerId}` })) =>
      append(records(), {
        scope,
        mode: 'turn',
        messages: [
          { content, speakerId },
          { role: 'assistant', content: `To ${speakerId}: ${content}` },
        ],
        copies: [PUBLIC, BASE],
      });
    const heard = async (scope: Scope) =>
      records().messages.latest(scope, 'monday', { roles: ['user', 'assistant'], limit: 50, erased: 'included' });
    const idOf = async (scope: Scope, content: string) => (await heard(scope)).find((message) => message.content === content)?.id ?? '';
    const erase = (keepMessages = false) => records().memories.eraseSubject(aScope(), { keepMessages, now: NOW + 9 });
    /** Both say something in public; one memory rests on each and one on both. */
    const fill = async (scope = PUBLIC) => {
      await said('ana', 'Ana drinks tea');
      await said('ben', 'Ben drinks milk');
      const [ana, ben] = [await idOf(scope, 'Ana drinks tea'), await idOf(scope, 'Ben drinks milk')];
      const kept = (id: string, text: string, sourceMessageIds: readonly string[], quotes: readonly string[]) =>
        aMemory({ id, scope, text, sourceMessageIds, quotes });
      const insert = [
        kept('hers', 'Ana drinks tea', [ana], ['drinks tea']),
        kept('his', 'Ben drinks milk', [ben], ['drinks milk']),
        kept('both', 'Somebody drinks', [ana, ben], ['drinks tea', 'drinks milk']),
      ];
      expect(await records().inbox.commit(await readBatch(records(), scope), noChanges({ insert }), NOW)).toBe('committed');
      await records().vectors.store('m', [
        { id: 'hers', vector: new Float32Array([1]) },
        { id: ana, vector: new Float32Array([2]) },
      ]);
      return { ana, ben };
    };

    it.each([PUBLIC, BASE])('takes what they alone said in %j with them, and counts it', async (scope) => {
      const { ana, ben } = await fill(scope);
      expect(await erase()).toEqual({ memories: 1, messages: 4, vectors: 2 });
      expect(contents(await heard(scope))).toEqual(['To ana: Ana drinks tea', 'Ben drinks milk', 'To ben: Ben drinks milk']);
      expect((await records().memories.byIds('default', ['hers', 'his', 'both'])).map(({ id }) => id).toSorted()).toEqual(['both', 'his']);
      const { turns } = await records().recall.check(scope, 0, [ana, ben, await idOf(scope, 'To ana: Ana drinks tea')]);
      expect([...turns.keys()]).toEqual([ben]);
    });

    it('leaves of what others said, too, what others said', async () => {
      const { ben } = await fill();
      await emptyOutbox(records());
      await erase();
      const [both] = await records().memories.byIds('default', ['both']);
      expect(both).toMatchObject({ sourceMessageIds: [ben], quotes: ['drinks milk'], status: 'current', indexVersion: 2 });
      const neighbours = { topicKeys: [], statementKeys: [], ids: [] };
      expect((await records().memories.neighbours(PUBLIC, { ...neighbours, sourceMessageIds: [ben] })).memories).toHaveLength(2);
      const items = await records().outbox.next(50);
      expect(items.find(({ id }) => id === 'both')?.document?.source).toBe('drinks milk');
      expect(items.find(({ id }) => id === 'hers')?.document).toBeNull();
    });

    it('leaves the spaces of others as they are, and does not remove the shared one from the index', async () => {
      await fill();
      await erase();
      expect(contents(await heard(BEN))).toEqual(['Ben drinks milk', 'To ben: Ben drinks milk']);
      expect(await records().memories.pendingErasures()).toEqual([aScope()]);
      expect((await records().recall.overlay(PUBLIC)).epoch).toBe(0);
    });

    describe('spaces of others', () => {
      const labels = { tags: [], info: {}, appId: null, agentId: null, relatedIds: ['ana', 'ben'] };
      /** Both in one group, and what Ben's space keeps of it. */
      const talk = async (scope: Scope = BEN) => {
        await append(records(), {
          labels,
          copies: [scope],
          messages: [
            { content: 'I am allergic to peanuts', speakerId: 'ana' },
            { role: 'assistant', content: 'No peanuts for Ana' },
            { content: 'I live in Oslo', speakerId: 'ben' },
            { content: 'You really are', speakerId: 'ben' },
          ],
        });
        const [ana, , oslo, really] = await Promise.all(
          ['I am allergic to peanuts', '', 'I live in Oslo', 'You really are'].map((content) => idOf(scope, content)),
        );
        const kept = (id: string, text: string, sourceMessageIds: readonly (string | undefined)[], quotes: readonly string[]) =>
          aMemory({ id, scope, text, sourceMessageIds: sourceMessageIds.flatMap((source) => source ?? []), quotes });
        const insert = [
          kept('hers', 'Ana is allergic to peanuts', [ana], ['I am allergic to peanuts']),
          kept('in her words', 'Ana is allergic', [ana, really], ['allergic to peanuts']),
          kept('in both words', 'They met', [ana, oslo], ['peanuts', 'live in Oslo']),
          kept('his', 'Ben lives in Oslo', [oslo], ['I live in Oslo']),
        ];
        expect(await records().inbox.commit(await readBatch(records(), scope), noChanges({ insert }), NOW)).toBe('committed');
        return { ana: ana ?? '', oslo: oslo ?? '' };
      };

      it.each([BEN, aScope({ subject: 'agent:guide' })])(
        'lose what they said in a group, and what is in their words alone, in %j',
        async (scope) => {
          const { ana, oslo } = await talk(scope);
          expect(await erase()).toMatchObject({ memories: 2, messages: 5 });
          expect(contents(await heard(scope))).toEqual(['No peanuts for Ana', 'I live in Oslo', 'You really are']);
          const left = await records().memories.byIds('default', ['hers', 'in her words', 'in both words', 'his']);
          expect(left.map(({ id, quotes }) => [id, quotes]).toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
            ['his', ['I live in Oslo']],
            ['in both words', ['live in Oslo']],
          ]);
          const answer = await idOf(scope, 'No peanuts for Ana');
          expect([...(await records().recall.check(scope, 0, [ana, oslo, answer])).turns.keys()]).toEqual([oslo]);
        },
      );

      it('lose nothing of an erased agent, of another user of whom they speak, or of another project', async () => {
        const elsewhere = { ...BEN, projectId: 'other' };
        await append(records(), { scope: elsewhere, messages: [{ content: 'another Ana', speakerId: 'ana' }] });
        await append(records(), {
          scope: BEN,
          labels,
          messages: [
            { content: 'Ana is nice', speakerId: 'ben' },
            { role: 'assistant', content: 'I am bot Ana', speakerId: 'ana' },
          ],
        });
        await append(records(), { messages: ['own'] });
        expect(await erase()).toMatchObject({ messages: 1 });
        expect(await heard(BEN)).toHaveLength(2);
        expect(await heard(elsewhere)).toHaveLength(1);
      });

      it('lose it, too, when nothing else is known of them', async () => {
        await append(records(), {
          scope: BEN,
          messages: [
            { content: 'hello', speakerId: 'ana' },
            { content: 'hi', speakerId: 'ben' },
          ],
        });
        expect(await erase()).toEqual({ memories: 0, messages: 1, vectors: 0 });
        expect(contents(await heard(BEN))).toEqual(['hi']);
      });
    });

    it('keeps what was said there, unread, when transcripts are kept', async () => {
      const { ana } = await fill();
      expect(await erase(true)).toMatchObject({ memories: 1, messages: 0 });
      expect((await records().messages.byIds(PUBLIC, [ana]))[0]).toMatchObject({ state: 'unmined' });
      expect((await records().recall.check(PUBLIC, 0, [ana])).turns.size).toBe(0);
      expect(await records().outbox.refill()).toBeGreaterThan(0);
      expect((await records().outbox.next(50)).find(({ id }) => id === ana)?.document ?? null).toBeNull();
    });

    it('goes on with what others said when a batch held words of both', async () => {
      await said('ana', 'Ana drinks tea');
      await said('ben', 'Ben drinks milk');
      const batch = await readBatch(records(), PUBLIC);
      await records().inbox.writeJournal(batch, 'what was read', NOW);
      await erase();
      expect(await records().inbox.commit(batch, noChanges({ insert: [aMemory({ id: 'late', scope: PUBLIC })] }), NOW)).toBe('erased');
      const again = await readBatch(records(), PUBLIC);
      expect(again.journal).toBeNull();
      expect(contents(again.messages)).toEqual(['To ana: Ana drinks tea', 'Ben drinks milk', 'To ben: Ben drinks milk']);
    });

    it('tells an agent of the same id from the user, and other projects apart', async () => {
      await append(records(), { scope: PUBLIC, messages: [{ role: 'assistant', content: 'I am Ana, the bot', speakerId: 'ana' }] });
      const elsewhere = { ...PUBLIC, projectId: 'other' };
      await append(records(), { scope: elsewhere, messages: [{ content: 'another Ana', speakerId: 'ana' }] });
      await append(records(), { messages: ['own'] });
      expect(await erase()).toMatchObject({ messages: 1 });
      expect(await heard(PUBLIC)).toHaveLength(1);
      expect(await heard(elsewhere)).toHaveLength(1);
    });

    it.each([PUBLIC, BASE])('takes what nobody but they can have said in %j with them, whatever they are called there', async (scope) => {
      const labels = (...relatedIds: string[]) => ({ tags: [], info: {}, appId: null, agentId: null, relatedIds });
      const inShared = (content: string, speakerId: string | null, ...relatedIds: string[]) =>
        append(records(), { scope, mode: 'turn', messages: [{ content, speakerId }], labels: labels(...relatedIds) });
      const toAgent = (content: string, speakerId: string, agentId: string) =>
        append(records(), {
          scope,
          mode: 'turn',
          messages: [{ content, speakerId }],
          labels: { ...labels('ana', agentId), agentId },
        });
      await append(records(), { messages: ['own'] });
      await inShared('by a name', 'Annie', 'ana');
      await inShared('by nobody', 'somebody', 'ana');
      await inShared('without a speaker', null, 'ana');
      await toAgent('to an agent', 'Annie', 'the "guide" of C:\\');
      await toAgent('of an agent', 'guide', 'guide');
      await inShared('one of two', 'somebody', 'ana', 'ben');
      await inShared('of somebody else', 'Benny', 'ben');
      await inShared('of a longer name', 'somebody', 'ana"b');
      expect(await erase()).toMatchObject({ messages: 5 });
      expect(contents(await heard(scope))).toEqual(['of an agent', 'one of two', 'of somebody else', 'of a longer name']);
    });

    it('erases a user who has said something in public and nothing else', async () => {
      await append(records(), { scope: PUBLIC, messages: [{ content: 'hello', speakerId: 'ana' }] });
      expect(await erase()).toEqual({ memories: 0, messages: 1, vectors: 0 });
      expect(await heard(PUBLIC)).toEqual([]);
      await expect(erase()).rejects.toMatchObject({ code: 'user_not_found' });
    });

    describe('retention', () => {
      const sweep = (before = NOW, projectId = 'default') => records().messages.sweepTranscripts(projectId, before, NOW);

      it('erases what was said before and is not waiting, of that project alone', async () => {
        const { message } = await remember(records(), {}, { now: NOW - DAY_MS });
        await remember(records(), { id: 'other', scope: aScope({ projectId: 'other' }) }, { now: NOW - DAY_MS });
        await append(records(), { mode: 'turn', messages: ['waiting'], now: NOW - DAY_MS });
        await append(records(), { mode: 'turn', messages: ['kept from mining'], mine: false, now: NOW - DAY_MS });
        await append(records(), { mode: 'turn', messages: ['recent'], mine: false });
        await emptyOutbox(records());
        expect(await sweep()).toBe(2);
        expect(contents(await heard(aScope()))).toEqual(['waiting', 'recent']);
        expect(await heard(aScope({ projectId: 'other' }))).toHaveLength(1);
        expect((await records().outbox.next(10)).find(({ id }) => id === message.id)?.document).toBeNull();
        expect(await sweep()).toBe(0);
      });

      it('leaves memories, with fewer sources', async () => {
        const { memory, message } = await remember(records(), { text: 'I drink tea' }, { now: NOW - DAY_MS });
        const later = await append(records(), { mode: 'turn', messages: ['I do drink tea'] });
        const source = later.messages[0]?.id ?? '';
        const evidence = [{ id: memory.id, sourceMessageIds: [source], quotes: [], sourceSequence: 9 }];
        await records().inbox.commit(await readBatch(records()), noChanges({ evidence }), NOW);
        await sweep();
        expect(await records().memories.byIds('default', [memory.id])).toMatchObject([{ status: 'current', sourceMessageIds: [source] }]);
        const found = { topicKeys: [], statementKeys: [], ids: [], sourceMessageIds: [message.id] };
        expect((await records().memories.neighbours(aScope(), found)).memories).toEqual([]);
        await sweep(NOW + 1);
        expect(await records().memories.byIds('default', [memory.id])).toMatchObject([
          { status: 'current', sourceMessageIds: [], quotes: ['I drink tea'] },
        ]);
        expect((await records().recall.check(aScope(), 0, [memory.id])).memories.size).toBe(1);
      });

      it('erases a lot, of many', async () => {
        const messages = Array.from({ length: 450 }, (_, index) => `message ${index}`);
        for (const scope of [aScope(), BEN, PUBLIC]) await append(records(), { scope, messages, mine: false, now: NOW - DAY_MS });
        expect(await sweep()).toBe(1_350);
        expect(await heard(PUBLIC)).toEqual([]);
      });

      it('recognises a history whose beginning it has erased', async () => {
        const history = Array.from({ length: 12 }, (_, index) => ({
          role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
          content: `message ${index}`,
        }));
        await append(records(), { messages: history.slice(0, 6), mine: false, now: NOW - DAY_MS });
        await append(records(), { messages: history.slice(0, 10), mine: false });
        expect(await sweep()).toBe(6);
        const again = await append(records(), { messages: history, now: NOW + DAY_MS });
        expect(again.appended).toBe(2);
        expect(contents(again.messages)).toEqual(history.slice(6).map(({ content }) => content));
        expect(await heard(aScope())).toHaveLength(6);
      });

      it('does not take what is said before the only message left for what it has erased', async () => {
        await append(records(), { messages: [{ content: 'hello' }], mine: false, now: NOW - DAY_MS });
        await append(records(), { messages: [{ content: 'hello' }, { content: 'thanks' }], mine: false });
        expect(await sweep()).toBe(1);
        const messages = [{ content: 'I moved to Oslo' }, { role: 'assistant' as const, content: 'Great' }, { content: 'thanks' }];
        await append(records(), { messages, now: NOW + DAY_MS });
        expect(contents(await heard(aScope()))).toEqual(expect.arrayContaining(['I moved to Oslo', 'Great']));
      });
    });
  });
}
