import { parseArgs } from 'node:util';
import { MODE } from '../deployment/deployment.ts';
import { System } from '../system.ts';
import { race } from './races.ts';

const { values } = parseArgs({
  options: {
    interleavings: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});

const SHOWN = 20;

const system = await System.start();
try {
  const report = await race(system, { interleavings: Number(values.interleavings), seed: Number(values.seed) });
  const kinds = Object.entries(report.kinds).map(([kind, count]) => `${kind} ${count}`);
  console.log(`races (${MODE}): ${report.interleavings} interleavings, ${report.operations} operations, ${report.faults.length} faults`);
  console.log(`  ${kinds.join(', ')}`);
  for (const fault of report.faults.slice(0, SHOWN)) console.log(`  ${fault}`);
  process.exitCode = report.faults.length === 0 ? 0 : 1;
} finally {
  await system.close();
}
