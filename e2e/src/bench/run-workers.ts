import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { printableWorkers, QUICK_WORKERS, runWorkersBench } from './bench-workers.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '1,2' },
    lanes: { type: 'string', default: '1,4,16,32' },
    subjects: { type: 'string', default: '1000' },
    /** Messages of the row with one subject. */
    'of-one': { type: 'string', default: '200' },
    'model-ms': { type: 'string', default: '300' },
    /** A row takes no longer. */
    seconds: { type: 'string', default: '30' },
    /** Two small rows in under a minute. */
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const numbers = (list: string): readonly number[] => list.split(',').map(Number);
const full = {
  rows: numbers(values.processes).flatMap((processes) => numbers(values.lanes).map((lanes) => ({ processes, lanes }))),
  one: { processes: 1, lanes: 16 },
  subjects: Number(values.subjects),
  messagesOfOne: Number(values['of-one']),
  modelMs: Number(values['model-ms']),
  seconds: Number(values.seconds),
};
const report = await runWorkersBench({ ...(values.quick ? QUICK_WORKERS : full), say: (line) => console.error(line) });
console.log(printableWorkers(report));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
