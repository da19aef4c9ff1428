import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { QUICK_CLUSTER, runClusterBench } from './bench-cluster.ts';
import { printableCluster } from './cluster-report.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    'memories-per-user': { type: 'string', default: '100' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    embedder: { type: 'string', default: 'auto' },
    recall: { type: 'string', default: '2' },
    generation: { type: 'string', default: '1' },
    worker: { type: 'string', default: '1' },
    shards: { type: 'string', default: '4' },
    'warm-up': { type: 'string', default: '1000' },
    /** One small cell in under a minute. */
    quick: { type: 'boolean', default: false },
    /** Operations whose names begin so, separated by semicolons. */
    only: { type: 'string', default: '' },
    /** Keeps what was filled under this folder, with the stores where they are the bench's own, and uses it again. */
    keep: { type: 'string' },
    /** Lets all services write profiles of all their threads into this folder. */
    profile: { type: 'string' },
    json: { type: 'string' },
  },
});

const full = {
  sizes: values.sizes.split(',').map(Number),
  memoriesPerUser: Number(values['memories-per-user']),
  rate: Number(values.rate),
  seconds: Number(values.seconds),
  replicas: { recall: Number(values.recall), generation: Number(values.generation), worker: Number(values.worker) },
  shards: Number(values.shards),
  warmUpRequests: Number(values['warm-up']),
};
const report = await runClusterBench({
  ...(values.quick ? QUICK_CLUSTER : full),
  seed: Number(values.seed),
  embedder: values.embedder === 'local' || values.embedder === 'endpoint' ? values.embedder : 'auto',
  only: values.only.split(';').filter((name) => name !== ''),
  keepIn: values.keep ?? null,
  environment: values.profile === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${values.profile}` },
  say: (line) => console.error(line),
});
console.log(printableCluster(report));
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
