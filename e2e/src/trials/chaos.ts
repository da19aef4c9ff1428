import { setTimeout as sleep } from 'node:timers/promises';
import { System } from '../system.ts';
import { pick, randomFrom } from './random.ts';

export interface ChaosOptions {
  /** How often the server is killed. */
  readonly kills: number;
  readonly users: number;
  /** Requests in flight at once. */
  readonly parallel: number;
  readonly seed: number;
  /** Settings of the server, for example a model. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ChaosReport {
  readonly kills: number;
  readonly acknowledgedMessages: number;
  readonly acknowledgedTasks: number;
  readonly refusedRequests: number;
  readonly lostMessages: readonly string[];
  readonly doubledMessages: readonly string[];
  readonly unendedTasks: readonly string[];
  readonly doubledMemories: readonly string[];
  readonly memories: number;
}

interface Acknowledged {
  readonly user: string;
  readonly conversation: string;
  readonly content: string;
}

const SETTLE_TIMEOUT_MS = 90_000;

/** A kill before anything was acknowledged shows nothing, and a slow machine takes its time: so many messages first, for so long at most. */
const LEAST_BETWEEN_KILLS = 6;
const ACKNOWLEDGE_TIMEOUT_MS = 30_000;

/** Kills the server at random moments under a mixed load of adds and chats, starts it again, and counts what is missing, doubled or unended. */
export async function wreak(options: ChaosOptions): Promise<ChaosReport> {
  const random = randomFrom(options.seed);
  const system = await System.start(options.environment === undefined ? {} : { environment: options.environment });
  const trial = new Trial(system, options, random);
  try {
    for (let kill = 0; kill < options.kills; kill += 1) {
      const load = trial.load();
      await trial.acknowledgesMore(LEAST_BETWEEN_KILLS);
      await sleep(random() * 900);
      await system.stop('SIGKILL');
      await load;
      await system.run();
    }
    return await trial.report();
  } finally {
    await system.close();
  }
}

class Trial {
  private readonly system: System;
  private readonly options: ChaosOptions;
  private readonly random: () => number;
  private readonly acknowledged: Acknowledged[] = [];
  private readonly sent = new Set<string>();
  private readonly tasks: string[] = [];
  private refused = 0;
  private number = 0;

  constructor(system: System, options: ChaosOptions, random: () => number) {
    this.system = system;
    this.options = options;
    this.random = random;
  }

  /** Sends requests until the server is gone. */
  async load(): Promise<void> {
    await Promise.all(
      Array.from({ length: this.options.parallel }, async () => {
        while (await this.say()) await sleep(this.random() * 10);
      }),
    );
  }

  /** Waits until so many more messages are acknowledged. */
  async acknowledgesMore(count: number): Promise<void> {
    const enough = this.acknowledged.length + count;
    const until = Date.now() + ACKNOWLEDGE_TIMEOUT_MS;
    while (this.acknowledged.length < enough && Date.now() < until) await sleep(5);
  }

  async report(): Promise<ChaosReport> {
    const unendedTasks = await this.unendedTasks();
    const transcripts = new Map<string, readonly string[]>();
    for (const { user, conversation } of this.acknowledged) {
      const key = `${user}\n${conversation}`;
      if (!transcripts.has(key)) transcripts.set(key, await this.transcript(user, conversation));
    }
    const lost = this.acknowledged.filter(
      ({ user, conversation, content }) => !transcripts.get(`${user}\n${conversation}`)?.includes(content),
    );
    const doubled = [...transcripts].flatMap(([key, contents]) =>
      repeated(contents.filter((content) => this.sent.has(content))).map((content) => `${key}: ${content}`),
    );
    const { memories, doubledMemories } = await this.memories();
    return {
      kills: this.options.kills,
      acknowledgedMessages: this.acknowledged.length,
      acknowledgedTasks: this.tasks.length,
      refusedRequests: this.refused,
      lostMessages: lost.map(({ content }) => content),
      doubledMessages: doubled,
      unendedTasks,
      doubledMemories,
      memories,
    };
  }

  /** One add or chat, sent again once when it fails, as clients do; false when the server is gone. */
  private async say(): Promise<boolean> {
    this.number += 1;
    const user = `user-${Math.floor(this.random() * this.options.users)}`;
    const conversation = `conversation-${this.number}`;
    const content = `My locker number ${this.number} is in room ${pick(this.random, ['red', 'green', 'blue'])}${this.number}.`;
    this.sent.add(content);
    const isChat = this.random() < 0.4;
    const send = () =>
      isChat
        ? this.system.post('/chat', { user_id: user, conversation_id: conversation, query: content })
        : this.system.post('/add/message', { user_id: user, conversation_id: conversation, messages: [{ role: 'user', content }] });
    try {
      const answer = await send();
      if (answer.status !== 200) {
        this.refused += 1;
        return true;
      }
      this.acknowledged.push({ user, conversation, content });
      if (!isChat) this.tasks.push(answer.body.data.task_id);
      return true;
    } catch {
      return false;
    }
  }

  private async unendedTasks(): Promise<readonly string[]> {
    const until = Date.now() + SETTLE_TIMEOUT_MS;
    let open: readonly string[] = this.tasks;
    while (open.length > 0 && Date.now() < until) {
      const states = await inBatches(
        open,
        async (task) => (await this.system.post('/get/status', { task_id: task })).body.data?.status as string,
      );
      open = open.filter((_, position) => states[position] !== 'completed' && states[position] !== 'failed');
      if (open.length > 0) await sleep(200);
    }
    return open;
  }

  private async transcript(user: string, conversation: string): Promise<readonly string[]> {
    const { body } = await this.system.post('/get/message', { user_id: user, conversation_id: conversation, message_limit_number: 50 });
    return body.data.message_detail_list.map((message: { content: string }) => message.content);
  }

  private async memories(): Promise<{ readonly memories: number; readonly doubledMemories: readonly string[] }> {
    let memories = 0;
    const doubledMemories: string[] = [];
    for (let user = 0; user < this.options.users; user += 1) {
      const texts: string[] = [];
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const { body } = await this.system.post('/get/memory', { user_id: `user-${user}`, page, size: 50 });
        pages = body.data.pages;
        texts.push(...body.data.memory_detail_list.map((item: { memory_value: string }) => item.memory_value));
      }
      memories += texts.length;
      doubledMemories.push(...repeated(texts));
    }
    return { memories, doubledMemories };
  }
}

async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += 16) results.push(...(await Promise.all(items.slice(start, start + 16).map(work))));
  return results;
}

const repeated = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.filter((text, position) => texts.indexOf(text) !== position)),
];
