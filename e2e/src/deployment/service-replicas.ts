import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const STARTER = join(import.meta.dirname, '../../../tools/cluster/run.mjs');
const OUTPUT_BYTES = 64 * 1_048_576;

export type ServiceName = 'gateway' | 'recall' | 'generation' | 'worker';

/** One process of a service. */
export interface ServiceReplica {
  readonly processId: number;
  /** Where it answers gRPC; null: it does not. */
  readonly servicePort: number | null;
  /** Where it tells its figures; null: on its own port, as a gateway does. */
  readonly operationsPort: number | null;
}

/** The processes of a service that a supervisor runs, as they are now; its own alone. */
export async function serviceReplicas(supervisorId: number, service: ServiceName): Promise<readonly ServiceReplica[]> {
  // With the environment behind the command, which is where the ports are named.
  const { stdout } = await promisify(execFile)('ps', ['axeww', '-o', 'pid=,ppid=,command='], { maxBuffer: OUTPUT_BYTES });
  return stdout.split('\n').flatMap((line) => {
    const [, id, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(line) ?? [];
    if (Number(parent) !== supervisorId || !command.includes(`apps/${service}/dist/main.js`)) return [];
    return [{ processId: Number(id), servicePort: portIn(command, 'SERVICE'), operationsPort: portIn(command, 'OPERATIONS') }];
  });
}

function portIn(command: string, name: string): number | null {
  const port = new RegExp(`\\sCONTINUO_${name}_PORT=(\\d+)`, 'u').exec(command)?.[1];
  return port === undefined ? null : Number(port);
}

/** Restarts the replicas of a service one after the other, as `npm run cluster -- restart` does. @throws Error with what was said. */
export async function rollingRestart(settings: Readonly<Record<string, string>>, service: ServiceName): Promise<void> {
  await promisify(execFile)(process.execPath, [STARTER, 'restart', service], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...settings },
  });
}

/** One figure of a replica: the sum over all its series whose labels hold these. */
export async function figureOf(replica: ServiceReplica, name: string, labels: Readonly<Record<string, string>>): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${replica.operationsPort}/metrics`);
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return (await response.text())
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
