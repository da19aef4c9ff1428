import { aScope, NOW } from '../builders.ts';
import { append, noChanges, readBatch, type RecordsHarness, remember, useRecords } from './records-harness.ts';

/** What every store of tasks promises; how tasks proceed is in the suite of the inbox. */
export function describeTaskRecordsContract(harness: RecordsHarness): void {
  describe(`TaskRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);

    it('finds a task in its own project alone', async () => {
      const { taskId } = await append(records());
      expect(await records().tasks.find('default', taskId)).toMatchObject({
        id: taskId,
        scope: aScope(),
        status: 'running',
        added: 0,
        updated: 0,
        deleted: 0,
        memoryIds: { fact: [], preference: [] },
        reason: null,
      });
      expect(await records().tasks.find('other', taskId)).toBeNull();
      expect(await records().tasks.find('default', 'unknown')).toBeNull();
    });

    it('forgets tasks that ended before, and none that runs', async () => {
      const ended = await append(records(), { mine: false, now: NOW - 2_000 });
      const endedLater = await append(records(), { conversationId: 'tuesday', mine: false, now: NOW - 1_000 });
      const running = await append(records(), { conversationId: 'wednesday', now: NOW - 9_000 });
      await records().tasks.sweep(NOW - 1_000);
      expect(await records().tasks.find('default', ended.taskId)).toBeNull();
      expect(await records().tasks.find('default', endedLater.taskId)).toMatchObject({ status: 'completed' });
      expect(await records().tasks.find('default', running.taskId)).toMatchObject({ status: 'running' });
      expect(await records().messages.byIds(aScope(), [ended.messages[0]?.id ?? ''])).toHaveLength(1);
    });

    it('ends what is mined again although its task was forgotten', async () => {
      const { taskId } = await remember(records(), {}, { now: NOW - 9_000 });
      await records().tasks.sweep(NOW);
      expect(await records().inbox.requeue({ projectId: null, since: null })).toBe(1);
      expect(await records().inbox.commit(await readBatch(records()), noChanges({ reason: 'duplicate' }), NOW)).toBe('committed');
      expect(await records().tasks.find('default', taskId)).toBeNull();
    });
  });
}
