import { parseArgs } from 'node:util';
import { MODE } from '../deployment/deployment.ts';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    /** Of each operation and round. */
    examples: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});

const SHOWN = 10;
const WIDEST = 6_000;
const { requests, statuses, faults, breaches } = await fuzz({
  requests: Number(values.requests),
  examplesOfEach: Number(values.examples),
  phases: ['examples', 'coverage', 'fuzzing'],
  seed: Number(values.seed),
  say: (line) => console.error(line),
});

const counted = [...statuses].toSorted(([left], [right]) => left - right).map(([status, count]) => `${count} x ${status}`);
console.log(`${requests} requests (${MODE}): ${counted.join(', ')}`);
console.log(`server errors, leaks, missing answers: ${faults.length}`);
for (const { what, request, answer } of faults.slice(0, SHOWN)) console.log(`  ${what}: ${request}\n    -> ${answer}`);
console.log(`rounds with an answer outside its schema: ${breaches.length}`);
for (const printed of breaches.slice(0, 1)) console.log(printed.slice(0, WIDEST));
process.exitCode = faults.length + breaches.length === 0 ? 0 : 1;
