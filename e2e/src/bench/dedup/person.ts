import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, System } from '../../system.ts';
import type { Said } from './case.ts';

/** What a list or a search returned. */
export interface Seen {
  readonly id: string;
  readonly text: string;
  /** The messages it rests on, as they were said. */
  readonly sources: readonly string[];
  readonly status: string;
}

/** What became of a message. */
export type Mined = 'remembered' | 'nothing in it' | 'already known';

interface Listed {
  readonly id: string;
  readonly memory_value?: string;
  readonly preference?: string;
  readonly memory_type?: string;
  readonly relativity?: number;
}

interface Lists {
  readonly memory_detail_list: readonly Listed[];
  readonly preference_detail_list: readonly Listed[];
}

const MOST = 50;
const LONGEST_MINING_MS = 180_000;
const LOOK_MS = 100;

/** One user of the server, who is known by HTTP alone. */
export class Person {
  readonly id: string;
  private readonly system: System;
  /** What a memory rests on may grow: nothing is kept between two looks. */
  private sources = new Map<string, Seen>();

  constructor(system: System, id: string) {
    this.system = system;
    this.id = id;
  }

  /** Says it and waits until it is mined. */
  async say({ conversation, atMs, text }: Said): Promise<Mined> {
    this.sources = new Map();
    const message = { role: 'user', content: text, chat_time: new Date(atMs).toISOString() };
    const added = await this.system.post('/add/message', {
      user_id: this.id,
      conversation_id: conversation,
      messages: [message],
      async_mode: false,
    });
    const { reason } = await this.mined((data(added.body) as { readonly task_id: string }).task_id);
    return reason === 'no_facts' ? 'nothing in it' : reason === 'duplicate' ? 'already known' : 'remembered';
  }

  /** What is current. */
  async memories(): Promise<readonly Seen[]> {
    const { body } = await this.system.post('/get/memory', { user_id: this.id, size: MOST });
    const lists = data(body) as Lists;
    return Promise.all([...lists.memory_detail_list, ...lists.preference_detail_list].map((item) => this.seen(item)));
  }

  /** What a search finds, best first; turns as they were said among it. */
  async search(query: string): Promise<readonly Seen[]> {
    const { body } = await this.system.post('/search/memory', { user_id: this.id, query });
    const lists = data(body) as Lists;
    const found = [...lists.memory_detail_list, ...lists.preference_detail_list];
    return Promise.all(found.toSorted((one, other) => (other.relativity ?? 0) - (one.relativity ?? 0)).map((item) => this.seen(item)));
  }

  /** What a chat answers. */
  async ask(query: string): Promise<string> {
    const { body } = await this.system.post('/chat', { user_id: this.id, conversation_id: 'asking', query });
    return (data(body) as { readonly response: string }).response;
  }

  async forget(ids: readonly string[]): Promise<void> {
    data((await this.system.post('/delete/memory', { memory_ids: ids })).body);
  }

  async beErased(): Promise<void> {
    data((await this.system.post('/delete/memory', { user_id: this.id })).body);
  }

  /** A busy machine may take longer than an add waits. */
  private async mined(taskId: string): Promise<{ readonly reason?: string }> {
    for (const until = Date.now() + LONGEST_MINING_MS; Date.now() < until; await sleep(LOOK_MS)) {
      const task = data((await this.system.post('/get/status', { task_id: taskId })).body) as {
        readonly status: string;
        readonly reason?: string;
      };
      if (task.status === 'completed') return task;
      if (task.status === 'failed') break;
    }
    throw new Error(`the messages of ${this.id} were not mined`);
  }

  private async seen(item: Listed): Promise<Seen> {
    const text = item.memory_value ?? item.preference ?? '';
    if (item.memory_type === 'WorkingMemory') return { id: item.id, text, sources: [text], status: 'turn' };
    const known = this.sources.get(item.id);
    if (known !== undefined) return known;
    const { body } = await this.system.get(`/get/memory/${item.id}`);
    const whole = data(body) as { readonly status: string; readonly messages: readonly { readonly content: string }[] };
    const seen = { id: item.id, text, sources: whole.messages.map(({ content }) => content), status: whole.status };
    this.sources.set(item.id, seen);
    return seen;
  }
}

function data(body: Answer['body']): unknown {
  if (body?.code !== 0) throw new Error(`refused: ${JSON.stringify(body)}`);
  return body.data;
}
