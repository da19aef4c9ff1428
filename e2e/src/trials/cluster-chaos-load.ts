import { setTimeout as sleep } from 'node:timers/promises';
import { send, type Attempt, type Target } from './cluster-chaos-request.ts';
import { pick, randomFrom } from './random.ts';

/** Requests that share a conversation; few enough for one look at its transcript. */
const THREAD_REQUESTS = 12;
/** Requests per user before others take over: for somebody who says nothing more, no later signal makes good a lost one. */
const REQUESTS_OF_USER = 5;
const SEND_AGAIN_AFTER_MS = 500;

export interface LoadOptions {
  /** Requests a second, whatever becomes of those before. */
  readonly rate: number;
  /** At the same time. */
  readonly users: number;
  readonly seed: number;
}

/** One thing a client said, however often it had to. */
export interface Said {
  readonly kind: 'add' | 'chat';
  readonly user: string;
  readonly conversation: string;
  /** What the user said in it, and in an add the assistant. */
  readonly contents: readonly string[];
  /** What has to become a memory. */
  readonly memory: string;
  /** Whether nothing else is said in this conversation. */
  readonly isAlone: boolean;
  acknowledged: boolean;
  /** Of an acknowledged add. */
  taskId: string | null;
}

interface Request {
  readonly said: Said;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** Adds and chats in an open loop; what fails is sent again once. */
export class Load {
  readonly attempts: Attempt[] = [];
  readonly said: Said[] = [];
  readonly #target: Target;
  readonly #options: LoadOptions;
  readonly #random: () => number;
  readonly #inFlight = new Set<Promise<void>>();
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(target: Target, options: LoadOptions) {
    this.#target = target;
    this.#options = options;
    this.#random = randomFrom(options.seed);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when every request has been answered, or given up. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await Promise.all(this.#inFlight);
  }

  async #run(): Promise<void> {
    let due = Date.now();
    while (!this.#isStopped) {
      const request = this.#next();
      const sending = this.#insist(request).finally(() => this.#inFlight.delete(sending));
      this.#inFlight.add(sending);
      due += (1_000 / this.#options.rate) * (0.5 + this.#random());
      await sleep(Math.max(0, due - Date.now()));
    }
  }

  #next(): Request {
    const number = this.said.length + 1;
    const { users } = this.#options;
    const user = `user-${Math.floor(number / (users * REQUESTS_OF_USER))}-${Math.floor(this.#random() * users)}`;
    const isAlone = this.#random() < 0.5;
    const conversation = isAlone ? `alone-${number}` : `thread-${user}-${Math.floor(number / THREAD_REQUESTS)}`;
    const room = `${pick(this.#random, ['red', 'green', 'blue'])}${number}`;
    const content = `My locker number ${number} is in room ${room}.`;
    const memory = `The user's locker number ${number} is in room ${room}.`;
    const common = { user, conversation, memory, isAlone, acknowledged: false, taskId: null };
    // In a conversation with others only a key tells a repeat from news.
    const headers = isAlone ? {} : { 'Idempotency-Key': `key-${number}` };
    const request = this.#random() < 0.6 ? this.#add(common, content, number) : this.#chat(common, content);
    this.said.push(request.said);
    return { ...request, headers: { ...headers, ...request.headers } };
  }

  #add(common: Omit<Said, 'kind' | 'contents'>, content: string, number: number): Request {
    const answer = `Locker ${number} is written down.`;
    const messages = [
      { role: 'user', content },
      { role: 'assistant', content: answer },
    ];
    const said: Said = { ...common, kind: 'add', contents: [content, answer] };
    return { said, body: { user_id: said.user, conversation_id: said.conversation, messages }, headers: {} };
  }

  #chat(common: Omit<Said, 'kind' | 'contents'>, content: string): Request {
    const said: Said = { ...common, kind: 'chat', contents: [content] };
    const explained = this.#random() < 0.5;
    const stream = this.#random() < 0.3;
    return {
      said,
      body: { user_id: said.user, conversation_id: said.conversation, query: content, stream },
      headers: explained ? { 'X-Continuo-Debug': 'explain' } : {},
    };
  }

  async #insist({ said, body, headers }: Request): Promise<void> {
    for (let time = 1; time <= 2; time += 1) {
      const { attempt, taskId } = await send(this.#target, said.kind, body, headers);
      this.attempts.push({ ...attempt, time });
      if (attempt.outcome === 'ok') {
        said.acknowledged = true;
        said.taskId = taskId;
        return;
      }
      await sleep(SEND_AGAIN_AFTER_MS * (1 + this.#random()));
    }
  }
}
