import { parseArgs } from 'node:util';
import { moveThereAndBack, type MoveReport } from './move.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000' },
    searches: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
  },
});

const SHOWN = 5;
const WIDEST = 400;
const startedAt = Date.now();

function tell(report: MoveReport): boolean {
  const { rows, superseded, deleted, users, searches, fruitful, inCluster, back } = report;
  const seconds = (durationMs: number): string => (durationMs / 1_000).toFixed(1);
  console.log(`${users} users; there in ${seconds(report.thereMs)} s, back in ${seconds(report.backMs)} s\n`);
  console.log('| what | standalone | differs in the cluster | differs back in standalone |\n| --- | --- | --- | --- |');
  const row = (what: string, count: number, there: number, after: number): void =>
    console.log(`| ${what} | ${count} | ${there} | ${after} |`);
  const lines = Object.values(rows).reduce((sum, count) => sum + count, 1);
  row('lines of the export', lines, report.clusterLines.length, report.backLines.length);
  for (const [kind, count] of Object.entries(rows))
    if (!['end', 'subject_end'].includes(kind)) console.log(`| of them: ${kind} | ${count} | | |`);
  console.log(`| of the memories: superseded, deleted | ${superseded}, ${deleted} | | |`);
  row('users whose memories are listed', users, inCluster.memories.length, back.memories.length);
  row('superseded and deleted ones got by id', superseded + deleted, inCluster.history.length, back.history.length);
  row('transcripts', 2 * users, inCluster.transcripts.length, back.transcripts.length);
  row(`searches (${fruitful} found something)`, searches, inCluster.searches.length, back.searches.length);
  console.log(`| deleted ones that came back from old messages | ${deleted} | ${report.returned.length} | |`);
  const faults = [report.clusterLines, report.backLines, report.returned, ...Object.values(inCluster), ...Object.values(back)];
  for (const fault of faults) for (const each of fault.slice(0, SHOWN)) console.log(`  ${each.slice(0, WIDEST)}`);
  return faults.every(({ length }) => length === 0);
}

const report = await moveThereAndBack({
  users: Number(values.users),
  searches: Number(values.searches),
  seed: Number(values.seed),
  say: (line) => console.error(`${String(Math.round((Date.now() - startedAt) / 1_000)).padStart(4)} s  ${line}`),
});
process.exitCode = tell(report) ? 0 : 1;
