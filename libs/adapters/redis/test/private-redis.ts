import { Redis } from 'ioredis';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { aBrokerUrl } from './broker.ts';

export interface PrivateRedisOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Command line, for example `['--requirepass', 'x']`. */
  readonly flags?: readonly string[];
  /** Instead of `--port`, for a server that speaks TLS only. */
  readonly tls?: boolean;
  /** What stands in a configuration file of its own; a sentinel insists on one. */
  readonly file?: string;
}

/** A Redis of its own, from the program of the one that runs already: to be killed, or to ask for passwords. */
export class PrivateRedis {
  readonly port: number;
  readonly #folder: string;
  readonly #options: PrivateRedisOptions;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: PrivateRedisOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  static async start(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'continuo-redis-'));
    const redis = new PrivateRedis(options.port ?? (await aFreePort()), folder, options);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** On the same port, with nothing in it. */
  async start(): Promise<void> {
    const { program, environment } = await findProgram();
    const port = this.#options.tls === true ? ['--port', '0', '--tls-port', `${this.port}`] : ['--port', `${this.port}`];
    const file = this.#options.file === undefined ? [] : [await this.#write('redis.conf', this.#options.file)];
    // By itself the bus of a cluster takes the port 10,000 above, which there may not be.
    const bus = this.#options.flags?.includes('--cluster-enabled') === true ? ['--cluster-port', `${await aFreePort()}`] : [];
    const flags = [...file, ...port, ...bus, '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '', '--appendonly', 'no'];
    const started = spawn(program, [...flags, ...(this.#options.flags ?? [])], { env: environment, stdio: 'ignore' });
    this.#process = started;
    for (let tries = 0; tries < 500; tries += 1) {
      if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}.`);
      if (await listens(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('redis-server does not listen.');
  }

  /** As a power failure does: nothing is said, nothing is kept. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  /** Stands still, as a machine without air does; `false`: goes on. */
  hang(still: boolean): void {
    this.#process?.kill(still ? 'SIGSTOP' : 'SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(name: string, text: string): Promise<string> {
    const path = join(this.#folder, name);
    await writeFile(path, text);
    return path;
  }
}

export async function aFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}

let found: Promise<{ readonly program: string; readonly environment: NodeJS.ProcessEnv }> | undefined;

const findProgram = (): NonNullable<typeof found> => (found ??= lookForProgram());

/** An unpacked package has its libraries beside it, where the system does not look. */
async function lookForProgram(): Promise<Awaited<NonNullable<typeof found>>> {
  const redis = new Redis(aBrokerUrl());
  const program = /^executable:(.*?)\r?$/mu.exec(await redis.info('server'))?.[1];
  redis.disconnect();
  if (program === undefined || !existsSync(program))
    throw new Error('These specs start a Redis of their own from the program of the running one, and that is not on this machine.');
  const libraries = join(dirname(program), '..', 'lib');
  const folders = existsSync(libraries) ? readdirSync(libraries).filter((name) => name.endsWith('-linux-gnu')) : [];
  const path = folders.map((name) => join(libraries, name)).join(':');
  return { program, environment: { ...process.env, ...(path === '' ? {} : { LD_LIBRARY_PATH: path }) } };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => (socket.destroy(), resolve(false)));
  });
}
