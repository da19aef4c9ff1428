import { parseArgs } from 'node:util';
import { ROLLED, rollUnderLoad } from './rolling.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '2' },
    only: { type: 'string', default: ROLLED.join(',') },
    seed: { type: 'string', default: '1' },
  },
});

const SHOWN = 20;
const wanted = values.only.split(',');
const startedAt = Date.now();
const report = await rollUnderLoad({
  rate: Number(values.rate),
  rounds: Number(values.rounds),
  services: ROLLED.filter((service) => wanted.includes(service)),
  seed: Number(values.seed),
  say: (line) => console.error(`${String(Math.round((Date.now() - startedAt) / 1_000)).padStart(4)} s  ${line}`),
});

console.log('| rolled | rolls | requests | of them streams | failed | cut streams | refused connects | degraded | longest roll s |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const row of report.rows) {
  const cells = [row.service, row.rolls, row.sent, row.streams, row.failed, row.cutStreams, row.refusedConnects, row.degraded];
  console.log(`| ${cells.join(' | ')} | ${(row.tookMs / 1_000).toFixed(1)} |`);
}
const FAULTS = [
  'failures',
  'lostMessages',
  'doubledMessages',
  'halfWritten',
  'lostMemories',
  'doubledMemories',
  'unendedTasks',
  'failedTasks',
] as const;
console.log(`\nacknowledged messages: ${report.acknowledgedMessages}, memories: ${report.memories}`);
for (const fault of FAULTS) {
  console.log(`${fault.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`)}: ${report[fault].length}`);
  for (const each of report[fault].slice(0, SHOWN)) console.log(`  ${each}`);
}
process.exitCode = FAULTS.every((fault) => report[fault].length === 0) ? 0 : 1;
