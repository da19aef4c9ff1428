import { type Filter, type Memory, statementKey } from '@continuo/domain';
import { aScope, NOW, someLabels } from '../builders.ts';
import { aRequest } from '../builders.ts';
import { append, contents, emptyOutbox, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const NOTHING = { topicKeys: [], statementKeys: [], ids: [] };
const EVE = aScope({ subject: 'user:eve' });

/** What every store of memories promises. */
export function describeMemoryRecordsContract(harness: RecordsHarness): void {
  describe(`MemoryRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const list = (overrides: Partial<Parameters<ReturnType<typeof records>['memories']['list']>[1]> = {}, scope = aScope()) =>
      records().memories.list(scope, { kind: 'fact', filter: null, page: 1, size: 10, ...overrides });
    const several = async (...overrides: readonly (Partial<Memory> & { readonly id: string })[]) => {
      for (const memory of overrides) await remember(records(), { text: `I said ${memory.id}`, ...memory });
    };
    const idsOf = ({ items }: { readonly items: readonly Memory[] }) => items.map((memory) => memory.id);

    it('gives memories by id to their own project alone', async () => {
      const { memory } = await remember(records());
      expect(await records().memories.byIds('default', [memory.id, memory.id, 'unknown'])).toEqual([memory]);
      expect(await records().memories.byIds('other', [memory.id])).toEqual([]);
      expect(await records().memories.byIds('default', [])).toEqual([]);
    });

    describe('list', () => {
      it('pages current memories of one kind, newest update first, ties by id', async () => {
        await several(
          { id: 'b', updatedAt: NOW + 1 },
          { id: 'c', updatedAt: NOW + 5 },
          { id: 'a', updatedAt: NOW + 1 },
          { id: 'p', kind: 'preference' },
        );
        expect(idsOf(await list())).toEqual(['c', 'a', 'b']);
        expect(await list({ page: 2, size: 2 })).toMatchObject({ total: 3, items: [{ id: 'b' }] });
        expect(await list({ page: 9, size: 2 })).toEqual({ total: 3, items: [] });
        expect(idsOf(await list({ kind: 'preference' }))).toEqual(['p']);
      });

      it('lists neither others nor history', async () => {
        await several({ id: 'mine' }, { id: 'gone' });
        await remember(records(), { id: 'hers', scope: EVE });
        await remember(records(), { id: 'elsewhere', scope: aScope({ projectId: 'other' }) });
        await records().memories.deleteByIds('default', ['gone'], null, NOW);
        expect(idsOf(await list())).toEqual(['mine']);
        expect(idsOf(await list({}, aScope({ subject: 'user:nobody' })))).toEqual([]);
      });

      it.each<[string, Filter, readonly string[]]>([
        ['a tag', { op: 'contains', field: { name: 'tags' }, value: 'red' }, ['a', 'b']],
        ['an app', { op: 'equals', field: { name: 'app_id' }, value: 'web' }, ['a']],
        ['an agent', { op: 'equals', field: { name: 'agent_id' }, value: 'x' }, ['b']],
        ['a number', { op: 'gte', field: { name: 'info', key: 'age' }, value: 10 }, ['b']],
        ['a member of a list', { op: 'equals', field: { name: 'info', key: 'pets' }, value: 'cat' }, ['a']],
        ['a flag', { op: 'equals', field: { name: 'info', key: 'on' }, value: true }, ['a']],
        ['part of a word', { op: 'like', field: { name: 'info', key: 'name' }, value: 'ÄN' }, ['b']],
        ['one of many', { op: 'in', field: { name: 'info', key: 'age' }, values: [3, '12'] }, ['a']],
        ['a time', { op: 'gt', field: { name: 'create_time' }, value: NOW }, ['b']],
        ['all', { op: 'and', of: [] }, ['a', 'b']],
        ['none', { op: 'or', of: [] }, []],
        [
          'a tree',
          {
            op: 'or',
            of: [
              { op: 'equals', field: { name: 'app_id' }, value: 'web' },
              {
                op: 'and',
                of: [
                  { op: 'equals', field: { name: 'agent_id' }, value: 'x' },
                  { op: 'lt', field: { name: 'info', key: 'age' }, value: 5 },
                ],
              },
            ],
          },
          ['a'],
        ],
      ])('filters by %s', async (_, filter, expected) => {
        await several(
          { id: 'a', labels: someLabels({ tags: ['red'], appId: 'web', info: { age: 3, pets: ['cat', 'dog'], on: true } }) },
          {
            id: 'b',
            labels: someLabels({ tags: ['blue', 'red'], agentId: 'x', info: { age: 12, pets: 'cats', on: 'true', name: 'jänä' } }),
            createdAt: NOW + 1,
          },
        );
        const page = await list({ filter });
        expect(idsOf(page).toSorted()).toEqual(expected);
        expect(page.total).toBe(expected.length);
      });
    });

    describe('neighbours', () => {
      it('finds by topic, statement and id, of any status, with the revision', async () => {
        await several(
          { id: 'city', topicKey: 'home.city', topicValue: 'lyon' },
          { id: 'tea', text: 'I like tea!' },
          { id: 'named' },
          { id: 'unrelated', text: 'Something else' },
        );
        await remember(records(), { id: 'hers', scope: EVE, topicKey: 'home.city' });
        await records().memories.deleteByIds('default', ['city'], null, NOW);
        const found = await records().memories.neighbours(aScope(), {
          topicKeys: ['home.city'],
          statementKeys: [statementKey('i like TEA')],
          ids: ['named', 'tea', 'hers', 'unknown'],
        });
        expect(found.memories.map((memory) => memory.id).toSorted()).toEqual(['city', 'named', 'tea']);
        await append(records(), { mode: 'turn', messages: ['more'] });
        expect(found.revision).toBe((await readBatch(records())).revision);
      });

      it('finds by a message they were drawn from, of this subject alone', async () => {
        await several({ id: 'drawn', sourceMessageIds: ['m1', 'm2'] }, { id: 'other', sourceMessageIds: ['m3'] });
        await remember(records(), { id: 'hers', scope: EVE, sourceMessageIds: ['m1'] });
        const found = await records().memories.neighbours(aScope(), { ...NOTHING, sourceMessageIds: ['m2', 'm1', 'unknown'] });
        expect(found.memories.map((memory) => memory.id)).toEqual(['drawn']);
      });

      it('knows nothing of an unknown subject', async () => {
        expect(await records().memories.neighbours(aScope(), NOTHING)).toEqual({ revision: 0, memories: [], denials: [] });
      });
    });

    describe('delete by id', () => {
      it('keeps the row as deleted, denies what it said, hides its turn and tells the index', async () => {
        const { memory, message } = await remember(records(), { text: 'I live in Paris!', topicKey: 'home.city', topicValue: 'paris' });
        const answer = await append(records(), { mode: 'turn', messages: [{ role: 'assistant', content: 'Ah, Paris' }] });
        const other = await append(records(), { mode: 'turn', messages: ['something else'] });
        await emptyOutbox(records());
        const before = await records().memories.neighbours(aScope(), NOTHING);
        await records().memories.deleteByIds('default', [memory.id], null, NOW + 1);

        expect(await records().memories.byIds('default', [memory.id])).toEqual([
          { ...memory, status: 'deleted', validTo: NOW + 1, updatedAt: NOW + 1, indexVersion: 2 },
        ]);
        const after = await records().memories.neighbours(aScope(), NOTHING);
        expect(after.revision).toBeGreaterThan(before.revision);
        expect(after.denials).toEqual([
          {
            normalisedText: statementKey('I live in Paris!'),
            topicKey: 'home.city',
            topicValue: 'paris',
            throughSequence: other.messages[0]?.sequence,
            statedAt: memory.statedAt,
          },
        ]);
        const hidden = [message.id, answer.messages[0]?.id ?? ''];
        const checked = await records().recall.check(aScope(), 0, [memory.id, ...hidden, other.messages[0]?.id ?? '']);
        expect([...checked.memories.keys()]).toEqual([]);
        expect([...checked.turns.values()].map((turn) => turn.content)).toEqual(['something else']);
        const removals = (await records().outbox.next(10)).filter((item) => item.document === null);
        expect(removals.map((item) => item.id).toSorted()).toEqual([memory.id, ...hidden].toSorted());
        expect(contents(await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 10, erased: 'left_out' }))).toContain(
          'I live in Paris!',
        );
      });

      it('leaves the epoch and is the same the second time', async () => {
        const { memory } = await remember(records());
        await records().memories.deleteByIds('default', [memory.id], null, NOW);
        const once = await records().memories.neighbours(aScope(), { ...NOTHING, ids: [memory.id] });
        await append(records(), { mode: 'turn', messages: ['said since'] });
        await records().memories.deleteByIds('default', [memory.id], null, NOW + 1);
        expect(await records().memories.neighbours(aScope(), { ...NOTHING, ids: [memory.id] })).toEqual(once);
        expect((await records().recall.overlay(aScope())).epoch).toBe(0);
      });

      it('deletes all or nothing', async () => {
        const { memory } = await remember(records());
        const foreign = await remember(records(), { id: 'foreign', scope: aScope({ projectId: 'other' }) });
        const hers = await remember(records(), { id: 'hers', scope: EVE });
        const remove = (ids: readonly string[], restrictTo: Parameters<ReturnType<typeof records>['memories']['deleteByIds']>[2] = null) =>
          records().memories.deleteByIds('default', ids, restrictTo, NOW);
        await expect(remove([memory.id, 'unknown'])).rejects.toMatchObject({ code: 'memory_not_found' });
        await expect(remove([memory.id, 'foreign'])).rejects.toMatchObject({ code: 'memory_forbidden' });
        await expect(remove([memory.id, 'hers'], ['user:ana'])).rejects.toMatchObject({ code: 'memory_forbidden' });
        expect(await records().memories.byIds('default', [memory.id, 'hers'])).toEqual(expect.arrayContaining([memory, hers.memory]));
        expect(await records().memories.byIds('other', ['foreign'])).toEqual([foreign.memory]);
        expect((await records().memories.neighbours(aScope(), NOTHING)).denials).toEqual([]);
        await remove([memory.id, 'hers'], ['user:ana', 'user:eve']);
        expect((await records().memories.byIds('default', [memory.id, 'hers'])).map((found) => found.status)).toEqual([
          'deleted',
          'deleted',
        ]);
      });
    });

    describe('erasing a subject', () => {
      const everything = async () => {
        const { memory, message } = await remember(records(), { labels: someLabels({ tags: ['t'] }) });
        await remember(records(), { id: 'denied', text: 'I said that' });
        await records().memories.deleteByIds('default', ['denied'], null, NOW);
        await records().vectors.store('m', [{ id: memory.id, vector: new Float32Array([1]) }]);
        const begun = await records().requests.begin(aRequest());
        const running = await append(records(), { mode: 'turn', messages: ['still to be mined'] });
        await records().inbox.writeJournal(await readBatch(records()), 'journal', NOW);
        return { memory, message, begun, running };
      };

      it('leaves nothing behind', async () => {
        const { memory, message, begun, running } = await everything();
        const report = await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW + 1 });
        expect(report).toEqual({ memories: 2, messages: 3, vectors: 1 });

        expect(await records().memories.byIds('default', [memory.id, 'denied'])).toEqual([]);
        expect(await list()).toEqual({ items: [], total: 0 });
        expect(await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 10, erased: 'included' })).toEqual([]);
        expect(await records().memories.neighbours(aScope(), NOTHING)).toMatchObject({ memories: [], denials: [] });
        expect(await records().recall.overlay(aScope())).toEqual({ epoch: 1, turns: [], memories: [] });
        for (const epoch of [0, 1]) {
          const checked = await records().recall.check(aScope(), epoch, [memory.id, message.id]);
          expect([checked.memories.size, checked.turns.size]).toEqual([0, 0]);
        }
        expect(await records().inbox.readBatch(aScope(), { maxMessages: 9, maxCharacters: 999, now: NOW })).toBeNull();
        expect(await records().outbox.depth()).toBe(0);
        expect(await records().requests.state(begun.requestId, NOW)).toBeNull();
        expect(await records().vectors.missing('m', 10)).toEqual([]);
        expect(await records().tasks.find('default', running.taskId)).toMatchObject({
          status: 'failed',
          reason: 'erased',
          finishedAt: NOW + 1,
        });
      });

      it('leaves no ids of memories in finished tasks', async () => {
        const { taskId } = await remember(records());
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
        expect(await records().tasks.find('default', taskId)).toMatchObject({
          status: 'completed',
          memoryIds: { fact: [], preference: [] },
        });
      });

      it('touches nobody else', async () => {
        const kept = [];
        for (const scope of [EVE, aScope({ projectId: 'other' }), aScope({ subject: 'agent:ana' })]) {
          kept.push(await remember(records(), { id: `of ${scope.projectId} ${scope.subject}`, scope }));
        }
        await everything();
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
        for (const { memory, message } of kept) {
          expect(await records().memories.byIds(memory.scope.projectId, [memory.id])).toEqual([memory]);
          expect(await records().messages.byIds(memory.scope, [message.id])).toHaveLength(1);
          expect(await records().recall.overlay(memory.scope)).toMatchObject({
            epoch: 0,
            turns: [{ id: message.id }],
            memories: [{ id: memory.id }],
          });
        }
      });

      it('remembers the same history anew', async () => {
        const history = ['I live in Lyon', { role: 'assistant' as const, content: 'Nice' }, { content: 'timed', chatTime: NOW }];
        const first = await append(records(), { messages: history });
        for (const keepMessages of [false, true]) {
          await records().memories.eraseSubject(aScope(), { keepMessages, now: NOW });
          const again = await append(records(), { messages: history });
          expect(again.appended).toBe(3);
          expect(again.messages.map((message) => message.state)).toEqual(['pending', 'pending', 'pending']);
          expect(again.messages.some((message) => first.messages.some(({ id }) => id === message.id))).toBe(false);
          expect(contents((await readBatch(records())).messages)).toEqual(['I live in Lyon', 'Nice', 'timed']);
        }
      });

      it('keeps transcripts on request, neither mined nor recallable', async () => {
        const { message } = await everything();
        const report = await records().memories.eraseSubject(aScope(), { keepMessages: true, now: NOW });
        expect(report).toMatchObject({ memories: 2, messages: 0 });
        const read = (erased: 'included' | 'left_out') =>
          records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 10, erased });
        expect(await read('left_out')).toEqual([]);
        const kept = await read('included');
        expect(kept).toHaveLength(3);
        expect(new Set(kept.map(({ state }) => state))).toEqual(new Set(['unmined']));
        expect(await records().recall.overlay(aScope())).toMatchObject({ turns: [], memories: [] });
        expect((await records().recall.check(aScope(), 1, [message.id])).turns.size).toBe(0);
        expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(0);
        expect(await records().outbox.refill()).toBe(0);
      });

      it('refuses an unknown subject', async () => {
        await remember(records(), { scope: EVE });
        await expect(records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW })).rejects.toMatchObject({
          code: 'user_not_found',
        });
        expect(await records().memories.pendingErasures()).toEqual([]);
      });

      it('remembers what the index has to forget, until it has', async () => {
        await everything();
        await remember(records(), { id: 'hers', scope: EVE });
        await records().memories.eraseSubject(EVE, { keepMessages: false, now: NOW });
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW + 1 });
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW + 2 });
        expect(await records().memories.pendingErasures()).toEqual([EVE, aScope()]);
        await records().memories.erasureDone(EVE);
        expect(await records().memories.pendingErasures()).toEqual([aScope()]);
      });

      it('indexes again what was said between the erasure and the purge of the index', async () => {
        await everything();
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
        const since = await append(records(), { messages: ['said since'] });
        await emptyOutbox(records());
        await records().memories.erasureDone(aScope());
        expect((await records().outbox.next(10)).map((item) => item.id)).toEqual(since.messages.map((message) => message.id));
      });
    });
  });
}
