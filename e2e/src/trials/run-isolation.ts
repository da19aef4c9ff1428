import { parseArgs } from 'node:util';
import { System } from '../system.ts';
import { probeIsolation } from './isolation.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '40' },
    projects: { type: 'string', default: '5' },
    probes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
});

const system = await System.start();
try {
  const report = await probeIsolation(system, {
    users: Number(values.users),
    projects: Number(values.projects),
    probes: Number(values.probes),
    seed: Number(values.seed),
  });
  console.log(`${report.probes} probes, ${report.found} found something of their own, ${report.leaks.length} leaks`);
  for (const leak of report.leaks.slice(0, 20)) console.log(`  ${leak}`);
  process.exitCode = report.leaks.length === 0 ? 0 : 1;
} finally {
  await system.close();
}
