import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cluster } from './deployment/cluster.ts';
import { type Deployment, MODE, type Mode } from './deployment/deployment.ts';
import { standalone } from './deployment/standalone.ts';

const START_TIMEOUT_MS = 60_000;

/** A spec that fails before it closes its server must not leave it behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- specs look into bodies of every shape
  readonly body: any;
}

export interface SystemOptions {
  /** Settings on top of the defaults: words alone, no model, a fresh data folder, a free port. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Kept between systems of one spec; otherwise made and removed. */
  readonly dataDirectory?: string;
  /** For a spec that needs both; otherwise what this run is about. */
  readonly mode?: Mode;
}

/** A running server, reached by HTTP alone. */
export class System {
  readonly key: string;
  readonly dataDirectory: string;
  origin = '';
  output = '';
  private readonly options: SystemOptions;
  private readonly ownsDirectory: boolean;
  private readonly deployment: Deployment;
  private child: ChildProcess | null = null;

  private constructor(options: SystemOptions, dataDirectory: string, ownsDirectory: boolean, deployment: Deployment) {
    this.options = options;
    this.deployment = deployment;
    this.dataDirectory = dataDirectory;
    this.ownsDirectory = ownsDirectory;
    this.key = options.environment?.['CONTINUO_API_KEY'] ?? `mpg-${randomUUID()}`;
  }

  static async start(options: SystemOptions = {}): Promise<System> {
    const directory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'continuo-e2e-')));
    const deployment = (options.mode ?? MODE) === 'cluster' ? await cluster(directory) : standalone;
    const system = new System(options, directory, options.dataDirectory === undefined, deployment);
    await system.run();
    return system;
  }

  /** Base of the contract's paths. */
  get base(): string {
    return `${this.origin}/api/openmem/v1`;
  }

  /** What the administrator's command line needs to find this installation. */
  get settings(): Readonly<Record<string, string>> {
    return { CONTINUO_DATA_DIR: this.dataDirectory, ...this.deployment.environment };
  }

  get processId(): number {
    return this.child?.pid ?? 0;
  }

  async run(): Promise<void> {
    this.output = '';
    const child = spawn(process.execPath, [this.deployment.file], { env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stdout.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    const until = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < until && child.exitCode === null) {
      const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(this.output)?.[0];
      if (origin !== undefined) {
        this.origin = origin;
        const ready = await fetch(`${origin}/readyz`).catch(() => null);
        if (ready?.status === 200) return;
      }
      await sleep(25);
    }
    child.kill('SIGKILL');
    throw new Error(`the server did not start:\n${this.output}`);
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send(path, {
      method: 'POST',
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      headers,
    });
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send(path, { method: 'GET', headers });
  }

  /** A streamed chat; the caller reads the body. */
  stream(body: unknown, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.base}/chat`, {
      method: 'POST',
      headers: { authorization: `Token ${this.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...(body as object), stream: true }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Adds messages and waits until they are mined. */
  async remember(userId: string, conversationId: string, messages: readonly unknown[], more: object = {}): Promise<Answer> {
    const answer = await this.post('/add/message', {
      user_id: userId,
      conversation_id: conversationId,
      messages,
      async_mode: false,
      ...more,
    });
    if (answer.body.data?.status !== 'completed') throw new Error(`not mined: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** Everything a search returns, as texts, best first. */
  async recall(userId: string, query: string, more: object = {}): Promise<readonly string[]> {
    const { body } = await this.post('/search/memory', { user_id: userId, query, ...more });
    return [
      ...body.data.memory_detail_list.map((item: { memory_value: string }) => item.memory_value),
      ...body.data.preference_detail_list.map((item: { preference: string }) => item.preference),
    ];
  }

  /** Ends the process and returns its exit code (null when a signal ended it). */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    this.child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill(signal);
    await once(child, 'exit');
    return child.exitCode;
  }

  async close(): Promise<void> {
    await this.stop();
    if (!this.ownsDirectory) return;
    await this.deployment.remove();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  private async send(path: string, init: RequestInit & { headers: Readonly<Record<string, string>> }): Promise<Answer> {
    const url = path.startsWith('http') ? path : `${this.base}${path}`;
    const response = await fetch(url, {
      ...init,
      headers: { authorization: `Token ${this.key}`, 'content-type': 'application/json', ...init.headers },
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  }

  private environment(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      CONTINUO_API_KEY: this.key,
      CONTINUO_DATA_DIR: this.dataDirectory,
      CONTINUO_EMBEDDING_SOURCES: '',
      CONTINUO_MODEL_DISCOVERY: 'off',
      CONTINUO_TIME_ZONE: 'UTC',
      ...this.deployment.environment,
      ...this.options.environment,
    };
  }
}

/** Asks again until the expectation holds or the time is over; then the last failure is thrown. */
export async function eventually(expectation: () => Promise<void>, timeoutMs = 10_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(50);
    }
  }
}

/** The JSON payloads of an event stream, in order. */
export async function* events(response: Response): AsyncIterable<{ readonly type: string; readonly data: string }> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = text
        .slice(0, end)
        .split('\n')
        .find((line) => line.startsWith('data:'));
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data.slice(5)) as { type: string; data: string };
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
