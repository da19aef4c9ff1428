import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { IndexFigures } from './served.ts';

const STACK = new URL('../../../tools/stack/stack.mjs', import.meta.url).href;
const NAMES = ['CONTINUO_RECORDS_URL', 'CONTINUO_INDEX_URL', 'CONTINUO_BROKER_URL'] as const;
/** With less the index would be measured while it collects garbage. */
const HEAP = '1g';
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What a shell gives for an interrupted command. */
const INTERRUPTED = 130;

interface Stack {
  up(): Promise<unknown>;
  down(): Promise<unknown>;
  urls(): Readonly<Record<string, string>>;
}

/** The stores under load, and what there is to know of them. */
export interface BenchStores {
  /** Versions and what else bears on the figures. */
  readonly words: string;
  close(): Promise<void>;
}

/**
 * The stores that the environment names, else three of its own, with heap enough, which the environment names from then on.
 *
 * @param keepIn where the data of its own ones lie and stay; null: in a temporary folder.
 */
export async function openBenchStores(keepIn: string | null, say: (line: string) => void): Promise<BenchStores> {
  const areNamed = NAMES.every((name) => (process.env[name] ?? '') !== '');
  const close = areNamed ? async (): Promise<void> => undefined : await startOwn(keepIn, say);
  try {
    return { words: await storeWords(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOwn(keepIn: string | null, say: (line: string) => void): Promise<() => Promise<void>> {
  const folder = keepIn === null ? await mkdtemp(join(tmpdir(), 'continuo-bench-stores-')) : join(keepIn, 'stores');
  await mkdir(folder, { recursive: true });
  const { openStack } = (await import(STACK)) as { openStack(options: object): Stack };
  const own = { CONTINUO_STACK_HEAP: process.env['CONTINUO_STACK_HEAP'] ?? HEAP, CONTINUO_STACK_FAST: 'off' };
  const stack = openStack({ folder, environment: { ...process.env, ...own }, say });
  // They are servers of their own, which would outlive an interrupted bench.
  const interrupt = (): void => void close().finally(() => process.exit(INTERRUPTED));
  const close = async (): Promise<void> => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    for (const name of NAMES) delete process.env[name];
    await stack.down();
    if (keepIn === null) await rm(folder, { recursive: true, force: true });
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    await stack.up();
    Object.assign(process.env, stack.urls());
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

async function storeWords(): Promise<string> {
  const client = new Client({ connectionString: process.env['CONTINUO_RECORDS_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return `${await openSearchWords()}; Postgres ${rows[0]?.server_version ?? ''}`;
  } finally {
    await client.end();
  }
}

interface NodesOfOpenSearch {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly version: string;
        readonly jvm: { readonly mem: { readonly heap_max_in_bytes: number }; readonly input_arguments: readonly string[] };
      }
    >
  >;
}

async function openSearchWords(): Promise<string> {
  const { nodes } = (await askOpenSearch('/_nodes/jvm')) as NodesOfOpenSearch;
  return Object.values(nodes)
    .map(({ version, jvm }) => {
      const isFast = jvm.input_arguments.some((argument) => argument.includes('TieredStopAtLevel=1'));
      const heap = `${Math.round(jvm.mem.heap_max_in_bytes / 1024 ** 2)} MiB heap`;
      return `OpenSearch ${version}, ${heap}${isFast ? ', STARTED FAST, WHICH SEARCHES SLOWER' : ''}`;
    })
    .join('; ');
}

interface ProcessOfNodes {
  readonly nodes: Readonly<Record<string, { readonly process: { readonly cpu: { readonly total_in_millis: number } } }>>;
}

interface SearchOfIndex {
  readonly _all: {
    readonly total: {
      readonly search?: { readonly query_total: number; readonly query_time_in_millis: number; readonly fetch_time_in_millis: number };
    };
  };
}

/** What OpenSearch has done so far, in all and for the indexes whose names begin so. */
export async function indexFigures(name: string): Promise<IndexFigures> {
  const [{ nodes }, { _all: all }] = (await Promise.all([
    askOpenSearch('/_nodes/stats/process'),
    askOpenSearch(`/${name}*/_stats/search`),
  ])) as [ProcessOfNodes, SearchOfIndex];
  const cpuMs = Object.values(nodes).reduce((sum, { process: { cpu } }) => sum + cpu.total_in_millis, 0);
  const { query_total: queries = 0, query_time_in_millis: queryMs = 0, fetch_time_in_millis: fetchMs = 0 } = all.total.search ?? {};
  return { cpuSeconds: cpuMs / 1_000, queries, queryMs, fetchMs };
}

/** Asks the OpenSearch that the environment names. */
export async function askOpenSearch(path: string): Promise<unknown> {
  const { origin, username, password } = new URL(process.env['CONTINUO_INDEX_URL'] ?? '');
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const answer = await fetch(`${origin}${path}`, { headers: username === '' ? {} : { authorization: `Basic ${credentials}` } });
  if (!answer.ok) throw new Error(`OpenSearch answers ${answer.status} to ${path}`);
  return answer.json();
}
