import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Connection } from './connection.ts';
import { processFigures } from './process-figures.ts';
import type { NamedFigures } from './served.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** `tools` is no project that could be imported by name. */
const TOOLS = new URL('../../../tools/cluster/', import.meta.url);

interface Service {
  readonly name: ServiceName;
  readonly replicas: readonly { readonly environment: Readonly<Record<string, string>>; readonly readyUrl: string }[];
}

interface Plan {
  readonly services: readonly Service[];
}

/** What is used of `tools/cluster`. */
interface Tools {
  planOf(surroundings: object, node: string, say: (line: string) => void): Promise<Plan>;
  migrate(plan: Plan, say: (line: string) => void): Promise<void>;
  readonly Supervisor: new (services: readonly Service[], options: object) => Supervisor;
}

interface Supervisor {
  start(): Promise<boolean>;
  stop(): Promise<void>;
}

export type ServiceName = 'gateway' | 'recall' | 'generation' | 'worker';
type Replicas = Readonly<Partial<Record<ServiceName, number>>>;

const LAST_LINES = 100;

/** The services of a cluster, as `npm run cluster` would start them, with a way to look into each process. */
export class BenchCluster {
  readonly origin: string;
  readonly key: string;
  /** Newest last. */
  readonly lines: string[] = [];
  private readonly plan: Plan;
  private readonly tools: Tools;
  private readonly supervisors: Supervisor[] = [];
  private readonly connections = new Map<string, Connection>();

  private constructor(plan: Plan, tools: Tools, key: string) {
    this.plan = plan;
    this.tools = tools;
    this.key = key;
    this.origin = new URL(plan.services.find(({ name }) => name === 'gateway')?.replicas[0]?.readyUrl ?? '').origin;
  }

  /** Chooses ports and migrates; nothing runs yet. */
  static async prepare(dataFolder: string, environment: Readonly<Record<string, string>>, replicas: Replicas): Promise<BenchCluster> {
    const tools = await toolsOfCluster();
    const key = `mpg-${randomUUID()}`;
    const own: Record<string, string> = {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      CONTINUO_API_KEY: key,
      CONTINUO_DATA_DIR: dataFolder,
      CONTINUO_EMBEDDING_SOURCES: '',
      CONTINUO_MODEL_DISCOVERY: 'off',
      CONTINUO_TIME_ZONE: 'UTC',
      ...environment,
      CONTINUO_CLUSTER_REPLICAS: Object.entries(replicas)
        .map(([service, count]) => `${service}=${count}`)
        .join(','),
    };
    const plan = await tools.planOf(
      { root: ROOT, own, valueOf: (name: string) => own[name] || undefined, dataFolder },
      process.execPath,
      quiet,
    );
    await tools.migrate(plan, quiet);
    return new BenchCluster(plan, tools, key);
  }

  /** Starts these services and waits until they are ready. @throws Error with what they said when they are not. */
  async start(...names: readonly ServiceName[]): Promise<void> {
    const services = this.plan.services.filter(({ name }) => names.includes(name));
    const supervisor = new this.tools.Supervisor(services, { write: (line: string) => this.keep(line) });
    this.supervisors.push(supervisor);
    await supervisor.start().catch((error: unknown) => {
      throw new Error(`the cluster did not start:\n${this.lines.join('')}`, { cause: error });
    });
  }

  /** Of every process that was planned, in the same order each time. All have to run. */
  async figures(): Promise<readonly NamedFigures[]> {
    const looks = this.plan.services.flatMap(({ name, replicas }) =>
      replicas.map(async ({ readyUrl }, place) => {
        const { text } = await this.connectionTo(readyUrl).get('/metrics');
        return { process: replicas.length === 1 ? name : `${name}-${place + 1}`, ...processFigures(text) };
      }),
    );
    return Promise.all(looks);
  }

  /** What was started last ends first. */
  async close(): Promise<void> {
    for (const supervisor of this.supervisors.splice(0).reverse()) await supervisor.stop();
    for (const connection of this.connections.values()) connection.close();
  }

  private connectionTo(readyUrl: string): Connection {
    const { origin } = new URL(readyUrl);
    const known = this.connections.get(origin) ?? new Connection(origin, '');
    this.connections.set(origin, known);
    return known;
  }

  private keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > LAST_LINES) this.lines.shift();
  }
}

const quiet = (): void => undefined;

async function toolsOfCluster(): Promise<Tools> {
  const load = (file: string): Promise<object> => import(new URL(file, TOOLS).href) as Promise<object>;
  const [plan, migrate, supervisor] = await Promise.all([load('plan.mjs'), load('migrate.mjs'), load('supervisor.mjs')]);
  return { ...plan, ...migrate, ...supervisor } as Tools;
}
