import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';

/** Long after anything that still counts as recallable. */
const GIVE_UP_MS = 30_000;
const POLL_MS = 5;
/** The index takes longer, and each question takes from what it is to be measured on. */
const INDEX_POLL_MS = 20;

interface Found {
  readonly memory_detail_list: readonly { readonly id: string; readonly memory_value: string }[];
  readonly debug: {
    readonly items: readonly { readonly id: string; readonly kind: string; readonly explanation: Readonly<Record<string, unknown>> }[];
  };
}

/** Adds something new and asks for it until it is found. */
export class WriteToRecallable {
  private readonly connection: Connection;
  private readonly newName: (kind: string) => string;

  /** @param newName a word that stands nowhere else. */
  constructor(connection: Connection, newName: (kind: string) => string) {
    this.connection = connection;
    this.newName = newName;
  }

  /** By whatever means: the newest turns are found before the index has them. */
  async untilFound(user: string): Promise<boolean> {
    const mark = this.newName('parcel');
    if (!(await this.add(user, mark))) return false;
    return until(POLL_MS, async () => (await this.ask(user, mark, {})).includes(mark));
  }

  /** The memory, and by its words in the index. */
  async untilIndexed(user: string): Promise<boolean> {
    const mark = this.newName('parcel');
    if (!(await this.add(user, mark))) return false;
    return until(INDEX_POLL_MS, async () => {
      const { data } = JSON.parse(await this.ask(user, mark, { 'x-continuo-debug': 'explain' })) as { readonly data: Found };
      const ids = new Set(data.memory_detail_list.flatMap(({ id, memory_value: text }) => (text.includes(mark) ? [id] : [])));
      return data.debug.items.some(
        ({ id, kind, explanation }) => ids.has(id) && kind === 'fact' && typeof explanation['lexical_rank'] === 'number',
      );
    });
  }

  private async add(user: string, mark: string): Promise<boolean> {
    const { status } = await this.connection.post('/add/message', {
      user_id: user,
      conversation_id: this.newName('talk'),
      messages: [{ role: 'user', content: `My parcel ${mark} is at the post office in Porto.` }],
    });
    return status === 200;
  }

  private async ask(user: string, mark: string, headers: Readonly<Record<string, string>>): Promise<string> {
    const { text } = await this.connection.post('/search/memory', { user_id: user, query: `Where is my parcel ${mark}?` }, headers);
    return text;
  }
}

async function until(everyMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const end = performance.now() + GIVE_UP_MS; performance.now() < end; await sleep(everyMs)) if (await holds()) return true;
  return false;
}
