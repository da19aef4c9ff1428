import { parseArgs } from 'node:util';
import { type ClusterChaosReport, wreakOnCluster } from './cluster-chaos.ts';
import { FAILURES } from './cluster-chaos-failures.ts';
import { optionsOf } from './cluster-chaos-options.ts';
import { tableOf } from './cluster-chaos-table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    only: { type: 'string' },
    rate: { type: 'string' },
    users: { type: 'string' },
    seed: { type: 'string' },
    gateways: { type: 'string' },
    /** One round with short outages of what fails quickly. */
    quick: { type: 'boolean', default: false },
    /** File for what the processes say. */
    logs: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** What must not be. */
const FAULTS = [
  'lostMessages',
  'doubledMessages',
  'halfWritten',
  'lostMemories',
  'doubledMemories',
  'unendedTasks',
  'failedTasks',
  'brokenPromises',
] as const;
const SHOWN = 10;

function show(report: ClusterChaosReport): void {
  console.log(`\n${report.versions.join(', ')}\n\n${tableOf(report.rows)}\n`);
  const line = (words: string, figure: number | string): void => console.log(`${words.padEnd(26)} ${figure}`);
  line('acknowledged messages', report.acknowledgedMessages);
  line('acknowledged tasks', report.tasks);
  line('memories', report.memories);
  line('given up by the client', report.givenUp);
  line('settled after', `${(report.settledAfterMs / 1_000).toFixed(1)} s`);
  for (const fault of FAULTS) {
    line(
      fault.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`),
      report[fault].length,
    );
    for (const each of report[fault].slice(0, SHOWN)) console.log(`  ${each}`);
  }
  line('index differences', report.indexDifferences);
}

if (values.help) {
  console.log(`Options: --rounds 3 --only ${FAILURES.join(',')} --rate 6 --users 24 --seed 1 --gateways 1 --quick --logs FILE`);
} else {
  const startedAt = Date.now();
  const say = (line: string): void => console.error(`${String(Math.round((Date.now() - startedAt) / 1_000)).padStart(4)} s  ${line}`);
  // The stores are servers of their own, which would outlive us.
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  const report = await wreakOnCluster({ ...optionsOf(values), say, signal: interruption.signal }).catch((error: unknown) => {
    if (!interruption.signal.aborted) throw error;
    return null;
  });
  if (report === null) {
    say('interrupted; everything it started has ended');
    process.exitCode = 1;
  } else {
    show(report);
    process.exitCode = FAULTS.every((fault) => report[fault].length === 0) && report.indexDifferences === 0 ? 0 : 1;
  }
}
