import { append, contents, emptyOutbox, readBatch, type RecordsHarness, useRecords } from './records-harness.ts';
import { aRequest, aScope, NOW, someLabels } from '../builders.ts';

const MINUTE_MS = 60_000;

/** What every store of messages promises. */
export function describeMessageRecordsContract(harness: RecordsHarness): void {
  describe(`MessageRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);

    it('keeps a message whole', async () => {
      const parts = [
        { type: 'text', text: 'look' },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      ];
      const labels = someLabels({ tags: ['a'], info: { mood: 'good', deep: { kept: [1] } }, appId: 'app', agentId: 'agent' });
      const sent = { role: 'user', content: 'look', parts, chatTime: NOW - 5, roleName: 'Ana' } as const;
      const { taskId } = await append(records(), { messages: [sent], labels });
      const [message] = await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 10, erased: 'left_out' });
      expect(message).toMatchObject({
        ...sent,
        labels,
        taskId,
        scope: aScope(),
        conversationId: 'monday',
        state: 'pending',
        partial: false,
        createdAt: NOW,
      });
    });

    it('gives the newest messages of the roles asked for, oldest first', async () => {
      await append(records(), {
        messages: ['one', { role: 'assistant', content: 'two' }, 'three', { role: 'tool', content: 'four' }, 'five'],
      });
      expect(
        contents(await records().messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 3, erased: 'left_out' })),
      ).toEqual(['two', 'three', 'five']);
      expect(await records().messages.latest(aScope(), 'unheard', { roles: ['user'], limit: 3, erased: 'left_out' })).toEqual([]);
      expect(await records().messages.latest(aScope(), 'monday', { roles: [], limit: 3, erased: 'left_out' })).toEqual([]);
    });

    it('gives messages by id to their own scope alone', async () => {
      const { messages } = await append(records(), { messages: ['mine'] });
      const id = messages[0]?.id ?? '';
      expect(contents(await records().messages.byIds(aScope(), [id, id, 'unknown']))).toEqual(['mine']);
      expect(await records().messages.byIds(aScope({ subject: 'user:eve' }), [id])).toEqual([]);
      expect(await records().messages.byIds(aScope({ projectId: 'other' }), [id])).toEqual([]);
      expect(await records().messages.byIds(aScope(), [])).toEqual([]);
    });

    it('derives ids from what was said, not from when it was stored', async () => {
      const first = await append(records(), { messages: ['a', 'b'] });
      const emptied = await harness.reset();
      const second = await append(emptied, { messages: ['a', 'b'], now: NOW + MINUTE_MS });
      expect(second.messages.map((message) => message.id)).toEqual(first.messages.map((message) => message.id));
    });

    it('keeps the same words of two users, projects and conversations apart', async () => {
      const results = [
        await append(records()),
        await append(records(), { scope: aScope({ subject: 'user:eve' }) }),
        await append(records(), { scope: aScope({ projectId: 'other' }) }),
        await append(records(), { conversationId: 'tuesday' }),
        await append(records(), { scope: aScope({ subject: 'agent:ana' }) }),
      ];
      expect(new Set(results.map((result) => result.messages[0]?.id)).size).toBe(5);
      for (const result of results) expect(result.appended).toBe(1);
    });

    it('adds nothing when a whole history comes again', async () => {
      const messages = ['one', { role: 'assistant', content: 'two' } as const, 'three'];
      const first = await append(records(), { messages });
      for (const later of [1, 60, 60 * 24 * 30]) {
        const again = await append(records(), { messages, now: NOW + later * MINUTE_MS });
        expect(again).toEqual({ taskId: first.taskId, messages: first.messages, appended: 0 });
      }
      expect(await records().outbox.depth()).toBe(3);
    });

    it('appends only the rest of a growing history, in one task per append', async () => {
      const history = ['one', { role: 'assistant', content: 'two' } as const, 'three', { role: 'assistant', content: 'four' } as const];
      const first = await append(records(), { messages: history.slice(0, 2) });
      const second = await append(records(), { messages: history, now: NOW + 60 * MINUTE_MS });
      expect(second.appended).toBe(2);
      expect(second.taskId).not.toBe(first.taskId);
      expect(second.messages.map((message) => message.taskId)).toEqual([first.taskId, first.taskId, second.taskId, second.taskId]);
      expect(contents(second.messages)).toEqual(['one', 'two', 'three', 'four']);
    });

    it('keeps what is said again in a later turn', async () => {
      for (const answer of ['first', 'second', 'third'])
        await append(records(), { messages: ['ok', { role: 'assistant', content: answer }] });
      const kept = await records().messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 20, erased: 'left_out' });
      expect(contents(kept)).toEqual(['ok', 'first', 'ok', 'second', 'ok', 'third']);
      expect(new Set(kept.map((message) => message.id)).size).toBe(6);
    });

    it('recognises the tail of a long conversation', async () => {
      const long = Array.from({ length: 40 }, (_, index) => `message ${index}`);
      await append(records(), { messages: long });
      const window = await append(records(), { messages: [...long.slice(-6), 'news'], now: NOW + 60 * MINUTE_MS });
      expect(window.appended).toBe(1);
      expect(await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 100, erased: 'left_out' })).toHaveLength(41);
    });

    it('recognises a message with a time wherever it stands', async () => {
      const timed = Array.from({ length: 30 }, (_, index) => ({ content: 'ok', chatTime: NOW + index }));
      await append(records(), { messages: timed });
      const again = await append(records(), {
        messages: [timed[15] ?? '', timed[3] ?? '', { content: 'ok', chatTime: NOW + 99 }],
        now: NOW + 60 * MINUTE_MS,
      });
      expect(again.appended).toBe(1);
      expect(await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 100, erased: 'left_out' })).toHaveLength(31);
    });

    it('stores sixteen copies sent at once only once, all with the same task and ids', async () => {
      const copies = await Promise.all(
        Array.from({ length: 16 }, () => append(records(), { messages: ['hello', { role: 'assistant', content: 'hi' }] })),
      );
      expect(new Set(copies.map((copy) => copy.taskId)).size).toBe(1);
      expect(new Set(copies.map((copy) => copy.messages.map((message) => message.id).join()))).toEqual(
        new Set([copies[0]?.messages.map((message) => message.id).join()]),
      );
      expect(copies.reduce((sum, copy) => sum + copy.appended, 0)).toBe(2);
      expect(await records().outbox.depth()).toBe(2);
    });

    it('appends a turn as it is, however often it is said', async () => {
      const turn = { mode: 'turn' as const, messages: ['again', { role: 'assistant' as const, content: 'yes', chatTime: NOW }] };
      await append(records(), turn);
      await append(records(), turn);
      expect(
        contents(await records().messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 10, erased: 'left_out' })),
      ).toEqual(['again', 'yes', 'again', 'yes']);
    });

    const answered = (content: string) => ({ role: 'assistant' as const, content });
    const transcript = async () =>
      contents(await records().messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 50, erased: 'left_out' }));

    it('appends of a told history what is new, though answers were made anew and its head is left out', async () => {
      const told = (...messages: NonNullable<NonNullable<Parameters<typeof append>[1]>['messages']>) =>
        append(records(), { mode: 'told', messages, now: NOW + 60 * MINUTE_MS });
      await told('q1', answered('a1'));
      await told('q1', answered('a1'), 'q2', answered('a2'));
      const before = await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 9, erased: 'left_out' });
      const anew = await told('q1', answered('a1'), 'q2', answered('a2 anew'));
      expect([anew.appended, contents(anew.messages)]).toEqual([1, ['q1', 'a1', 'q2', 'a2 anew']]);
      await told('q1', answered('a1'), 'edited', answered('a3'));
      await told(answered('a1'), 'edited', answered('a3'), 'q4', answered('a4'));
      expect(await transcript()).toEqual(['q1', 'a1', 'q2', 'a2', 'a2 anew', 'edited', 'a3', 'q4', 'a4']);
      const after = await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 9, erased: 'left_out' });
      expect(after.slice(0, 2)).toEqual(before);
    });

    it('recognises a told history in the midst of a long conversation', async () => {
      const long = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? `q${index}` : answered(`a${index}`)));
      await append(records(), { messages: long });
      const branch = await append(records(), { mode: 'told', messages: [...long.slice(28, 32), 'and then?', answered('end')] });
      expect(branch.appended).toBe(2);
      expect(await transcript()).toHaveLength(50);
    });

    it('does not append again what was told before all that an erasure left', async () => {
      const { messages } = await append(records(), { messages: ['q1', answered('a1'), 'q2', answered('a2')] });
      const [q1, a1] = messages.map(({ id }) => id);
      await append(records(), { mode: 'turn', messages: ['q3', answered('a3')], replaces: [q1 ?? '', a1 ?? ''] });
      const history = ['q1', answered('a1'), 'q2', answered('a2'), 'q3'];
      expect((await append(records(), { mode: 'told', messages: [...history, answered('a3 anew')] })).appended).toBe(1);
      expect(await transcript()).toEqual(['q2', 'a2', 'q3', 'a3', 'a3 anew']);
    });

    it('mines and recalls the question of a cut answer once it is told', async () => {
      const cut = { ...answered('well, I'), partial: true, recallable: false };
      await append(records(), { mode: 'turn', mine: false, messages: [{ content: 'I live in Lyon', recallable: false }, cut] });
      expect((await records().recall.overlay(aScope())).turns).toEqual([]);
      const told = ['I live in Lyon', answered('well, I')];
      const { appended, messages, taskId } = await append(records(), { mode: 'told', messages: [...told, 'where?', answered('in Lyon')] });
      expect(appended).toBe(3);
      expect(messages.map(({ state, partial }) => [state, partial])).toEqual([
        ['pending', false],
        ['unmined', true],
        ['pending', false],
        ['pending', false],
      ]);
      expect(contents((await records().recall.overlay(aScope())).turns)).toContain('I live in Lyon');
      expect((await readBatch(records())).messages[0]).toMatchObject({ content: 'I live in Lyon', taskId });
    });

    it('finds the newest conversation that holds a message', async () => {
      for (const conversationId of ['monday', 'tuesday', 'wednesday'])
        await append(records(), {
          conversationId,
          messages: [conversationId === 'wednesday' ? 'hello' : 'hi', answered(`to ${conversationId}`)],
        });
      expect(await records().messages.conversationHolding(aScope(), { role: 'user', content: 'hi' })).toBe('tuesday');
      expect(await records().messages.conversationHolding(aScope(), answered('to monday'))).toBe('monday');
      expect(await records().messages.conversationHolding(aScope(), { role: 'user', content: 'to monday' })).toBeNull();
      expect(await records().messages.conversationHolding(aScope({ subject: 'user:eve' }), answered('to monday'))).toBeNull();
      await records().memories.eraseSubject(aScope(), { keepMessages: true, now: NOW });
      expect(await records().messages.conversationHolding(aScope(), answered('to monday'))).toBeNull();
    });

    it('raises the sequence over all conversations in the order of arrival', async () => {
      const [a, b, c] = [
        await append(records()),
        await append(records(), { conversationId: 'tuesday' }),
        await append(records(), { messages: ['more'] }),
      ];
      const sequences = [a, b, c].map((result) => result.messages[0]?.sequence ?? 0);
      expect(sequences).toEqual(sequences.toSorted((x, y) => x - y));
      expect(new Set(sequences).size).toBe(3);
    });

    it('counts the places of each conversation from 0', async () => {
      const [a, b] = [await append(records()), await append(records(), { conversationId: 'tuesday' })];
      const c = await append(records(), { messages: ['more', 'and more'] });
      expect([a, b].map(({ messages }) => messages[0]?.place)).toEqual([0, 0]);
      expect(c.messages.map(({ place }) => place)).toEqual([a.messages.length, a.messages.length + 1]);
    });

    it('opens a running task for what is to be mined and a finished one for what is not', async () => {
      const mined = await append(records());
      const kept = await append(records(), { messages: ['private'], mine: false });
      expect(await records().tasks.find('default', mined.taskId)).toMatchObject({ status: 'running', finishedAt: null, createdAt: NOW });
      expect(await records().tasks.find('default', kept.taskId)).toMatchObject({ status: 'completed', added: 0, finishedAt: NOW });
      expect(kept.messages[0]?.state).toBe('unmined');
    });

    it('never mines a partial answer', async () => {
      const { messages } = await append(records(), {
        mode: 'turn',
        messages: ['tell me', { role: 'assistant', content: 'Once upo', partial: true }],
      });
      expect(messages.map(({ state, partial }) => ({ state, partial }))).toEqual([
        { state: 'pending', partial: false },
        { state: 'unmined', partial: true },
      ]);
      expect(contents((await readBatch(records())).messages)).toEqual(['tell me']);
    });

    it('tells the index of recallable messages alone', async () => {
      await append(records(), { messages: ['heard', { role: 'system', content: 'rules', recallable: false }] });
      const items = await records().outbox.next(10);
      expect(items.map((item) => item.document?.text ?? null)).toEqual(['heard']);
    });

    it('erases what it replaces and tells the index', async () => {
      const cut = await append(records(), {
        mode: 'turn',
        messages: ['tell me', { role: 'assistant', content: 'Once upo', partial: true }],
      });
      await emptyOutbox(records());
      const ids = cut.messages.map((message) => message.id);
      const whole = await append(records(), {
        mode: 'turn',
        messages: ['tell me', { role: 'assistant', content: 'Once upon a time' }],
        replaces: ids,
      });
      expect(
        contents(await records().messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 10, erased: 'left_out' })),
      ).toEqual(['tell me', 'Once upon a time']);
      expect(whole.appended).toBe(2);
      const removals = (await records().outbox.next(10)).filter((item) => item.document === null);
      expect(removals.map((item) => item.id).toSorted()).toEqual(ids.toSorted());
      // Newer than what the index may hold of them.
      expect(removals.map((item) => item.indexVersion)).toEqual([2, 2]);
      expect(await records().tasks.find('default', cut.taskId)).toMatchObject({ status: 'completed' });
    });

    it('does not let one scope replace messages of another', async () => {
      const { messages } = await append(records(), { scope: aScope({ subject: 'user:eve' }), messages: ['mine'] });
      await append(records(), { messages: ['theirs'], replaces: messages.map((message) => message.id) });
      expect(
        await records().messages.byIds(
          aScope({ subject: 'user:eve' }),
          messages.map((message) => message.id),
        ),
      ).toHaveLength(1);
    });

    it('finishes the request of a turn together with it, once', async () => {
      const begun = await records().requests.begin({
        scope: aScope(),
        kind: 'chat',
        fingerprint: 'f',
        idempotencyKey: null,
        owner: 'a',
        now: NOW,
        leaseMs: 1_000,
        keepMs: 600_000,
      });
      const turn = {
        mode: 'turn' as const,
        messages: ['hi', { role: 'assistant' as const, content: 'hello' }],
        answered: { requestId: begun.requestId, answer: 'hello' },
      };
      const first = await append(records(), turn);
      expect(await records().requests.state(begun.requestId, NOW)).toEqual({ status: 'answered', answer: 'hello' });
      const second = await append(records(), turn);
      expect(second).toEqual({ taskId: first.taskId, messages: first.messages, appended: 0 });
    });

    it('keeps nothing of a turn whose subject was erased while it was answered', async () => {
      await append(records());
      const { requestId } = await records().requests.begin(aRequest());
      await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
      const late = await append(records(), { mode: 'turn', messages: ['what do you know?'], answered: { requestId, answer: 'all' } });
      expect(late).toMatchObject({ messages: [], appended: 0 });
      expect(await records().tasks.find('default', late.taskId)).toMatchObject({ status: 'failed', reason: 'erased' });
      expect(await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 10, erased: 'included' })).toEqual([]);
    });

    it('answers a request with the id of the task when no other answer is given', async () => {
      const begun = await records().requests.begin(aRequest({ kind: 'add' }));
      const { taskId } = await append(records(), { answered: { requestId: begun.requestId, answer: null } });
      expect(await records().requests.state(begun.requestId, NOW)).toEqual({ status: 'answered', answer: taskId });
      // Nothing new: the task of what was recognised.
      const again = await records().requests.begin(aRequest({ kind: 'add', idempotencyKey: 'k' }));
      await append(records(), { answered: { requestId: again.requestId, answer: null } });
      expect(await records().requests.state(again.requestId, NOW)).toEqual({ status: 'answered', answer: taskId });
    });

    describe('a turn cut short', () => {
      const turn = {
        mode: 'turn' as const,
        mine: false,
        messages: ['tell me', { role: 'assistant' as const, content: 'Once', partial: true }],
      };
      const everything = () =>
        records().messages.latest(aScope(), 'monday', { roles: ['user', 'assistant'], limit: 10, erased: 'included' });

      it('is kept and remembered with its request', async () => {
        const { requestId } = await records().requests.begin(aRequest());
        const cut = await append(records(), { ...turn, cutShort: { requestId, owner: 'process-1' } });
        expect(cut.appended).toBe(2);
        expect(await records().requests.state(requestId, NOW)).toEqual({ status: 'orphaned' });
        const replaces = cut.messages.map((message) => message.id);
        expect(await records().requests.begin(aRequest({ now: NOW + 1 }))).toEqual({ status: 'started', requestId, replaces });
        const again = await append(records(), { ...turn, cutShort: { requestId, owner: 'process-1' }, replaces });
        expect(contents(await everything())).toEqual(['tell me', 'Once']);
        expect(await records().requests.begin(aRequest({ now: NOW + 2 }))).toMatchObject({
          replaces: again.messages.map((message) => message.id),
        });
      });

      it('is dropped when its subject was erased meanwhile', async () => {
        await append(records(), { conversationId: 'tuesday' });
        const { requestId } = await records().requests.begin(aRequest());
        await records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
        const late = await append(records(), { ...turn, cutShort: { requestId, owner: 'process-1' } });
        expect(late).toMatchObject({ messages: [], appended: 0 });
        expect(await records().tasks.find('default', late.taskId)).toMatchObject({ status: 'failed', reason: 'erased' });
        expect(await everything()).toEqual([]);
        expect(await records().requests.state(requestId, NOW)).toBeNull();
      });

      it('is dropped when somebody else has taken its request over, whose turn stays alone', async () => {
        const { requestId } = await records().requests.begin(aRequest());
        const later = NOW + 60_000;
        expect(await records().requests.begin(aRequest({ owner: 'process-2', now: later }))).toMatchObject({
          status: 'started',
          requestId,
        });
        const late = await append(records(), { ...turn, cutShort: { requestId, owner: 'process-1' } });
        expect(late).toMatchObject({ messages: [], appended: 0 });
        await append(records(), { ...turn, messages: ['whole'], answered: { requestId, answer: 'whole' } });
        expect(contents(await everything())).toEqual(['whole']);
      });

      it('is dropped when its request has ended otherwise, which stays as it is', async () => {
        const { requestId } = await records().requests.begin(aRequest());
        await append(records(), { ...turn, messages: ['whole'], answered: { requestId, answer: 'whole' } });
        expect(await append(records(), { ...turn, cutShort: { requestId, owner: 'process-1' } })).toMatchObject({
          messages: [],
          appended: 0,
        });
        expect(contents(await everything())).toEqual(['whole']);
        expect(await records().requests.state(requestId, NOW)).toEqual({ status: 'answered', answer: 'whole' });
      });
    });

    it('leaves out what was kept through an erasure, when asked to', async () => {
      await append(records(), { messages: ['before'] });
      await records().memories.eraseSubject(aScope(), { keepMessages: true, now: NOW });
      await append(records(), { messages: ['since'] });
      const read = (erased: 'included' | 'left_out') =>
        records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 10, erased });
      expect(contents(await read('included'))).toEqual(['before', 'since']);
      expect(contents(await read('left_out'))).toEqual(['since']);
    });

    it('replaces what no store can keep in text', async () => {
      const sent = { content: 'a\u0000b \uD800 c', parts: [{ 'k\u0000': '\uDC00' }], roleName: 'x\u0000' };
      const labels = someLabels({ tags: ['t\u0000'], info: { 'i\uD800': 'v\u0000' } });
      const first = await append(records(), { messages: [sent], labels });
      expect(first.messages[0]).toMatchObject({
        content: 'a\uFFFDb \uFFFD c',
        parts: [{ 'k\uFFFD': '\uFFFD' }],
        roleName: 'x\uFFFD',
        labels: { tags: ['t\uFFFD'], info: { 'i\uFFFD': 'v\uFFFD' } },
      });
      expect((await append(records(), { messages: [sent, 'more'], labels })).appended).toBe(1);
    });

    it('keeps every message of many appends at once, each conversation in order', async () => {
      await Promise.all(
        Array.from({ length: 8 }, async (_, conversation) => {
          for (let index = 0; index < 5; index += 1)
            await append(records(), { mode: 'turn', conversationId: `c${conversation}`, messages: [`${index}`] });
        }),
      );
      for (let conversation = 0; conversation < 8; conversation += 1) {
        expect(
          contents(await records().messages.latest(aScope(), `c${conversation}`, { roles: ['user'], limit: 10, erased: 'left_out' })),
        ).toEqual(['0', '1', '2', '3', '4']);
      }
    });
  });
}
