import { parseArgs } from 'node:util';
import { compareStores } from './filters.ts';

const { values } = parseArgs({
  options: {
    filters: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});

const SHOWN = 10;
const startedAt = performance.now();

const report = await compareStores({
  filters: Number(values.filters),
  seed: Number(values.seed),
  onProgress: (filters) => console.log(`${filters} filters`),
});
console.log(`filters      ${report.filters}, on ${report.pairs / report.filters} things each, seed ${values.seed}`);
console.log(`matched      ${((100 * report.matched) / report.pairs).toFixed(1)} %`);
console.log(
  `differences  ${report.differences.length}: parser, SQLite records, SQLite index, Postgres, OpenSearch against a plain reading`,
);
console.log(`seconds      ${((performance.now() - startedAt) / 1_000).toFixed(0)}`);
for (const difference of report.differences.slice(0, SHOWN)) console.log(difference);
process.exitCode = report.differences.length === 0 ? 0 : 1;
