import { CompareIndex, type ComparisonReport } from '@continuo/use-cases';
import { untilInterrupted } from './interruption.ts';
import type { Printed } from './output.ts';
import { raiseSignals } from './signals.ts';
import { withIndex } from './with-index.ts';
import { withRecords } from './with-records.ts';

/** Compares the index with the records, entry by entry. @param repair puts right what differs. */
export const verifyIndex = (repair: boolean): Promise<Printed> =>
  withRecords((records, configuration) =>
    withIndex(configuration, records.indexSource, async (index) => {
      const compare = new CompareIndex(index, records.indexSource);
      const report = await untilInterrupted((signal) => compare.execute({ repair }, signal));
      if (report.repaired > 0) await raiseSignals(records, configuration);
      const different = report.missing + report.stale + report.extra;
      const waiting = await records.outbox.depth();
      return {
        value: { ...report, waiting },
        lines: linesOf(report, waiting),
        failed: repair ? report.repaired < different : different > 0,
      };
    }),
  );

function linesOf({ checked, missing, stale, extra, repaired }: ComparisonReport, waiting: number): readonly string[] {
  const different = missing + stale + extra;
  const onTheirWay = waiting === 0 ? '' : ` ${waiting} changes are on their way.`;
  if (different === 0) return [`The index agrees with the records: ${checked} documents.${onTheirWay}`];
  return [
    `Of ${checked} documents ${missing} are missing in the index and ${stale} are in it with another version; ${extra} are in it that the records do not have.${onTheirWay}`,
    remedyFor(different, repaired),
  ];
}

function remedyFor(different: number, repaired: number): string {
  if (repaired === 0) return '"npx continuo index verify --repair" puts that right.';
  if (repaired < different)
    return `${repaired} are put right; in the others the index is ahead of the records, as after a restored back-up: "npx continuo index rebuild".`;
  return `${repaired} are put right as soon as a running service takes them up.`;
}
