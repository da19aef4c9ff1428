import { type RecordsHarness, useRecords } from './records-harness.ts';

/** What every store of background spending promises. */
export function describeUsageRecordsContract(harness: RecordsHarness): void {
  describe(`UsageRecords contract: ${harness.name}`, () => {
    const records = useRecords(harness);

    it('sums what a project spent on a day', async () => {
      expect(await records().usage.spent('default', '2026-05-01')).toBe(0);
      await Promise.all([1, 20, 300].map((tokens) => records().usage.add('default', '2026-05-01', tokens)));
      await records().usage.add('default', '2026-05-02', 7);
      await records().usage.add('other', '2026-05-01', 9);
      expect(await records().usage.spent('default', '2026-05-01')).toBe(321);
    });
  });
}
