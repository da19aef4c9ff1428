import { setTimeout as sleep } from 'node:timers/promises';
import type { Said } from './cluster-chaos-load.ts';
import { pick, randomFrom } from './random.ts';
import { type ConnectionKind, type RequestKind, type RequestResult, type RequestTarget, RollingClient } from './rolling-client.ts';

const USERS = 12;
/** Requests that share a conversation; few enough for one look at its transcript. */
const THREAD_REQUESTS = 10;
/** Of ten requests. */
const MIXTURE: readonly RequestKind[] = ['add', 'add', 'add', 'add', 'search', 'search', 'chat', 'chat', 'stream', 'stream'];

/** One request and what became of it. */
export interface RollingAttempt extends RequestResult {
  readonly kind: RequestKind;
  readonly connection: ConnectionKind;
  readonly sentAt: number;
  readonly endedAt: number;
  /** What the reply says was missing of recall. */
  readonly missingArms: readonly string[];
}

/** Adds, searches and chats in an open loop, half of them over connections of their own. Each is sent once. */
export class RollingLoad {
  readonly attempts: RollingAttempt[] = [];
  readonly said: Said[] = [];
  readonly #client: RollingClient;
  readonly #rate: number;
  readonly #random: () => number;
  readonly #inFlight = new Set<Promise<void>>();
  #sent = 0;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  /** @param rate requests a second, whatever becomes of those before */
  constructor(target: RequestTarget, { rate, seed }: { readonly rate: number; readonly seed: number }) {
    this.#client = new RollingClient(target);
    this.#rate = rate;
    this.#random = randomFrom(seed);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when every request has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await Promise.all(this.#inFlight);
    this.#client.close();
  }

  async #run(): Promise<void> {
    let due = Date.now();
    while (!this.#isStopped) {
      const sending = this.#next().finally(() => this.#inFlight.delete(sending));
      this.#inFlight.add(sending);
      due += (1_000 / this.#rate) * (0.5 + this.#random());
      await sleep(Math.max(0, due - Date.now()));
    }
  }

  async #next(): Promise<void> {
    this.#sent += 1;
    const number = this.#sent;
    const kind = pick(this.#random, MIXTURE);
    const connection = pick(this.#random, ['kept', 'new'] as const);
    const user = `user-${Math.floor(this.#random() * USERS)}`;
    const content = `My locker number ${number} is in room red${number}.`;
    if (kind === 'search') {
      await this.#attempt(
        kind,
        connection,
        { user_id: user, query: `Where is locker number ${Math.max(1, number - 50)}?`, relativity: 0 },
        null,
      );
      return;
    }
    const conversation = `thread-${user}-${Math.floor(number / THREAD_REQUESTS)}`;
    const said = this.#say(kind, user, conversation, content, number);
    const body = kind === 'add' ? { messages: said.contents.map(messageOf) } : { query: content, stream: kind === 'stream' };
    const answer = kind === 'add' ? null : answerTo(content);
    const { outcome, reply } = await this.#attempt(kind, connection, { user_id: user, conversation_id: conversation, ...body }, answer);
    said.acknowledged = outcome === 'ok';
    if (said.acknowledged && kind === 'add') said.taskId = (JSON.parse(reply) as { data: { task_id: string } }).data.task_id;
  }

  #say(kind: RequestKind, user: string, conversation: string, content: string, number: number): Said {
    const said: Said = {
      kind: kind === 'add' ? 'add' : 'chat',
      user,
      conversation,
      contents: kind === 'add' ? [content, `Locker ${number} is written down.`] : [content, answerTo(content)],
      memory: `The user's locker number ${number} is in room red${number}.`,
      isAlone: false,
      acknowledged: false,
      taskId: null,
    };
    this.said.push(said);
    return said;
  }

  async #attempt(kind: RequestKind, connection: ConnectionKind, body: object, answer: string | null): Promise<RequestResult> {
    const sentAt = Date.now();
    const sent = await this.#client.send(kind, connection, body);
    const isWhole = answer === null || sent.outcome !== 'ok' || answerIn(kind, sent.reply) === answer;
    const result: RequestResult = isWhole ? sent : { ...sent, outcome: 'cut', detail: 'not the whole answer' };
    this.attempts.push({ ...result, kind, connection, sentAt, endedAt: Date.now(), missingArms: missingArmsOf(kind, result) });
    return result;
  }
}

const messageOf = (content: string, position: number) => ({ role: position === 0 ? 'user' : 'assistant', content });

/** What the model says to it, so that a transcript can be held to it: long, because it is streamed for seconds. */
export const answerTo = (content: string): string => `You said, and I will keep it in mind for later: ${content} Is there anything else?`;

const answerIn = (kind: RequestKind, reply: string): string =>
  kind === 'stream' ? reply : (JSON.parse(reply) as { data: { response: string } }).data.response;

function missingArmsOf(kind: RequestKind, { outcome, reply }: RequestResult): readonly string[] {
  if (outcome !== 'ok' || kind === 'add' || kind === 'stream') return [];
  const { data } = JSON.parse(reply) as { data: { debug?: { missing_arms?: readonly string[] } } };
  return data.debug?.missing_arms ?? [];
}
