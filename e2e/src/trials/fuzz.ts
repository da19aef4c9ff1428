import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findPython } from '../python/install-client.ts';
import { installPackages } from '../python/install-packages.ts';
import { System } from '../system.ts';
import { projectWithKey } from './command-line.ts';
import { type FuzzFault, FuzzProxy } from './fuzz-proxy.ts';

/** What invents the requests, with what it imports; pinned, so that no release of one of them turns a run red. */
const WANTED = [
  'schemathesis==4.32.5',
  'anyio==4.16.0',
  'certifi==2026.10.18',
  'charset-normalizer==3.5.2',
  'click==8.5.1',
  'graphql-core==3.3.2',
  'harfile==0.6.0',
  'hypothesis==6.170.15',
  'hypothesis-graphql==0.13.5',
  'idna==3.20',
  'iniconfig==2.3.1',
  'jsonschema_rs==0.60.3',
  'markdown-it-py==4.3.0',
  'MarkupSafe==3.0.4',
  'mdurl==0.1.2',
  'packaging==26.3',
  'pluggy==1.7.0',
  'Pygments==2.21.0',
  'pyrate-limiter==4.5.1',
  'pytest==9.2.0',
  'PyYAML==6.0.3',
  'requests==2.34.2',
  'rich==15.0.0',
  'sortedcontainers==2.4.0',
  'typing_extensions==4.16.0',
  'urllib3==2.8.0',
  'Werkzeug==3.1.9',
];
const FOLDER = 'schemathesis-1';

/** No server error, and no answer that the document does not describe. */
const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'];
const MAX_ROUNDS = 20;

export interface FuzzPlan {
  /** At least so many; rounds are made until they are reached. */
  readonly requests: number;
  readonly examplesOfEach: number;
  /** Of the tool: `examples` of the document, `coverage` of every bound, `fuzzing` at random. */
  readonly phases: readonly ('examples' | 'coverage' | 'fuzzing')[];
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface FuzzReport {
  readonly requests: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly faults: readonly FuzzFault[];
  /** What the tool printed in rounds in which a check failed. */
  readonly breaches: readonly string[];
}

/** Sends what the OpenAPI document allows, and what it does not, to a server that also keeps what others said. */
export async function fuzz(plan: FuzzPlan): Promise<FuzzReport> {
  const python = await findPython();
  if (!python.found) throw new Error(`The fuzzer needs Python 3.10 or newer with pip: ${python.reason}.`);
  const packages = await installPackages(python.command, FOLDER, WANTED);
  const system = await System.start();
  try {
    const secrets = await plantSecrets(system);
    const document = (await system.get(`${system.origin}/openapi.json`)).body as object;
    const file = join(system.dataDirectory, 'openapi.json');
    await writeFile(file, JSON.stringify(document));
    const proxy = await FuzzProxy.start(system.origin, secrets);
    const breaches: string[] = [];
    try {
      for (let round = 0; round < MAX_ROUNDS && proxy.requests < plan.requests; round += 1) {
        const tool = { python: python.command, packages, file, address: proxy.address, key: system.key, folder: system.dataDirectory };
        const printed = await runTool(tool, plan, plan.seed + round);
        if (printed !== null) breaches.push(printed);
        plan.say(`round ${round + 1}: ${proxy.requests} requests so far, ${proxy.faults.length + breaches.length} faults`);
      }
    } finally {
      await proxy.close();
    }
    return { requests: proxy.requests, statuses: proxy.statuses, faults: proxy.faults, breaches };
  } finally {
    await system.close();
  }
}

/** Something of another user of the same project, and of another project: neither may ever be answered with. */
async function plantSecrets(system: System): Promise<readonly string[]> {
  const word = (): string => `wombat${Math.random().toString(36).slice(2)}`;
  const [ofUser, ofProject] = [word(), word()];
  await system.remember(`hidden-${word()}`, 'secret', [{ role: 'user', content: `My password is ${ofUser}. I live in ${ofUser}.` }]);
  const key = await projectWithKey(system.settings, 'elsewhere');
  const other = await system.post(
    '/add/message',
    { user_id: 'ana', messages: [{ role: 'user', content: `My cat is called ${ofProject}.` }], async_mode: false },
    { authorization: `Token ${key}` },
  );
  if (other.body.code !== 0) throw new Error(`the secret could not be planted: ${JSON.stringify(other.body)}`);
  return [ofUser, ofProject];
}

interface Tool {
  readonly python: string;
  readonly packages: string;
  readonly file: string;
  readonly address: string;
  readonly key: string;
  /** It leaves its own notes where it runs. */
  readonly folder: string;
}

/** Null when every check held. */
async function runTool(tool: Tool, { phases, examplesOfEach: examples }: FuzzPlan, seed: number): Promise<string | null> {
  const words = [
    ...['-m', 'schemathesis.cli', 'run', tool.file, '--url', tool.address, '--phases', phases.join(',')],
    ...['--checks', CHECKS.join(','), '--max-examples', String(examples), '--seed', String(seed), '--continue-on-failure'],
    ...['--header', `Authorization: Token ${tool.key}`, '--request-timeout', '30', '--suppress-health-check', 'all', '--warnings', 'off'],
    ...['--workers', '2', '--no-color', '--generation-database', 'none'],
  ];
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PYTHONPATH: [tool.packages, process.env['PYTHONPATH'] ?? ''].filter((part) => part !== '').join(delimiter),
    SCHEMATHESIS_HOOKS: '',
    PYTHONUTF8: '1',
  };
  const child = spawn(tool.python, words, { cwd: tool.folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0 ? null : printed;
}
