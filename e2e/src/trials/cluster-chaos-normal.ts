import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './cluster-chaos-request.ts';

const LOOK_EVERY_MS = 100;
const ASK_WITHIN_MS = 30_000;
const ANCHOR = 'the-anchor';
/** Long enough for the index to have taken over from what recall reads beside it. */
const SETTLED = {
  user_id: ANCHOR,
  conversation_id: 'harbour',
  messages: [{ role: 'user', content: 'My locker number 0 is in room harbour0.' }],
};

/** Looks whether everything works as it does in calm: chats with all of recall, and adds that are mined. */
export class Normality {
  readonly #target: Target;
  readonly #withinMs: number;
  readonly #signal: AbortSignal;
  #looks = 0;

  constructor(target: Target, withinMs: number, signal: AbortSignal) {
    this.#target = target;
    this.#withinMs = withinMs;
    this.#signal = signal;
  }

  /** Says what is looked for later. */
  async prepare(): Promise<void> {
    await this.#post('add/message', { ...SETTLED, async_mode: false });
  }

  /** Resolves when it is so, with null; when it takes too long, with what is missing. */
  async await(): Promise<string | null> {
    const until = Date.now() + this.#withinMs;
    for (;;) {
      const missing = await this.#missing();
      if (missing === null) return null;
      if (Date.now() > until) return `${missing}, ${this.#withinMs / 1_000} s after its end`;
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.#signal });
    }
  }

  async #missing(): Promise<string | null> {
    try {
      const found = await this.#post('search/memory', { user_id: ANCHOR, query: 'In which room is my locker number 0?', relativity: 0 });
      const { recall, missing_arms: arms, items } = found.data.debug as Explained;
      if (recall !== 'ok' || arms.length > 0) return `a search is ${recall} without [${arms.join(', ')}]`;
      if (!items.some(({ explanation }) => typeof explanation['lexical_rank'] === 'number')) return 'the index does not find what it had';
      const chat = await this.#post('chat', {
        user_id: ANCHOR,
        query: 'In which room is my locker number 0?',
        add_message_on_answer: false,
      });
      if (!String(chat.data.response).startsWith('Noted')) return 'a chat is answered by the model that stands in';
      this.#looks += 1;
      const fresh = {
        user_id: `fresh-${this.#looks}`,
        conversation_id: 'c',
        messages: [{ role: 'user', content: 'My locker number 0 is in room fresh0.' }],
      };
      const added = await this.#post('add/message', { ...fresh, async_mode: false });
      return added.data.status === 'completed' ? null : 'an add is not mined';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async #post(path: string, body: object): Promise<Reply> {
    const response = await fetch(`${this.#target.base}/${path}`, {
      method: 'POST',
      headers: { authorization: `Token ${this.#target.key}`, 'content-type': 'application/json', 'X-Continuo-Debug': 'explain' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ASK_WITHIN_MS),
    });
    if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
    return (await response.json()) as Reply;
  }
}

interface Reply {
  // oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
  readonly data: any;
}

interface Explained {
  readonly recall: string;
  readonly missing_arms: readonly string[];
  readonly items: readonly { readonly explanation: Readonly<Record<string, unknown>> }[];
}
