import { type RecordsHarness, useRecords } from './records-harness.ts';

/** What every way of giving work to one process alone promises. Across processes: in the specs of the engine. */
export function describeExclusiveWorkContract(harness: RecordsHarness): void {
  describe(`ExclusiveWork contract: ${harness.name}`, () => {
    const records = useRecords(harness);
    const nothing = () => Promise.resolve();

    it('does the work, and again', async () => {
      let done = 0;
      const work = async () => void (done += 1);
      expect(await records().exclusive.attempt('sweep', work)).toBe(true);
      expect(await records().exclusive.attempt('sweep', work)).toBe(true);
      expect(done).toBe(2);
    });

    it('leaves what is being done, and only that', async () => {
      let finish = (): void => undefined;
      const begun = new Promise<void>((started) => {
        void records().exclusive.attempt('sweep', () => {
          started();
          return new Promise<void>((resolve) => (finish = resolve));
        });
      });
      await begun;
      expect(await records().exclusive.attempt('sweep', nothing)).toBe(false);
      expect(await records().exclusive.attempt('other', nothing)).toBe(true);
      finish();
      while (!(await records().exclusive.attempt('sweep', nothing))) await new Promise((resolve) => setTimeout(resolve, 1));
    });

    it('lets go of work that fails', async () => {
      await expect(records().exclusive.attempt('sweep', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
      expect(await records().exclusive.attempt('sweep', nothing)).toBe(true);
    });
  });
}
