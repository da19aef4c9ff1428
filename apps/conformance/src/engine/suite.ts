import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Belongings } from './belongings.ts';
import { dataOf, objectOf, textAt } from './expectations.ts';
import { at, type JsonObject, shown } from './json.ts';
import { Breach, NotRun } from './breach.ts';
import { type Reply, type RequestOptions, Server } from './server.ts';

export interface SuiteOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** A key of another project; rules about isolation need it. */
  readonly otherApiKey: string | null;
  readonly isStrict: boolean;
  readonly timeoutMs: number;
  /** How long a task or a file may take. */
  readonly waitMs: number;
}

const POLL_MS = 50;

/** What rules work with: the server, ids of their own, and what several of them share. */
export class Suite {
  readonly options: SuiteOptions;
  readonly isStrict: boolean;
  private readonly server: Server;
  private readonly name = `conf-${randomBytes(5).toString('hex')}`;
  private readonly letters = this.name.replaceAll(/\W/gu, '').replaceAll(/\d/gu, (digit) => 'ghijklmnop'[Number(digit)] ?? '');
  private readonly shared = new Map<string, Promise<unknown>>();
  private readonly belongings = new Belongings();
  private sequence = 0;

  constructor(options: SuiteOptions) {
    this.options = options;
    this.isStrict = options.isStrict;
    this.server = new Server(options.baseUrl, options.apiKey, options.timeoutMs);
  }

  /** An id nobody has used before. */
  fresh(what = 'user'): string {
    this.sequence += 1;
    return `${this.name}-${what}-${this.sequence}`;
  }

  /** A word that only this run knows, the same whenever it is asked for. */
  word(like: string): string {
    return `${like}${this.letters}`;
  }

  /** @throws {NotRun} when no key of another project was given. */
  get otherKey(): string {
    const { otherApiKey } = this.options;
    if (otherApiKey === null) throw new NotRun('needs --other-api-key, a key of another project');
    return otherApiKey;
  }

  async post(path: string, body: unknown, options: RequestOptions = {}): Promise<Reply> {
    const reply = await this.server.post(path, body, options);
    this.belongings.note(path, body, reply, options.key);
    return reply;
  }

  get(path: string, options: RequestOptions = {}): Promise<Reply> {
    return this.server.get(path, options);
  }

  /** Posts and returns the data of a success. */
  async ask(path: string, body: unknown, options: RequestOptions = {}): Promise<JsonObject> {
    return objectOf(await this.post(path, body, options));
  }

  /** Made once in a run, by whoever needs it first. A failure fails each rule that needs it. */
  once<Made>(name: string, make: () => Promise<Made>): Promise<Made> {
    const made = this.shared.get(name) ?? make();
    this.shared.set(name, made);
    return made as Promise<Made>;
  }

  /** Adds messages and waits until they are mined. Returns the data of the task's status. */
  async remember(body: JsonObject, options: RequestOptions = {}): Promise<JsonObject> {
    const added = await this.ask('/add/message', body, options);
    return this.finished(textAt(added, 'task_id'), options);
  }

  /** Waits for a task to end well. Returns the data of its status. */
  async finished(taskId: string, options: RequestOptions = {}): Promise<JsonObject> {
    const status = await this.eventually(
      async () => {
        const data = dataOf(await this.post('/get/status', { task_id: taskId }, options));
        return (Array.isArray(data) ? data[0] : data) as JsonObject;
      },
      (data) => data['status'] !== 'running',
      `task ${taskId} ends`,
    );
    if (status['status'] !== 'completed') throw new Breach(`task ${taskId} ended as ${shown(status)}`);
    return status;
  }

  /** Asks again until it holds. @throws {Breach} saying what was seen last. */
  async eventually<Seen>(look: () => Promise<Seen>, holds: (seen: Seen) => boolean, what: string): Promise<Seen> {
    const until = Date.now() + this.options.waitMs;
    for (let pauseMs = POLL_MS; ; pauseMs = Math.min(pauseMs * 1.5, 1_000)) {
      const seen = await look();
      if (holds(seen)) return seen;
      if (Date.now() > until) throw new Breach(`waited ${this.options.waitMs} ms until ${what}; seen last: ${shown(at({ seen }, 'seen'))}`);
      await sleep(pauseMs);
    }
  }

  /** Deletes what the run has made, within its time. */
  cleanUp(limitMs: number): Promise<void> {
    return this.belongings.remove(this.server, limitMs);
  }
}
