import type { Scope, SubjectKey } from '@continuo/domain';
import { aMemory, aRequest, aScope, NOW, someLabels } from '../builders.ts';
import { append, contents, noChanges, readBatch, type RecordsHarness, useRecords } from './records-harness.ts';

const of = (subject: SubjectKey, projectId = 'default'): Scope => ({ projectId, subject });
const BEN = of('user:ben');
const PUBLIC = of('public:all');
const BASE = of('base:handbook', 'other');
const EVERYBODY = [aScope(), BEN, PUBLIC, BASE] as const;
const SAID = ['Lunch is at noon', { role: 'assistant', content: 'Noted', speakerId: 'bot' }] as const;

/** What every store promises of messages that go into several spaces at once. */
export function describeGroupAppendContract(harness: RecordsHarness): void {
  describe(`Appends with copies contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const share = (overrides: Parameters<typeof append>[1] = {}) =>
      append(records(), { messages: SAID, copies: [BEN, PUBLIC, BASE], ...overrides });
    const latest = (scope: Scope) =>
      records().messages.latest(scope, 'monday', { roles: ['user', 'assistant'], limit: 50, erased: 'included' });
    const mine = async (scope: Scope, more: Parameters<typeof noChanges>[0] = {}, now = NOW) => {
      const batch = await readBatch(records(), scope);
      expect(await records().inbox.commit(batch, noChanges(more), now)).toBe('committed');
    };
    const task = async (taskId: string) => records().tasks.find('default', taskId);

    it('brings the same messages into every space, each with ids of its own, and answers with the first', async () => {
      const labels = someLabels({ relatedIds: ['ana', 'ben', 'bot'] });
      const result = await share({ labels, messages: [{ content: 'Lunch is at noon', speakerId: 'ana', roleName: 'Ana' }, SAID[1]] });
      expect(result.messages.map(({ scope }) => scope)).toEqual([aScope(), aScope()]);
      expect(result.appended).toBe(2);
      const ids = new Set<string>();
      for (const scope of EVERYBODY) {
        const kept = await latest(scope);
        expect(kept).toMatchObject([
          { scope, content: 'Lunch is at noon', speakerId: 'ana', roleName: 'Ana', labels, state: 'pending' },
          { scope, content: 'Noted', speakerId: 'bot', labels },
        ]);
        for (const { id } of kept) ids.add(id);
      }
      expect(ids.size).toBe(8);
      expect(await records().outbox.depth()).toBe(8);
      expect(await records().inbox.pendingScopes(NOW, 10)).toHaveLength(4);
    });

    it('names the same space once, whoever else names it', async () => {
      await share({ copies: [aScope(), BEN, BEN] });
      expect(await latest(aScope())).toHaveLength(2);
      expect(await latest(BEN)).toHaveLength(2);
    });

    it('aligns each space with its own history', async () => {
      await append(records(), { scope: BEN, messages: [SAID[0]] });
      const result = await share({ messages: [...SAID, 'And coffee after'] });
      expect(result.appended).toBe(3);
      for (const scope of EVERYBODY) expect(contents(await latest(scope))).toEqual(['Lunch is at noon', 'Noted', 'And coffee after']);
    });

    it('ends the task when the last space is mined, with the counts of all', async () => {
      const { taskId } = await share({ copies: [BEN, BASE] });
      expect(await task(taskId)).toMatchObject({ id: taskId, scope: aScope(), status: 'running', parentId: null, finishedAt: null });
      await mine(aScope(), { insert: [aMemory({ id: 'a' })] }, NOW + 1);
      expect(await task(taskId)).toMatchObject({ status: 'running', added: 1 });
      await mine(BEN, { insert: [aMemory({ id: 'b', scope: BEN, kind: 'preference' })] }, NOW + 3);
      expect(await task(taskId)).toMatchObject({ status: 'running', added: 2 });
      await mine(BASE, { reason: 'no_facts' }, NOW + 2);
      expect(await task(taskId)).toMatchObject({
        status: 'completed',
        added: 2,
        updated: 0,
        memoryIds: { fact: ['a'], preference: ['b'] },
        reason: null,
        finishedAt: NOW + 3,
      });
    });

    it('tells why nothing came of it when nothing came of any part', async () => {
      const { taskId } = await share({ copies: [BEN] });
      await mine(aScope(), { reason: 'no_facts' });
      await mine(BEN, { reason: 'duplicate' });
      expect(await task(taskId)).toMatchObject({ status: 'completed', reason: 'no_facts' });
    });

    it('fails when one part has failed and none runs any more', async () => {
      const { taskId } = await share({ copies: [BEN] });
      await records().inbox.fail(await readBatch(records(), BEN), 'parse_failed', NOW);
      expect(await task(taskId)).toMatchObject({ status: 'running', reason: null });
      await mine(aScope(), { insert: [aMemory({ id: 'a' })] });
      expect(await task(taskId)).toMatchObject({ status: 'failed', reason: 'parse_failed', added: 1, memoryIds: { fact: ['a'] } });
    });

    it('gives each part to be found by its own id, of its own project', async () => {
      const { taskId } = await share();
      const [part] = await latest(BASE);
      expect(await records().tasks.find('other', part?.taskId ?? '')).toMatchObject({ parentId: taskId, scope: BASE, status: 'running' });
      expect(await records().tasks.find('other', taskId)).toBeNull();
    });

    it('makes a task when only a copy is new, and gives the known one when nothing is', async () => {
      const alone = await append(records(), { messages: SAID });
      await mine(aScope(), { insert: [aMemory({ id: 'a' })] });
      const shared = await share({ copies: [BEN] });
      expect(shared).toMatchObject({ appended: 0, messages: alone.messages.map(({ id }) => ({ id })) });
      expect(shared.taskId).not.toBe(alone.taskId);
      expect(await task(shared.taskId)).toMatchObject({ status: 'running', added: 0 });
      await mine(BEN);
      expect(await task(shared.taskId)).toMatchObject({ status: 'completed' });
      expect(await share({ copies: [BEN] })).toMatchObject({ taskId: alone.taskId, appended: 0 });
    });

    it('forgets a task with its parts, and none of them before the last has ended', async () => {
      const { taskId } = await share({ copies: [BEN] });
      await mine(aScope(), {}, NOW);
      await records().tasks.sweep(NOW + 5);
      expect(await task(taskId)).toMatchObject({ status: 'running' });
      await mine(BEN, { insert: [aMemory({ id: 'b', scope: BEN })] }, NOW + 9);
      await records().tasks.sweep(NOW + 5);
      expect(await task(taskId)).toMatchObject({ status: 'completed', added: 1 });
      const [part] = await latest(BEN);
      await records().tasks.sweep(NOW + 10);
      expect(await task(taskId)).toBeNull();
      expect(await task(part?.taskId ?? '')).toBeNull();
    });

    it('finishes a request for the first space, and replaces a turn that was cut in all of them', async () => {
      const cut = await records().requests.begin(aRequest());
      await share({ mode: 'turn', copies: [BEN], cutShort: { requestId: cut.requestId, owner: 'process-1' } });
      const again = await records().requests.begin(aRequest({ now: NOW + 1 }));
      if (again.status !== 'started') throw new Error('the request is not begun again');
      const answered = { requestId: again.requestId, answer: 'yes' };
      const result = await share({ mode: 'turn', copies: [BEN], messages: ['Whole'], answered, replaces: again.replaces });
      for (const scope of [aScope(), BEN]) expect(contents(await latest(scope))).toEqual(['Whole']);
      expect(await share({ mode: 'turn', copies: [BEN], messages: ['Whole'], answered })).toEqual({ ...result, appended: 0 });
      for (const scope of [aScope(), BEN]) expect(contents(await latest(scope))).toEqual(['Whole']);
    });

    it('keeps nothing anywhere when a copy cannot be kept', async () => {
      const broken = aScope({ subject: null as unknown as SubjectKey });
      await expect(share({ copies: [BEN, broken] })).rejects.toThrow();
      for (const scope of [aScope(), BEN]) expect(await latest(scope)).toEqual([]);
    });

    it('takes two groups in any order at once', async () => {
      const groups = [[BEN, PUBLIC, BASE], [BASE, BEN, PUBLIC], [PUBLIC, BASE, BEN], []];
      await Promise.all(
        Array.from({ length: 24 }, (_, index) => {
          const [scope = aScope(), ...copies] = [...(groups[index % 4] ?? []), aScope()].toSorted(() => (index % 2 === 0 ? 1 : -1));
          return append(records(), { scope, copies, mode: 'turn', messages: [`said ${index}`] });
        }),
      );
      expect(await latest(aScope())).toHaveLength(24);
      expect(await latest(BEN)).toHaveLength(18);
    });

    it('fails the whole task of a participant that was erased', async () => {
      const { taskId } = await share({ copies: [BEN] });
      await mine(aScope());
      await records().memories.eraseSubject(BEN, { keepMessages: false, now: NOW });
      expect(await task(taskId)).toMatchObject({ status: 'failed', reason: 'erased' });
    });

    it('gives back what was said in shared spaces to the index as that of anybody', async () => {
      await share({ copies: [PUBLIC, BASE] });
      await mine(BASE, { insert: [aMemory({ id: 'base', scope: BASE })] });
      const known = (await records().outbox.next(50)).map(({ id }) => id);
      expect(known).toHaveLength(7);
      await records().outbox.acknowledge((await records().outbox.next(50)).map(({ id }) => ({ id, indexVersion: 9 })));
      expect(await records().outbox.refill()).toBe(7);
      expect(
        (await records().indexSource.documents({ afterId: null, limit: 50, modelId: null })).map(({ scope }) => scope.subject),
      ).toEqual(expect.arrayContaining(['base:handbook', 'public:all', 'user:ana']));
      await records().vectors.store('m', [{ id: 'base', vector: new Float32Array([1]) }]);
      expect(await records().vectors.missing('m', 50)).toHaveLength(6);
      await records().memories.eraseSubject(BASE, { keepMessages: false, now: NOW });
      await records().memories.eraseSubject(PUBLIC, { keepMessages: false, now: NOW + 1 });
      expect(await records().memories.pendingErasures()).toEqual([BASE, PUBLIC]);
    });
  });
}
