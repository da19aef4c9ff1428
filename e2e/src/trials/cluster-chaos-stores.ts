import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { storesOfEnvironment } from '../deployment/cluster.ts';

const STACK = new URL('../../../tools/stack/stack.mjs', import.meta.url).href;
/** Enough for the index of a trial, beside all else on a small machine. */
const HEAP = '384m';
const INDEX_TIMEOUT_MS = 30_000;

export type StoreName = 'postgres' | 'opensearch' | 'redis';

/** What the trial uses of a part of `tools/stack`. */
interface StackPart {
  start(): Promise<{ readonly title: string; readonly version: string }>;
  stop(options: { readonly kill: boolean }): Promise<boolean>;
  wipe(): Promise<void>;
}

interface Stack {
  part(name: StoreName): StackPart;
  urls(): Record<string, string>;
  down(): Promise<unknown>;
}

/** The stores of a trial: those that it may end are its own. */
export class TrialStores {
  /** The settings that name them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly versions: readonly string[];
  readonly #stack: Stack;
  readonly #own: readonly StoreName[];
  readonly #remove: () => Promise<void>;

  private constructor(
    stack: Stack,
    own: readonly StoreName[],
    versions: readonly string[],
    environment: Readonly<Record<string, string>>,
    remove: () => Promise<void>,
  ) {
    this.#stack = stack;
    this.#own = own;
    this.versions = versions;
    this.environment = environment;
    this.#remove = remove;
  }

  /** Three stores of its own in a temporary folder, on ports of their own. */
  static async openOwn(): Promise<TrialStores> {
    return TrialStores.#open(['postgres', 'opensearch', 'redis'], async (stack) => ({ urls: stack.urls(), remove: async () => undefined }));
  }

  /** A Redis of its own; of the other two, which the environment names, a database and an index name of its own. */
  static async openBeside(): Promise<TrialStores> {
    const shared = storesOfEnvironment();
    return TrialStores.#open(['redis'], async (stack, name) => {
      const database = name.replaceAll('-', '_');
      await inPostgres(shared.CONTINUO_RECORDS_URL, `create database ${database}`);
      const records = new URL(shared.CONTINUO_RECORDS_URL);
      records.pathname = `/${database}`;
      const urls = { ...shared, CONTINUO_BROKER_URL: stack.urls()['CONTINUO_BROKER_URL'] ?? '', CONTINUO_RECORDS_URL: records.href };
      const remove = async (): Promise<void> => {
        await inPostgres(shared.CONTINUO_RECORDS_URL, `drop database if exists ${database} with (force)`);
        await deleteIndexes(shared.CONTINUO_INDEX_URL, name);
      };
      return { urls, remove };
    });
  }

  static async #open(own: readonly StoreName[], prepare: Prepare): Promise<TrialStores> {
    const name = `chaos-${randomBytes(6).toString('hex')}`;
    const folder = await mkdtemp(join(tmpdir(), 'continuo-chaos-stores-'));
    const { openStack } = (await import(STACK)) as { openStack(options: object): Stack };
    const stack = openStack({ folder, environment: { ...process.env, CONTINUO_STACK_HEAP: HEAP } });
    let remove = async (): Promise<void> => undefined;
    const close = async (): Promise<void> => {
      await remove();
      await stack.down();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      const started = await Promise.allSettled(own.map((each) => stack.part(each).start()));
      const versions = started.map((each) => {
        if (each.status === 'rejected') throw each.reason;
        return `${each.value.title} ${each.value.version}`;
      });
      const prepared = await prepare(stack, name);
      remove = prepared.remove;
      return new TrialStores(stack, own, versions, { ...prepared.urls, CONTINUO_INDEX_NAME: name, CONTINUO_BROKER_PREFIX: name }, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  owns(name: StoreName): boolean {
    return this.#own.includes(name);
  }

  /** Without a chance to end in good order. */
  async kill(name: StoreName): Promise<void> {
    await this.#part(name).stop({ kill: true });
  }

  /** Kills it and removes all it kept. */
  async wipe(name: StoreName): Promise<void> {
    await this.#part(name).wipe();
  }

  /** Resolves when it does its work. On a machine with too much to do it is waited for twice as long as the stack would. */
  async start(name: StoreName): Promise<void> {
    const part = this.#part(name);
    await part.start().catch(() => part.start());
  }

  async deleteIndexes(): Promise<void> {
    await deleteIndexes(this.environment['CONTINUO_INDEX_URL'] ?? '', this.environment['CONTINUO_INDEX_NAME'] ?? '');
  }

  /** Once nobody uses them any more. */
  async close(): Promise<void> {
    await this.#remove();
  }

  #part(name: StoreName): StackPart {
    if (!this.owns(name)) throw new Error(`${name} is not this trial's own`);
    return this.#stack.part(name);
  }
}

type Prepare = (stack: Stack, name: string) => Promise<{ readonly urls: Record<string, string>; readonly remove: () => Promise<void> }>;

async function inPostgres(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A store that has just been started may need a moment until it obeys. */
async function deleteIndexes(indexUrl: string, name: string): Promise<void> {
  const { origin, username, password } = new URL(indexUrl);
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const ask = { headers: username === '' ? {} : { authorization: `Basic ${credentials}` }, signal: AbortSignal.timeout(INDEX_TIMEOUT_MS) };
  for (;;) {
    const found = await fetch(`${origin}/_cat/indices/${name}-*?h=index&format=json`, ask);
    const indexes = found.ok ? ((await found.json()) as { index: string }[]) : [];
    const answers = await Promise.all(indexes.map(({ index }) => fetch(`${origin}/${index}`, { ...ask, method: 'DELETE' })));
    if (found.ok && answers.every(({ ok, status }) => ok || status === 404)) return;
    await sleep(100);
  }
}
