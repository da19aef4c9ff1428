import { aRequest, aScope, NOW } from '../builders.ts';
import { append, type RecordsHarness, useRecords } from './records-harness.ts';

const MINUTE_MS = 60_000;

/** What every memory of requests promises. */
export function describeRequestRecordsContract(harness: RecordsHarness): void {
  describe(`RequestRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const cutShort = async (requestId: string): Promise<readonly string[]> =>
      (await append(records(), { mode: 'turn', messages: ['tell me', 'Once'], cutShort: { requestId, owner: 'process-1' } })).messages.map(
        ({ id }) => id,
      );
    const begin = (overrides: Parameters<typeof aRequest>[0] = {}) => records().requests.begin(aRequest(overrides));

    it('lets one of many identical requests run and the others wait', async () => {
      const beginnings = await Promise.all(Array.from({ length: 16 }, (_, index) => begin({ owner: `process-${index % 3}` })));
      expect(beginnings.filter((beginning) => beginning.status === 'started')).toHaveLength(1);
      expect(new Set(beginnings.map((beginning) => beginning.requestId)).size).toBe(1);
      expect(beginnings.filter((beginning) => beginning.status === 'running')).toHaveLength(15);
    });

    it('keeps other scopes, kinds and bodies apart', async () => {
      await begin();
      for (const other of [
        { scope: aScope({ subject: 'user:eve' }) },
        { scope: aScope({ projectId: 'other' }) },
        { kind: 'add' },
        { fingerprint: 'g' },
      ] as const) {
        expect((await begin(other)).status).toBe('started');
      }
    });

    it('gives an answer again that was not delivered, for a while', async () => {
      const { requestId } = await begin();
      await records().requests.answer(requestId, 'hello\u0000', NOW);
      const later = { now: NOW + 9 * MINUTE_MS, owner: 'process-2' };
      expect(await begin(later)).toEqual({ status: 'answered', requestId, answer: 'hello\uFFFD' });
      expect(await begin(later)).toEqual({ status: 'answered', requestId, answer: 'hello\uFFFD' });
      const tooLate = await begin({ now: NOW + 11 * MINUTE_MS });
      expect(tooLate).toMatchObject({ status: 'started', replaces: [] });
      expect(tooLate.requestId).not.toBe(requestId);
    });

    it('never gives a delivered chat again', async () => {
      const { requestId } = await begin();
      await records().requests.answer(requestId, 'hello', NOW);
      await records().requests.delivered(requestId);
      expect((await begin({ now: NOW + 1 })).status).toBe('started');
    });

    it('tells joiners of an answer even after it was delivered and asked anew', async () => {
      const { requestId } = await begin();
      await records().requests.answer(requestId, 'hello', NOW);
      await records().requests.delivered(requestId);
      await begin({ now: NOW + 1 });
      expect(await records().requests.state(requestId, NOW + 1)).toEqual({ status: 'answered', answer: 'hello' });
    });

    it('gives what carries the same key again, whatever the delivery', async () => {
      const { requestId } = await begin({ idempotencyKey: 'k' });
      expect((await begin({ idempotencyKey: 'k' })).status).toBe('running');
      await records().requests.answer(requestId, 'hello', NOW);
      await records().requests.delivered(requestId);
      expect(await begin({ idempotencyKey: 'k', now: NOW + 9 * MINUTE_MS })).toMatchObject({ status: 'answered', answer: 'hello' });
      expect((await begin({ idempotencyKey: 'other' })).status).toBe('started');
      expect((await begin()).status).toBe('started');
      expect((await begin({ idempotencyKey: 'k', now: NOW + 11 * MINUTE_MS })).status).toBe('started');
    });

    it('refuses a key that came with another body, whether that runs, was cut short or is answered', async () => {
      const misuse = (now: number) => begin({ idempotencyKey: 'k', fingerprint: 'other', now });
      const refusal = { code: 'invalid_request', message: 'Idempotency-Key was used before with another body' };
      const { requestId } = await begin({ idempotencyKey: 'k', leaseMs: 1_000 });
      await expect(misuse(NOW)).rejects.toMatchObject(refusal);
      // Its process may have died: the body it came with first may still take over.
      await expect(misuse(NOW + 2_000)).rejects.toMatchObject(refusal);
      await append(records(), { mode: 'turn', cutShort: { requestId, owner: 'process-1' } });
      await expect(misuse(NOW)).rejects.toMatchObject(refusal);
      expect(await begin({ idempotencyKey: 'k', now: NOW + 1 })).toMatchObject({ status: 'started', requestId });
      await records().requests.answer(requestId, 'hello', NOW);
      await expect(misuse(NOW + 9 * MINUTE_MS)).rejects.toMatchObject(refusal);
      expect(await begin({ idempotencyKey: 'k', now: NOW })).toMatchObject({ status: 'answered', answer: 'hello' });
      expect((await begin({ idempotencyKey: 'k', fingerprint: 'other', scope: aScope({ subject: 'user:eve' }) })).status).toBe('started');
      expect((await misuse(NOW + 11 * MINUTE_MS)).status).toBe('started');
    });

    it('frees a key whose run was never finished after a while', async () => {
      await begin({ idempotencyKey: 'k', leaseMs: 1_000 });
      const later = await begin({ idempotencyKey: 'k', fingerprint: 'other', now: NOW + 11 * MINUTE_MS });
      expect(later).toMatchObject({ status: 'started', replaces: [] });
      await expect(begin({ idempotencyKey: 'k', now: NOW + 11 * MINUTE_MS })).rejects.toMatchObject({ code: 'invalid_request' });
    });

    it('takes the same body under another key for another request', async () => {
      const { requestId } = await begin({ kind: 'add', idempotencyKey: 'k' });
      await records().requests.answer(requestId, 'task', NOW);
      for (const idempotencyKey of ['l', null]) {
        expect((await begin({ kind: 'add', idempotencyKey, now: NOW + 1 })).status).toBe('started');
      }
    });

    it('takes an identical add for a repeat for a while, delivered or not', async () => {
      const { requestId } = await begin({ kind: 'add' });
      const { taskId } = await append(records(), { answered: { requestId, answer: null } });
      await records().requests.delivered(requestId);
      expect(await begin({ kind: 'add', now: NOW + 9 * MINUTE_MS })).toEqual({ status: 'answered', requestId, answer: taskId });
      expect((await begin({ kind: 'add', now: NOW + 11 * MINUTE_MS })).status).toBe('started');
    });

    it('lets somebody take over when the lease has ended, with the same id', async () => {
      const { requestId } = await begin({ leaseMs: 1_000 });
      expect((await begin({ owner: 'process-2', now: NOW + 999 })).status).toBe('running');
      const taken = await Promise.all([1, 2].map((index) => begin({ owner: `taker-${index}`, now: NOW + 1_000 })));
      expect(taken.map(({ status }) => status).toSorted()).toEqual(['running', 'started']);
      expect(taken.map((beginning) => beginning.requestId)).toEqual([requestId, requestId]);
      expect(await records().requests.renew(requestId, 'process-1', NOW + 9_000)).toBe(false);
    });

    it('holds a lease that is renewed', async () => {
      const { requestId } = await begin({ leaseMs: 1_000 });
      expect(await records().requests.renew(requestId, 'process-1', NOW + 5_000)).toBe(true);
      expect((await begin({ owner: 'process-2', now: NOW + 4_000 })).status).toBe('running');
      expect(await records().requests.state(requestId, NOW + 4_000)).toEqual({ status: 'running' });
      expect(await records().requests.state(requestId, NOW + 5_000)).toEqual({ status: 'orphaned' });
      expect(await records().requests.renew('unknown', 'process-1', NOW)).toBe(false);
    });

    it('replaces a turn cut short when the same request returns, for a while', async () => {
      const { requestId } = await begin();
      const replaces = await cutShort(requestId);
      expect(replaces).toHaveLength(2);
      expect(await records().requests.state(requestId, NOW)).toEqual({ status: 'orphaned' });
      expect(await begin({ now: NOW + 1 })).toEqual({ status: 'started', requestId, replaces });
      await records().requests.abandon(requestId);
      expect(await begin({ now: NOW + 2 })).toEqual({ status: 'started', requestId, replaces });
      await append(records(), { mode: 'turn', messages: ['whole'], answered: { requestId, answer: 'whole' }, replaces });
      await records().requests.delivered(requestId);
      expect(await begin({ now: NOW + 3 })).toMatchObject({ status: 'started', replaces: [] });
    });

    it('does not replace a turn cut short long ago', async () => {
      const { requestId } = await begin();
      await cutShort(requestId);
      expect(await begin({ now: NOW + 60 * MINUTE_MS })).toMatchObject({ status: 'started', replaces: [] });
    });

    it('runs anew after a failure', async () => {
      const { requestId } = await begin();
      await records().requests.abandon(requestId);
      expect(await records().requests.state(requestId, NOW)).toBeNull();
      expect(await begin({ now: NOW + 1 })).toMatchObject({ status: 'started', replaces: [] });
      await records().requests.abandon('unknown');
    });

    it('keeps an answer, whatever fails after it was stored', async () => {
      const { requestId } = await begin();
      await append(records(), { mode: 'turn', messages: ['hi'], answered: { requestId, answer: 'hello' } });
      await records().requests.abandon(requestId);
      expect(await cutShort(requestId)).toEqual([]);
      expect(await begin({ now: NOW + 1 })).toEqual({ status: 'answered', requestId, answer: 'hello' });
    });

    describe('of a subject of which nothing else is known', () => {
      const erase = () => records().memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });

      it('keep nothing when the subject is erased while they run', async () => {
        const { requestId } = await begin();
        expect(await erase()).toEqual({ memories: 0, messages: 0, vectors: 0 });
        const kept = await append(records(), { mode: 'turn', messages: ['my secret'], answered: { requestId, answer: 'hm' } });
        expect(kept.messages).toEqual([]);
        expect(await records().requests.state(requestId, NOW)).toBeNull();
        expect((await records().recall.overlay(aScope())).epoch).toBe(1);
        await append(records(), { mode: 'turn', messages: ['said later'] });
        expect((await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 9, erased: 'left_out' })).length).toBe(1);
      });

      it('are erased or keep their turn, whichever comes first', async () => {
        const { requestId } = await begin();
        await Promise.all([append(records(), { mode: 'turn', messages: ['my secret'], answered: { requestId, answer: 'hm' } }), erase()]);
        const left = await records().messages.latest(aScope(), 'monday', { roles: ['user'], limit: 9, erased: 'included' });
        expect(left).toEqual([]);
      });

      it('are what makes it known', async () => {
        await begin({ scope: aScope({ subject: 'user:eve' }) });
        await expect(erase()).rejects.toMatchObject({ code: 'user_not_found' });
      });
    });

    it('forgets old rows, but none that still runs', async () => {
      const old = await begin();
      await records().requests.answer(old.requestId, 'hello', NOW);
      const runs = await begin({ fingerprint: 'runs' });
      await records().requests.renew(runs.requestId, 'process-1', NOW + 60 * MINUTE_MS);
      const young = await begin({ fingerprint: 'young', now: NOW + 40 * MINUTE_MS });
      await records().requests.sweep(NOW + 30 * MINUTE_MS);
      expect(await records().requests.state(old.requestId, NOW)).toBeNull();
      expect(await records().requests.state(runs.requestId, NOW)).not.toBeNull();
      expect(await records().requests.state(young.requestId, NOW)).not.toBeNull();
    });
  });
}
