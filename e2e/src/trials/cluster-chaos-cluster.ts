import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const STARTER = join(import.meta.dirname, '../../../tools/cluster/run.mjs');
/** Eight processes on two cores that others may be using, too. */
const START_TIMEOUT_MS = 150_000;
const STOP_TIMEOUT_MS = 60_000;
/** What is left of the output for whoever asks why it did not start. */
const LAST_CHARACTERS = 8_000;

export type ServiceName = 'gateway' | 'recall' | 'generation' | 'worker';

/** `npm run cluster` on the stores of a trial. */
export class TrialCluster {
  readonly key = `mpg-${randomUUID()}`;
  /** What the administrator's command line needs to find this installation. */
  readonly settings: Readonly<Record<string, string>>;
  origin = '';
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #log: WriteStream | null;
  #output = '';

  private constructor(folder: string, environment: Readonly<Record<string, string>>, logFile: string | null) {
    this.#folder = folder;
    this.#log = logFile === null ? null : createWriteStream(logFile);
    this.settings = { CONTINUO_DATA_DIR: folder, ...environment };
    this.#child = spawn(process.execPath, [STARTER], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        HOST: '127.0.0.1',
        PORT: '0',
        CONTINUO_API_KEY: this.key,
        CONTINUO_LOG_FORMAT: 'text',
        CONTINUO_TIME_ZONE: 'UTC',
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C is for the trial, which ends its cluster in good order.
      detached: true,
    });
    process.once('exit', () => this.#child.kill('SIGKILL'));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-LAST_CHARACTERS);
        this.#log?.write(chunk);
      });
    }
  }

  /** @param logFile gets what the processes say; null: nobody does. */
  static async start(environment: Readonly<Record<string, string>>, logFile: string | null): Promise<TrialCluster> {
    const cluster = new TrialCluster(await mkdtemp(join(tmpdir(), 'continuo-chaos-')), environment, logFile);
    try {
      await cluster.#untilReady();
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** Base of the contract's paths. */
  get base(): string {
    return `${this.origin}/api/openmem/v1`;
  }

  /** Kills one process of the service. Returns its id. */
  async kill(service: ServiceName, random: () => number): Promise<number> {
    const ids = await this.processesOf(service);
    const id = ids[Math.floor(random() * ids.length)];
    if (id === undefined) throw new Error(`no ${service} runs`);
    process.kill(id, 'SIGKILL');
    return id;
  }

  /** Ids of the processes of a service, those of this cluster alone. */
  async processesOf(service: ServiceName): Promise<readonly number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='], { maxBuffer: 16 * 1_048_576 });
    return stdout.split('\n').flatMap((line) => {
      const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(line) ?? [];
      return Number(parent) === this.#child.pid && command?.includes(`apps/${service}/dist/main.js`) === true ? [Number(id)] : [];
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await Promise.race([once(child, 'exit'), sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      child.kill('SIGKILL');
    }
    this.#log?.end();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    const until = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < until && this.#child.exitCode === null) {
      const origin = /Base URL\s+(http:\/\/127\.0\.0\.1:\d+)/u.exec(this.#output)?.[1];
      if (origin !== undefined) {
        this.origin = origin;
        return;
      }
      await sleep(50);
    }
    throw new Error(`the cluster did not start:\n${this.#output}`);
  }
}
