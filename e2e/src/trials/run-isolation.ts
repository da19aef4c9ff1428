import { parseArgs } from 'node:util';
import { MODE } from '../deployment/deployment.ts';
import { type IsolationReport, probeIsolation } from './isolation.ts';
import { withIsolationSystem } from './isolation-system.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '40' },
    projects: { type: 'string', default: '5' },
    probes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
  },
});

const SHOWN = 20;

function show(faults: readonly string[]): void {
  for (const fault of faults.slice(0, SHOWN)) console.log(`  ${fault}`);
}

function tell({ probes, found, leaks, services }: IsolationReport, modelRequests: number): boolean {
  console.log(`HTTP (${MODE}): ${probes} probes, ${found} found something of their own, ${leaks.length} leaks`);
  show(leaks);
  if (services === null) return leaks.length === 0;
  const { searches, refusals, foreignWrites } = services;
  const asked = `${searches} searches, ${services.found} found something of their own, ${services.leaks.length} leaks`;
  console.log(`gRPC: ${services.probes} probes`);
  console.log(`  ${asked}`);
  show(services.leaks);
  console.log(`  ${refusals} calls with a wrong token or scope, ${services.wrongAnswers.length} answered otherwise than they must be`);
  show(services.wrongAnswers);
  console.log(`  ${foreignWrites} writes over memories of others under the own scope, ${services.damage.length} damaged`);
  show(services.damage);
  console.log(`model: asked ${modelRequests} times`);
  return [leaks, services.leaks, services.wrongAnswers, services.damage].every(({ length }) => length === 0) && modelRequests === 0;
}

process.exitCode = await withIsolationSystem(async (system, model) => {
  const report = await probeIsolation(system, {
    users: Number(values.users),
    projects: Number(values.projects),
    probes: Number(values.probes),
    seed: Number(values.seed),
  });
  return tell(report, model.requests.length) ? 0 : 1;
});
