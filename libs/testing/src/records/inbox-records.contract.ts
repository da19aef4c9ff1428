import { aMemory, aScope, NOW, someLabels } from '../builders.ts';
import { append, contents, emptyOutbox, noChanges, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

const LIMITS = { maxMessages: 50, maxCharacters: 100_000, now: NOW };

/** What every inbox promises, from pending messages to memories. */
export function describeInboxRecordsContract(harness: RecordsHarness): void {
  describe(`InboxRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const task = async (id: string) => records().tasks.find('default', id);
    const memoriesOfUser = async () => (await records().memories.list(aScope(), { kind: 'fact', filter: null, page: 1, size: 50 })).items;

    describe('reading a batch', () => {
      it('finds nothing where nothing is pending', async () => {
        expect(await records().inbox.readBatch(aScope(), LIMITS)).toBeNull();
        await append(records(), { mine: false });
        expect(await records().inbox.readBatch(aScope(), LIMITS)).toBeNull();
      });

      it('reads the oldest pending messages of the oldest pending conversation, in order', async () => {
        await append(records(), { conversationId: 'monday', mode: 'turn', messages: ['m1'] });
        await append(records(), { conversationId: 'tuesday', mode: 'turn', messages: ['t1'] });
        await append(records(), { conversationId: 'monday', mode: 'turn', messages: ['m2', 'm3'] });
        const batch = await readBatch(records());
        expect(batch).toMatchObject({ scope: aScope(), conversationId: 'monday', epoch: 0, journal: null, attempts: 0 });
        expect(contents(batch.messages)).toEqual(['m1', 'm2', 'm3']);
        await records().inbox.commit(batch, noChanges(), NOW);
        expect(contents((await readBatch(records())).messages)).toEqual(['t1']);
      });

      it('reads one subject alone', async () => {
        await append(records(), { scope: aScope({ subject: 'user:eve' }) });
        await append(records(), { scope: aScope({ projectId: 'other' }) });
        expect(await records().inbox.readBatch(aScope(), LIMITS)).toBeNull();
      });

      it('stops at its limits, but holds at least one message', async () => {
        await append(records(), { messages: ['12345', '12345', '12345'] });
        expect((await readBatch(records(), aScope(), { maxMessages: 2 })).messages).toHaveLength(2);
        expect((await readBatch(records(), aScope(), { maxCharacters: 10 })).messages).toHaveLength(2);
        expect((await readBatch(records(), aScope(), { maxCharacters: 3 })).messages).toHaveLength(1);
      });

      it('stops before a message that is not pending', async () => {
        await append(records(), { mode: 'turn', messages: ['one', { content: 'cut', partial: true }, 'two'] });
        const first = await readBatch(records());
        expect(contents(first.messages)).toEqual(['one']);
        await records().inbox.commit(first, noChanges(), NOW);
        const second = await readBatch(records());
        expect(contents(second.messages)).toEqual(['two']);
        expect(contents(second.context)).toEqual(['one', 'cut']);
      });

      it('brings up to ten messages from before', async () => {
        await append(records(), { messages: Array.from({ length: 14 }, (_, index) => `m${index}`) });
        await records().inbox.commit(await readBatch(records()), noChanges(), NOW);
        await append(records(), { mode: 'turn', messages: ['news'] });
        const batch = await readBatch(records());
        expect(contents(batch.messages)).toEqual(['news']);
        expect(contents(batch.context)).toEqual(Array.from({ length: 10 }, (_, index) => `m${index + 4}`));
      });
    });

    describe('the journal', () => {
      it('comes back with the same messages, whatever was said since', async () => {
        await append(records(), { mode: 'turn', messages: ['one', 'two'] });
        const journal = { candidates: [{ text: 'One\u0000' }] };
        await records().inbox.writeJournal(await readBatch(records()), journal, NOW);
        await append(records(), { mode: 'turn', messages: ['three'] });
        const retry = await readBatch(records());
        expect(contents(retry.messages)).toEqual(['one', 'two']);
        expect(retry.journal).toEqual({ candidates: [{ text: 'One\uFFFD' }] });
      });

      it('is replaced when written again and gone after the commit', async () => {
        await append(records());
        const batch = await readBatch(records());
        await records().inbox.writeJournal(batch, 'first', NOW);
        await records().inbox.writeJournal(batch, 'second', NOW);
        expect((await readBatch(records())).journal).toBe('second');
        await records().inbox.commit(batch, noChanges(), NOW);
        await records().inbox.requeue({ projectId: null, since: null });
        expect((await readBatch(records())).journal).toBeNull();
      });

      it('of another batch is not taken for its own', async () => {
        await append(records(), { messages: ['one', 'two'] });
        await records().inbox.writeJournal(await readBatch(records(), aScope(), { maxMessages: 1 }), 'of one', NOW);
        expect((await readBatch(records(), aScope(), { maxMessages: 1 })).journal).toBe('of one');
        const first = await readBatch(records());
        expect(contents(first.messages)).toEqual(['one']);
      });
    });

    describe('commit', () => {
      it('keeps a memory whole, tells the index and finishes the task', async () => {
        const { taskId, messages } = await append(records());
        const memory = aMemory({
          kind: 'preference',
          preferenceType: 'implicit',
          reasoning: 'because',
          topicKey: 'drink.hot',
          topicValue: 'green tea',
          negated: true,
          about: 'Mia',
          entities: ['Mia'],
          eventTime: { from: NOW, to: NOW + 1 },
          labels: someLabels({ tags: ['t'], info: { a: 1 }, appId: 'app', agentId: 'agent' }),
          sourceMessageIds: [messages[0]?.id ?? ''],
          confidence: 0.25,
        });
        await emptyOutbox(records());
        expect(await records().inbox.commit(await readBatch(records()), noChanges({ insert: [memory], reason: 'no_facts' }), NOW + 9)).toBe(
          'committed',
        );
        expect(await records().memories.byIds('default', [memory.id])).toEqual([memory]);
        expect((await records().outbox.next(10)).map((item) => item.id)).toEqual([memory.id]);
        expect(await task(taskId)).toMatchObject({
          status: 'completed',
          added: 1,
          updated: 0,
          deleted: 0,
          memoryIds: { fact: [], preference: [memory.id] },
          reason: null,
          finishedAt: NOW + 9,
        });
        expect((await records().messages.byIds(aScope(), [messages[0]?.id ?? '']))[0]?.state).toBe('processed');
        expect(await records().inbox.readBatch(aScope(), LIMITS)).toBeNull();
      });

      it('says why nothing came of it', async () => {
        const { taskId } = await append(records());
        await records().inbox.commit(await readBatch(records()), noChanges({ reason: 'no_facts' }), NOW);
        expect(await task(taskId)).toMatchObject({ status: 'completed', reason: 'no_facts' });
      });

      it('finishes a task with its last message and sums over batches', async () => {
        const { taskId } = await append(records(), { messages: ['one', 'two'] });
        const first = await readBatch(records(), aScope(), { maxMessages: 1 });
        const source = (batch: typeof first) => batch.messages.map((message) => message.id);
        await records().inbox.commit(first, noChanges({ insert: [aMemory({ id: 'a', sourceMessageIds: source(first) })] }), NOW);
        expect(await task(taskId)).toMatchObject({ status: 'running', added: 1, memoryIds: { fact: ['a'] } });
        const second = await readBatch(records());
        await records().inbox.commit(
          second,
          noChanges({ insert: [aMemory({ id: 'b', sourceMessageIds: source(second) })], reason: 'no_facts' }),
          NOW,
        );
        expect(await task(taskId)).toMatchObject({ status: 'completed', added: 2, memoryIds: { fact: ['a', 'b'] }, reason: null });
      });

      it('tells each task of what came from its own messages', async () => {
        const one = await append(records(), { mode: 'turn', messages: ['one'] });
        const two = await append(records(), { mode: 'turn', messages: ['two'] });
        const batch = await readBatch(records());
        await records().inbox.commit(
          batch,
          noChanges({ insert: [aMemory({ id: 'a', sourceMessageIds: [batch.messages[0]?.id ?? ''] })], reason: 'no_facts' }),
          NOW,
        );
        expect(await task(one.taskId)).toMatchObject({ status: 'completed', added: 1, reason: null });
        expect(await task(two.taskId)).toMatchObject({ status: 'completed', added: 0, reason: 'no_facts' });
      });

      it('is done once, however often it is tried', async () => {
        const { taskId } = await append(records());
        const batch = await readBatch(records());
        const changes = noChanges({ insert: [aMemory({ sourceMessageIds: [batch.messages[0]?.id ?? ''] })] });
        const outcomes = await Promise.all([1, 2, 3].map(() => records().inbox.commit(batch, changes, NOW)));
        expect(outcomes.toSorted()).toEqual(['committed', 'erased', 'erased']);
        expect(await task(taskId)).toMatchObject({ added: 1 });
        expect(await memoriesOfUser()).toHaveLength(1);
      });

      it('writes nothing when the memories have changed since', async () => {
        await append(records(), { messages: ['later'] });
        const batch = await readBatch(records());
        await append(records(), { conversationId: 'tuesday', messages: ['x'] });
        await records().inbox.postpone(batch, { retryAt: NOW + 1, countsAsAttempt: false, reason: 'provider_unavailable' });
        const other = await readBatch(records());
        await records().inbox.commit(
          other,
          noChanges({ insert: [aMemory({ id: 'x', sourceMessageIds: [other.messages[0]?.id ?? ''] })] }),
          NOW,
        );
        expect(await records().inbox.commit(batch, noChanges({ insert: [aMemory({ id: 'late' })] }), NOW)).toBe('moved');
        expect(await records().memories.byIds('default', ['late'])).toEqual([]);
        const { revision } = await records().memories.neighbours(aScope(), { topicKeys: [], statementKeys: [], ids: [] });
        expect(await records().inbox.commit({ ...batch, revision }, noChanges({ insert: [aMemory({ id: 'late' })] }), NOW)).toBe(
          'committed',
        );
      });

      it('leaves the revision when no memory changes', async () => {
        await append(records());
        const before = await readBatch(records());
        await records().inbox.commit(before, noChanges(), NOW);
        await append(records(), { mode: 'turn', messages: ['more'] });
        expect((await readBatch(records())).revision).toBe(before.revision);
      });

      it('writes nothing of what was erased', async () => {
        await append(records());
        const batch = await readBatch(records());
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
        expect(await records().inbox.commit(batch, noChanges({ insert: [aMemory()] }), NOW)).toBe('erased');
        await append(records());
        expect(await records().inbox.commit(batch, noChanges({ insert: [aMemory()] }), NOW)).toBe('erased');
        expect(await memoriesOfUser()).toEqual([]);
      });

      it('adds evidence without counting it', async () => {
        const { memory } = await remember(records());
        await emptyOutbox(records());
        const { taskId, messages } = await append(records(), { mode: 'turn', messages: ['green tea again'] });
        const id = messages[0]?.id ?? '';
        const evidence = { id: memory.id, sourceMessageIds: [id], quotes: ['green tea again'], sourceSequence: messages[0]?.sequence ?? 0 };
        await records().inbox.commit(await readBatch(records()), noChanges({ evidence: [evidence], reason: 'duplicate' }), NOW + 1);
        const [grown] = await records().memories.byIds('default', [memory.id]);
        expect(grown).toEqual({
          ...memory,
          evidence: 2,
          sourceMessageIds: [...memory.sourceMessageIds, id],
          quotes: [...memory.quotes, 'green tea again'],
          sourceSequence: messages[0]?.sequence,
          indexVersion: memory.indexVersion + 1,
        });
        expect(await task(taskId)).toMatchObject({ added: 0, updated: 0, reason: 'duplicate' });
        expect((await records().outbox.next(10)).map((item) => item.id)).toContain(memory.id);
      });

      it('supersedes with a link, keeps the old version and hides what it is told to, with the answers', async () => {
        const paris = await remember(records(), { id: 'paris', text: 'I live in Paris' });
        await append(records(), { mode: 'turn', messages: [{ role: 'assistant', content: 'Paris is lovely' }] });
        await append(records(), { mode: 'turn', messages: ['I moved to Lyon'] });
        const batch = await readBatch(records());
        await emptyOutbox(records());
        const lyon = aMemory({ id: 'lyon', text: 'I live in Lyon', sourceMessageIds: [batch.messages[1]?.id ?? ''] });
        const changes = noChanges({ insert: [lyon], supersede: [{ id: 'paris', by: 'lyon', validTo: NOW + 2 }], hide: [paris.message.id] });
        expect(await records().inbox.commit(batch, changes, NOW + 3)).toBe('committed');
        expect(await records().memories.byIds('default', ['paris'])).toEqual([
          { ...paris.memory, status: 'superseded', supersededBy: 'lyon', validTo: NOW + 2, updatedAt: NOW + 3, indexVersion: 2 },
        ]);
        expect((await memoriesOfUser()).map((memory) => memory.id)).toEqual(['lyon']);
        const removed = (await records().outbox.next(10)).filter((item) => item.document === null).map((item) => item.id);
        expect(removed.toSorted()).toEqual(['paris', paris.message.id, batch.messages[0]?.id ?? ''].toSorted());
        const { turns } = await records().recall.check(aScope(), 0, [paris.message.id, ...batch.messages.map((message) => message.id)]);
        expect([...turns.values()].map((turn) => turn.content)).toEqual(['I moved to Lyon']);
        expect(await task(batch.messages[1]?.taskId ?? '')).toMatchObject({
          added: 0,
          updated: 1,
          deleted: 0,
          memoryIds: { fact: ['lyon'] },
        });
      });

      it('hides nothing it was not told to', async () => {
        const { message } = await remember(records(), { id: 'paris', text: 'I live in Paris' });
        await append(records(), { mode: 'turn', messages: ['I moved'] });
        await emptyOutbox(records());
        await records().inbox.commit(await readBatch(records()), noChanges({ supersede: [{ id: 'paris', by: null, validTo: NOW }] }), NOW);
        expect((await records().recall.check(aScope(), 0, [message.id])).turns.size).toBe(1);
        expect((await records().outbox.next(10)).map((item) => item.id)).toEqual(['paris']);
      });

      it('hides messages no memory was drawn from, of this subject alone, once', async () => {
        const hers = await append(records(), { scope: aScope({ subject: 'user:eve' }) });
        const old = await append(records(), {
          mode: 'turn',
          messages: ['Paris it is', { role: 'assistant', content: 'Ah, Paris' }, 'bye'],
        });
        await records().inbox.commit(await readBatch(records()), noChanges(), NOW);
        await append(records(), { mode: 'turn', messages: ['still Paris'] });
        const batch = await readBatch(records());
        await emptyOutbox(records());
        const [said, answer, bye] = old.messages.map(({ id }) => id);
        const hide = [said, said, batch.messages[0]?.id, hers.messages[0]?.id, 'unknown'].map((id) => id ?? '');
        await records().inbox.commit(batch, noChanges({ hide, reason: 'no_facts' }), NOW);
        const hidden = [said, answer, batch.messages[0]?.id];
        const items = await records().outbox.next(10);
        expect(items.map(({ id, indexVersion, document }) => ({ id, indexVersion, document }))).toEqual(
          expect.arrayContaining(hidden.map((id) => ({ id, indexVersion: 2, document: null }))),
        );
        expect(items).toHaveLength(3);
        const { turns } = await records().recall.check(
          aScope(),
          0,
          [...hidden, bye].map((id) => id ?? ''),
        );
        expect([...turns.keys()]).toEqual([bye]);
        expect((await records().recall.check(aScope({ subject: 'user:eve' }), 0, [hers.messages[0]?.id ?? ''])).turns.size).toBe(1);
        expect(contents(await records().messages.byIds(aScope(), [said ?? '']))).toEqual(['Paris it is']);
      });

      it('counts what ends without a successor as deleted', async () => {
        await remember(records(), { id: 'smoke', text: 'I smoke' });
        const { taskId } = await append(records(), { mode: 'turn', messages: ['I quit'] });
        await records().inbox.commit(await readBatch(records()), noChanges({ supersede: [{ id: 'smoke', by: null, validTo: NOW }] }), NOW);
        expect(await task(taskId)).toMatchObject({ status: 'completed', added: 0, updated: 0, deleted: 1, reason: null });
        expect(await memoriesOfUser()).toEqual([]);
      });

      it('does not touch memories of others', async () => {
        const eve = aScope({ subject: 'user:eve' });
        const { memory } = await remember(records(), { id: 'hers', scope: eve });
        await append(records());
        const evidence = { id: 'hers', sourceMessageIds: ['x'], quotes: ['x'], sourceSequence: 99 };
        await records().inbox.commit(
          await readBatch(records()),
          noChanges({ evidence: [evidence], supersede: [{ id: 'hers', by: null, validTo: NOW }] }),
          NOW,
        );
        expect(await records().memories.byIds('default', ['hers'])).toEqual([memory]);
      });

      it('does not bring back a memory that is there already', async () => {
        const { memory } = await remember(records());
        await records().memories.deleteByIds('default', [memory.id], null, NOW);
        await records().inbox.requeue({ projectId: null, since: null });
        const batch = await readBatch(records());
        expect(await records().inbox.commit(batch, noChanges({ insert: [memory] }), NOW)).toBe('committed');
        expect((await records().memories.byIds('default', [memory.id]))[0]?.status).toBe('deleted');
      });
    });

    describe('trouble', () => {
      it('puts a batch off without holding up other conversations', async () => {
        const { taskId } = await append(records(), { conversationId: 'monday', messages: ['m1', 'm2'] });
        await append(records(), { conversationId: 'tuesday', messages: ['t1'] });
        const batch = await readBatch(records());
        await records().inbox.postpone(batch, { retryAt: NOW + 100, countsAsAttempt: true, reason: 'parse_failed' });
        expect(await task(taskId)).toMatchObject({ status: 'running' });
        await append(records(), { conversationId: 'monday', mode: 'turn', messages: ['m3'] });

        expect(contents((await readBatch(records())).messages)).toEqual(['t1']);
        await records().inbox.commit(await readBatch(records()), noChanges(), NOW);
        expect(await records().inbox.readBatch(aScope(), LIMITS)).toBeNull();
        expect(await records().inbox.pendingScopes(NOW, 10)).toEqual([]);

        const retry = await readBatch(records(), aScope(), { now: NOW + 100 });
        expect(retry).toMatchObject({ attempts: 1, conversationId: 'monday' });
        expect(contents(retry.messages)).toEqual(['m1', 'm2']);
        await records().inbox.commit(retry, noChanges(), NOW);
        const next = await readBatch(records());
        expect(contents(next.messages)).toEqual(['m3']);
        expect(next.attempts).toBe(0);
      });

      it('waits without counting an attempt when it was not the batch at fault', async () => {
        await append(records());
        await records().inbox.postpone(await readBatch(records()), {
          retryAt: NOW,
          countsAsAttempt: false,
          reason: 'provider_unavailable',
        });
        expect((await readBatch(records())).attempts).toBe(0);
      });

      it('gives a batch up with a reason, keeps its messages and goes on', async () => {
        const { taskId, messages } = await append(records(), { messages: ['poison'] });
        await records().inbox.fail(await readBatch(records()), 'parse_failed', NOW + 7);
        expect(await task(taskId)).toMatchObject({ status: 'failed', reason: 'parse_failed', finishedAt: NOW + 7 });
        expect(await records().messages.byIds(aScope(), [messages[0]?.id ?? ''])).toMatchObject([
          { content: 'poison', state: 'processed' },
        ]);
        expect((await records().recall.overlay(aScope())).turns).toHaveLength(1);
        await append(records(), { mode: 'turn', messages: ['fine'] });
        expect(contents((await readBatch(records())).messages)).toEqual(['fine']);
      });

      it('changes nothing of a batch that was committed meanwhile', async () => {
        const { taskId } = await append(records(), { messages: ['one'] });
        const batch = await readBatch(records());
        await records().inbox.commit(batch, noChanges({ reason: 'no_facts' }), NOW);
        await records().inbox.postpone(batch, { retryAt: NOW + 100, countsAsAttempt: true, reason: 'parse_failed' });
        await records().inbox.fail(batch, 'parse_failed', NOW);
        await records().inbox.writeJournal(batch, 'late', NOW);
        expect(await task(taskId)).toMatchObject({ status: 'completed', reason: 'no_facts' });
        await append(records(), { mode: 'turn', messages: ['two'] });
        expect(await readBatch(records())).toMatchObject({ attempts: 0, journal: null, messages: [{ content: 'two' }] });
      });

      it('mines processed messages again, in their tasks', async () => {
        const { taskId } = await append(records(), { messages: ['old'], now: NOW - 1_000 });
        await append(records(), { mode: 'turn', messages: ['new'] });
        await append(records(), { scope: aScope({ projectId: 'other' }) });
        await records().inbox.fail(await readBatch(records()), 'parse_failed', NOW);
        await records().inbox.commit(await readBatch(records(), aScope({ projectId: 'other' })), noChanges(), NOW);

        expect(await records().inbox.requeue({ projectId: 'default', since: NOW })).toBe(1);
        expect(contents((await readBatch(records())).messages)).toEqual(['new']);
        expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(2);
        expect(await task(taskId)).toMatchObject({ status: 'running', reason: null, finishedAt: null });
        await records().inbox.commit(await readBatch(records()), noChanges({ reason: 'no_facts' }), NOW);
        expect(await task(taskId)).toMatchObject({ status: 'completed', reason: 'no_facts' });
      });

      it('never mines again what was kept unmined', async () => {
        await append(records(), { mine: false });
        expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(0);
      });
    });

    describe('what waits', () => {
      it('names scopes with something due, the longest waiting first', async () => {
        const scopes = ['user:ana', 'user:eve', 'agent:ana'].map((subject) => aScope({ subject: subject as 'user:ana' }));
        for (const scope of scopes) await append(records(), { scope });
        expect(await records().inbox.pendingScopes(NOW, 10)).toEqual(scopes);
        expect(await records().inbox.pendingScopes(NOW, 2)).toEqual(scopes.slice(0, 2));
      });

      it('measures depth and age', async () => {
        expect(await records().inbox.depth(NOW)).toEqual({ messages: 0, oldestAgeMs: 0 });
        await append(records(), { messages: ['one', 'two'], now: NOW - 500 });
        await append(records(), { messages: ['kept'], mine: false, now: NOW - 900 });
        expect(await records().inbox.depth(NOW)).toEqual({ messages: 2, oldestAgeMs: 500 });
      });
    });
  });
}
