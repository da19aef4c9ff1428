import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { QUICK, runBench } from './bench.ts';
import { printable } from './report.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    users: { type: 'string', default: '1,100,1000' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    embedder: { type: 'string', default: 'auto' },
    /** One small cell in under a minute. */
    quick: { type: 'boolean', default: false },
    /** Operations whose names begin so, separated by semicolons. */
    only: { type: 'string', default: '' },
    /** Keeps the filled folders here and uses them again. */
    keep: { type: 'string' },
    /** Lets the server write profiles of all its threads into this folder. */
    profile: { type: 'string' },
    json: { type: 'string' },
  },
});

const numbers = (list: string): readonly number[] => list.split(',').map(Number);
const full = { sizes: numbers(values.sizes), users: numbers(values.users), rate: Number(values.rate), seconds: Number(values.seconds) };
const report = await runBench({
  ...(values.quick ? QUICK : full),
  seed: Number(values.seed),
  embedder: values.embedder === 'local' || values.embedder === 'endpoint' ? values.embedder : 'auto',
  only: values.only.split(';').filter((name) => name !== ''),
  keepIn: values.keep ?? null,
  environment: values.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${values.profile}` },
  say: (line) => console.error(line),
});
console.log(printable(report));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
