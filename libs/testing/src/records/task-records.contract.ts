import { aScope } from '../builders.ts';
import { append, type RecordsHarness, useRecords } from './records-harness.ts';

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
  });
}
