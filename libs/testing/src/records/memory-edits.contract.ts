import { type Filter, type Memory, type MemoryKind, MEMORY_KINDS, reconcile } from '@continuo/domain';
import type { MemoryEdit } from '@continuo/ports';
import { aCandidate, aMemory, aScope, NOW, someLabels } from '../builders.ts';
import { append, emptyOutbox, noChanges, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const NOTHING = { topicKeys: [], statementKeys: [], ids: [] };
const EVE = aScope({ subject: 'user:eve' });
const LATER = NOW + 60_000;

const PARIS = { text: 'I live in Paris', title: 'Home', topicKey: 'home.city', topicValue: 'paris', entities: ['Paris'] };

/** What every store promises of memories that a caller changes. */
export function describeMemoryEditsContract(harness: RecordsHarness): void {
  describe(`Edits of memories contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const edit = (memoryId: string, change: Partial<MemoryEdit>, now = LATER) =>
      records().memories.update('default', memoryId, { text: null, title: null, status: null, details: null, ...change }, 'edit', now);
    const one = async (id: string): Promise<Memory | undefined> => (await records().memories.byIds('default', [id]))[0];
    const neighbours = (ids: readonly string[] = [], scope = aScope()) =>
      records().memories.neighbours(scope, { ...NOTHING, topicKeys: ['home.city'], ids });
    /** Mines one message that says this, as the domain reconciles it. */
    const said = async (text: string, value: string | null, more: { readonly chatTime?: number | null; readonly now?: number } = {}) => {
      const { messages } = await append(records(), {
        mode: 'turn',
        messages: [{ content: text, chatTime: more.chatTime ?? null }],
        now: more.now ?? LATER + 1,
      });
      await mine(text, value, messages[0]?.id ?? '');
    };
    const mine = async (text: string, value: string | null, messageId: string) => {
      const batch = await readBatch(records());
      const message = batch.messages.find(({ id }) => id === messageId);
      if (message === undefined) throw new Error('the message is not in the batch');
      const { memories, denials } = await neighbours();
      const statedAt = message.chatTime ?? message.createdAt;
      const slot = { topicKey: value === null ? null : 'home.city', topicValue: value };
      const candidate = aCandidate({ text, ...slot, sourceMessageIds: [messageId], quotes: [text], statedAt });
      const { conversationId, scope } = batch;
      const decided = { scope, conversationId, candidates: [candidate], known: memories, denials, now: LATER };
      const sequences = new Map([[messageId, message.sequence]]);
      const changes = reconcile({ ...decided, sequences, labels: new Map(), verdicts: new Map() });
      expect(await records().inbox.commit(batch, { ...noChanges(), ...changes }, LATER + 2)).toBe('committed');
    };
    const city = async () => (await neighbours()).memories.filter(({ status }) => status === 'current').map(({ text }) => text);

    it('changes the wording in place and keeps the one before', async () => {
      const labels = someLabels({ tags: ['home'], info: { room: 3 } });
      const { memory } = await remember(records(), { ...PARIS, labels }, { labels });
      const changed = await edit(memory.id, { text: 'I live in Lyon' });
      expect(changed).toMatchObject({
        id: memory.id,
        scope: memory.scope,
        text: 'I live in Lyon',
        topicKey: 'home.city',
        status: 'current',
        labels,
        quotes: [],
        statedAt: LATER,
        createdAt: memory.createdAt,
        updatedAt: LATER,
        sourceMessageIds: memory.sourceMessageIds,
        indexVersion: memory.indexVersion + 1,
      });
      expect(await one(memory.id)).toEqual(changed);
      expect(JSON.stringify(changed)).not.toContain('Paris');
      expect(await records().memories.versions('default', memory.id)).toEqual([
        { memoryId: memory.id, text: 'I live in Paris', title: 'Home', status: 'current', endedBy: 'edit', endedAt: LATER },
      ]);
      const tagged: Filter = { op: 'equals', field: { name: 'info', key: 'room' }, value: 3 };
      expect(await records().memories.list(aScope(), { kind: 'fact', filter: tagged, page: 1, size: 5 })).toMatchObject({ total: 1 });
    });

    it('tells the index, drops the vector and raises the revision', async () => {
      const { memory } = await remember(records(), PARIS);
      await records().vectors.setCurrent({ id: 'm', dimension: 1 });
      await records().vectors.store('m', [{ id: memory.id, vector: new Float32Array([1]) }]);
      await emptyOutbox(records());
      const before = await neighbours();
      const changed = await edit(memory.id, { text: 'I live in Lyon' });
      const items = await records().outbox.next(10);
      expect(items.find(({ id }) => id === memory.id)).toMatchObject({
        indexVersion: changed.indexVersion,
        document: { text: 'I live in Lyon', vector: null, vectorModelId: null },
      });
      expect((await records().vectors.missing('m', 10)).map(({ id }) => id)).toContain(memory.id);
      expect((await neighbours()).revision).toBeGreaterThan(before.revision);
    });

    it('hides the turns the old wording was drawn from, with their answers', async () => {
      const { memory, message } = await remember(records(), PARIS);
      const answer = await append(records(), { mode: 'turn', messages: [{ role: 'assistant', content: 'Ah, Paris' }] });
      const other = await append(records(), { mode: 'turn', messages: ['something else'] });
      const ids = [message, ...answer.messages, ...other.messages].map(({ id }) => id);
      await edit(memory.id, { text: 'I live in Lyon' });
      const { turns } = await records().recall.check(aScope(), 0, ids);
      expect([...turns.keys()]).toEqual(other.messages.map(({ id }) => id));
    });

    it('changes a title alone without a word on what was said', async () => {
      const { memory, message } = await remember(records(), PARIS);
      expect(await edit(memory.id, { title: 'Where I live' })).toMatchObject({
        title: 'Where I live',
        text: PARIS.text,
        statedAt: memory.statedAt,
        quotes: memory.quotes,
      });
      expect((await neighbours()).denials).toEqual([]);
      expect((await records().recall.check(aScope(), 0, [message.id])).turns.size).toBe(1);
      expect(await records().memories.versions('default', memory.id)).toMatchObject([{ title: 'Home' }]);
    });

    it('changes nothing when nothing changes', async () => {
      const { memory } = await remember(records(), PARIS);
      const before = await neighbours();
      expect(await edit(memory.id, { title: 'Home', status: 'current', details: {} })).toEqual(memory);
      expect(await neighbours()).toEqual(before);
      expect(await records().memories.versions('default', memory.id)).toEqual([]);
    });

    it('says it now when the text is given as it stands, without a new version of it', async () => {
      const { memory, message } = await remember(records(), PARIS);
      const again = await edit(memory.id, { text: PARIS.text });
      expect(again).toMatchObject({ text: PARIS.text, topicValue: memory.topicValue, statedAt: LATER, sourceSequence: message.sequence });
      expect((await neighbours()).denials).toEqual([]);
      expect(await records().memories.versions('default', memory.id)).toEqual([]);
      expect((await records().recall.check(aScope(), 0, [message.id])).turns.size).toBe(1);
    });

    it('keeps details, and every wording there was, newest first', async () => {
      const details = { tool: { type: 'schema' as const, used: [], experience: 'none' } };
      const { memory } = await remember(records(), { kind: 'tool', text: 'one' });
      await edit(memory.id, { text: 'two' }, LATER);
      await edit(memory.id, { text: 'three', details }, LATER + 1);
      expect(await one(memory.id)).toMatchObject({ text: 'three', details });
      expect((await records().memories.versions('default', memory.id)).map(({ text }) => text)).toEqual(['two', 'one']);
      expect(await records().memories.versions('other', memory.id)).toEqual([]);
    });

    it('replaces characters that one of the engines does not take', async () => {
      const { memory } = await remember(records(), PARIS);
      expect(await edit(memory.id, { text: 'I live in\0Lyon \ud800' })).toMatchObject({ text: 'I live in\uFFFDLyon \uFFFD' });
    });

    describe('what arrived before', () => {
      it('does not bring the old wording back, mined again or late', async () => {
        const { memory, message } = await remember(records(), PARIS);
        const pending = await append(records(), { mode: 'turn', messages: ['Paris is where I live'], now: NOW + 1 });
        await edit(memory.id, { text: 'I live in Lyon' });
        await mine('I live in Paris', 'paris', pending.messages[0]?.id ?? '');
        expect(await city()).toEqual(['I live in Lyon']);
        await records().inbox.requeue({ projectId: null, since: null });
        await mine('I live in Paris', 'paris', message.id);
        expect(await city()).toEqual(['I live in Lyon']);
      });

      it('does not supersede the new wording with a third value', async () => {
        const { memory } = await remember(records(), PARIS);
        const pending = await append(records(), { mode: 'turn', messages: ['I live in Rome'], now: NOW + 1 });
        await edit(memory.id, { text: 'I live in Lyon' });
        await mine('I live in Rome', 'rome', pending.messages[0]?.id ?? '');
        expect(await city()).toEqual(['I live in Lyon']);
      });

      it('does not when it comes from long ago, after the edit', async () => {
        const { memory } = await remember(records(), PARIS);
        await edit(memory.id, { text: 'I live in Lyon' });
        await said('I live in Paris', 'paris', { chatTime: NOW + 5 });
        expect(await city()).toEqual(['I live in Lyon']);
      });

      it('does not when it has no slot either, pending or from long ago', async () => {
        const { memory } = await remember(records(), { text: 'I like jazz' });
        const pending = await append(records(), { mode: 'turn', messages: ['I like jazz'], now: NOW + 1 });
        await edit(memory.id, { text: 'I like blues' });
        await mine('I like jazz', null, pending.messages[0]?.id ?? '');
        await said('I like jazz', null, { chatTime: NOW + 5 });
        const current = async () =>
          (await records().memories.list(aScope(), { kind: 'fact', filter: null, page: 1, size: 9 })).items.map(({ text }) => text);
        expect(await current()).toEqual(['I like blues']);
        await said('I like jazz', null, { now: LATER + 5 });
        expect((await current()).toSorted()).toEqual(['I like blues', 'I like jazz']);
      });

      it('is decided again when the edit comes in between', async () => {
        const { memory } = await remember(records(), PARIS);
        await append(records(), { mode: 'turn', messages: ['I live in Rome'] });
        const batch = await readBatch(records());
        await edit(memory.id, { text: 'I live in Lyon' });
        expect(await records().inbox.commit(batch, noChanges({ insert: [aMemory({ id: 'rome' })] }), LATER)).toBe('moved');
      });

      it('goes into history although it was judged to be newer', async () => {
        const { memory } = await remember(records(), { ...PARIS, topicKey: null, topicValue: null });
        const pending = await append(records(), { mode: 'turn', messages: ['I live in Rome'], now: NOW + 1 });
        const [message] = pending.messages;
        await edit(memory.id, { text: 'I live in Lyon' });
        const rome = aMemory({
          id: 'rome',
          text: 'I live in Rome',
          sourceMessageIds: [message?.id ?? ''],
          sourceSequence: message?.sequence ?? 0,
        });
        const supersede = [{ id: memory.id, by: 'rome', validTo: NOW + 1 }];
        expect(await records().inbox.commit(await readBatch(records()), noChanges({ insert: [rome], supersede }), LATER)).toBe('committed');
        expect(await one(memory.id)).toMatchObject({ status: 'current', text: 'I live in Lyon' });
        expect(await one('rome')).toMatchObject({ status: 'superseded', supersededBy: memory.id });
        expect((await records().recall.check(aScope(), 0, [message?.id ?? ''])).turns.size).toBe(0);
      });

      it('is a source of the new wording without being quoted', async () => {
        const { memory } = await remember(records(), PARIS);
        const pending = await append(records(), { mode: 'turn', messages: ['My home is Paris'], now: NOW + 1 });
        const source = pending.messages[0]?.id ?? '';
        const { sourceSequence } = await edit(memory.id, { text: 'I live in Lyon' });
        const evidence = [{ id: memory.id, sourceMessageIds: [source], quotes: ['My home is Paris'], sourceSequence }];
        await records().inbox.commit(await readBatch(records()), noChanges({ evidence }), LATER);
        expect(await one(memory.id)).toMatchObject({ sourceMessageIds: [...memory.sourceMessageIds, source], quotes: [] });
      });
    });

    it('lets what is said later supersede the new wording', async () => {
      const { memory } = await remember(records(), PARIS);
      await edit(memory.id, { text: 'I live in Lyon' });
      await said('I live in Rome', 'rome');
      expect(await city()).toEqual(['I live in Rome']);
      await said('I live in Paris', 'paris', { now: LATER + 5 });
      expect(await city()).toEqual(['I live in Paris']);
    });

    it('does not keep the new wording away by the denial of the old one', async () => {
      const { memory } = await remember(records(), PARIS);
      await edit(memory.id, { text: 'I live in Paris, in the fifth district' });
      const { denials } = await neighbours();
      const changed = await one(memory.id);
      for (const denial of denials) {
        const sameValue = denial.topicKey !== null && denial.topicKey === changed?.topicKey && denial.topicValue === changed.topicValue;
        expect(sameValue).toBe(false);
      }
    });

    describe('a status', () => {
      it('archives: neither recalled nor brought back by what was said before', async () => {
        const { memory, message } = await remember(records(), PARIS);
        const pending = await append(records(), { mode: 'turn', messages: ['Paris is where I live'], now: NOW + 1 });
        expect(await edit(memory.id, { status: 'superseded' })).toMatchObject({ status: 'superseded', supersededBy: null, validTo: LATER });
        const checked = await records().recall.check(aScope(), 0, [memory.id, message.id]);
        expect([checked.memories.size, checked.turns.size]).toEqual([0, 0]);
        expect((await records().outbox.next(10)).find(({ id }) => id === memory.id)?.document).toBeNull();
        await mine('I live in Paris', 'paris', pending.messages[0]?.id ?? '');
        expect(await city()).toEqual([]);
        expect(await records().memories.versions('default', memory.id)).toMatchObject([{ status: 'current' }]);
      });

      it('brings back what was archived', async () => {
        const { memory } = await remember(records(), PARIS);
        await edit(memory.id, { status: 'superseded' });
        expect(await edit(memory.id, { status: 'current' }, LATER + 1)).toMatchObject({
          status: 'current',
          validTo: null,
          text: PARIS.text,
        });
        expect((await records().recall.check(aScope(), 0, [memory.id])).memories.size).toBe(1);
        expect((await records().outbox.next(10)).find(({ id }) => id === memory.id)?.document).toMatchObject({ text: PARIS.text });
      });

      it('brings back what was superseded, and ends what holds the slot now', async () => {
        const { memory: paris } = await remember(records(), PARIS);
        await said('I live in Rome', 'rome', { now: NOW + 5 });
        const rome = (await neighbours()).memories.find(({ text }) => text === 'I live in Rome');
        expect(await one(paris.id)).toMatchObject({ status: 'superseded' });
        await edit(paris.id, { status: 'current' });
        expect(await city()).toEqual(['I live in Paris']);
        expect(await one(rome?.id ?? '')).toMatchObject({ status: 'superseded', supersededBy: paris.id, validTo: LATER });
        expect((await records().recall.check(aScope(), 0, rome?.sourceMessageIds ?? [])).turns.size).toBe(0);
        expect((await records().outbox.next(20)).find(({ id }) => id === rome?.id)?.document).toBeNull();
      });

      it('leaves the slots of others and other slots alone', async () => {
        const { memory } = await remember(records(), PARIS);
        await edit(memory.id, { status: 'superseded' });
        await remember(records(), { ...PARIS, id: 'hers', scope: EVE, text: 'I live in Oslo', topicValue: 'oslo' });
        await remember(records(), { id: 'job', text: 'I work in Oslo', topicKey: 'work.city', topicValue: 'oslo' });
        await edit(memory.id, { status: 'current' });
        expect(await one('hers')).toMatchObject({ status: 'current' });
        expect(await one('job')).toMatchObject({ status: 'current' });
      });
    });

    it('refuses what is not there, was deleted, or is of another project', async () => {
      const { memory } = await remember(records(), PARIS);
      const refused = { code: 'memory_not_found' };
      await expect(edit('unknown', { text: 'x' })).rejects.toMatchObject(refused);
      await expect(
        records().memories.update('other', memory.id, { text: 'x', title: null, status: null, details: null }, 'edit', NOW),
      ).rejects.toMatchObject(refused);
      await records().memories.deleteByIds('default', [memory.id], null, NOW);
      await expect(edit(memory.id, { status: 'current' })).rejects.toMatchObject(refused);
    });

    it('changes what was read in a document or said in public, too', async () => {
      for (const subject of ['base:handbook', 'public:all'] as const) {
        const scope = aScope({ subject });
        const { memory } = await remember(records(), { ...PARIS, id: subject, scope });
        expect(await edit(memory.id, { text: 'I live in Lyon' })).toMatchObject({ scope, text: 'I live in Lyon' });
      }
    });

    it('forgets earlier wordings with their memory', async () => {
      const { memory } = await remember(records(), PARIS);
      await edit(memory.id, { text: 'I live in Lyon' });
      await records().memories.eraseSubject(aScope(), { keepMessages: false, now: LATER });
      expect(await records().memories.versions('default', memory.id)).toEqual([]);
    });

    describe('deleting by filter', () => {
      const RED: Filter = { op: 'contains', field: { name: 'tags' }, value: 'red' };
      const remove = (filter: Filter = RED, kinds: readonly MemoryKind[] = MEMORY_KINDS, projectId = 'default') =>
        records().memories.deleteByFilter(projectId, filter, kinds, LATER);
      const red = (id: string, more: Partial<Memory> = {}) =>
        remember(records(), { id, text: `I said ${id}`, labels: someLabels({ tags: ['red'] }), ...more });
      const statuses = async (...ids: readonly string[]) =>
        Object.fromEntries((await records().memories.byIds('default', ids)).map(({ id, status }) => [id, status]));

      it('deletes what matches of every user, agent and the public space, and of no knowledge base', async () => {
        const { message } = await red('a');
        await red('b', { scope: EVE });
        await red('c', { scope: aScope({ subject: 'agent:bot' }) });
        await red('d', { scope: aScope({ subject: 'public:all' }) });
        await red('e', { scope: aScope({ subject: 'base:handbook' }) });
        await red('f', { labels: someLabels({ tags: ['blue'] }) });
        await red('g', { scope: aScope({ projectId: 'other' }) });
        expect(await remove()).toBe(4);
        expect(await statuses('a', 'b', 'c', 'd', 'e', 'f')).toEqual({
          a: 'deleted',
          b: 'deleted',
          c: 'deleted',
          d: 'deleted',
          e: 'current',
          f: 'current',
        });
        expect((await records().memories.byIds('other', ['g']))[0]?.status).toBe('current');
        expect((await neighbours()).denials).toMatchObject([{ normalisedText: 'i said a' }]);
        expect((await records().recall.check(aScope(), 0, [message.id])).turns.size).toBe(0);
        expect((await records().outbox.next(50)).find(({ id }) => id === 'b')?.document).toBeNull();
        expect(await remove()).toBe(0);
      });

      it('deletes the kinds asked for', async () => {
        await red('fact');
        await red('preference', { kind: 'preference' });
        expect(await remove(RED, ['preference'])).toBe(1);
        expect(await remove(RED, [])).toBe(0);
        expect(await statuses('fact', 'preference')).toEqual({ fact: 'current', preference: 'deleted' });
      });

      it('deletes page by page, all of it', async () => {
        await append(records(), { mode: 'turn', messages: ['a lot'] });
        const labels = someLabels({ tags: ['red'] });
        const insert = Array.from({ length: 1_001 }, (_, index) => aMemory({ id: `m${index}`, text: `statement ${index}`, labels }));
        await records().inbox.commit(await readBatch(records()), noChanges({ insert }), NOW);
        expect(await remove()).toBe(1_001);
        expect(await records().memories.list(aScope(), { kind: 'fact', filter: null, page: 1, size: 5 })).toMatchObject({ total: 0 });
        expect((await neighbours()).denials).toHaveLength(1_001);
      });
    });
  });
}
