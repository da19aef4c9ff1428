import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialCluster } from './cluster-chaos-cluster.ts';
import type { Said } from './cluster-chaos-load.ts';
import { continuo } from './command-line.ts';

const ASK_WITHIN_MS = 30_000;
const AT_ONCE = 16;

/** What is left when everything has come to rest. */
export interface Audit {
  readonly acknowledgedMessages: number;
  readonly tasks: number;
  readonly memories: number;
  readonly lostMessages: readonly string[];
  readonly doubledMessages: readonly string[];
  /** Adds and turns of which only a part is there. */
  readonly halfWritten: readonly string[];
  readonly lostMemories: readonly string[];
  readonly doubledMemories: readonly string[];
  readonly unendedTasks: readonly string[];
  readonly failedTasks: readonly string[];
  readonly indexDifferences: number;
  readonly settledAfterMs: number;
}

/** What is looked at: where it answers, and what its command line needs. */
export type Audited = Pick<TrialCluster, 'base' | 'key' | 'settings'>;

type Differences = { readonly missing: number; readonly stale: number; readonly extra: number; readonly waiting: number };

/** Waits until all work has ended, at most so long, then looks at everything that was said. */
export async function audit(cluster: Audited, said: readonly Said[], settleMs: number): Promise<Audit> {
  const ask = new Asking(cluster);
  const startedAt = Date.now();
  const until = startedAt + settleMs;
  const tasks = said.flatMap(({ taskId }) => taskId ?? []);
  const { unendedTasks, failedTasks } = await ask.untilEnded(tasks, until);
  const memories = await ask.untilRemembered(said, until);
  const indexDifferences = await untilIndexAgrees(cluster, until);
  const settledAfterMs = Date.now() - startedAt;
  return {
    acknowledgedMessages: said.filter(({ acknowledged }) => acknowledged).reduce((sum, { contents }) => sum + contents.length, 0),
    tasks: tasks.length,
    ...(await ask.messages(said)),
    ...memories,
    unendedTasks,
    failedTasks,
    indexDifferences,
    settledAfterMs,
  };
}

class Asking {
  readonly #cluster: Audited;

  constructor(cluster: Audited) {
    this.#cluster = cluster;
  }

  async untilEnded(tasks: readonly string[], until: number): Promise<Pick<Audit, 'unendedTasks' | 'failedTasks'>> {
    const failedTasks: string[] = [];
    let open = tasks;
    for (;;) {
      const states = await inBatches(open, async (task) => (await this.#post('get/status', { task_id: task })).data);
      failedTasks.push(...states.flatMap((state) => (state?.status === 'failed' ? [`${state.task_id}: ${state.reason}`] : [])));
      open = open.filter((_, position) => !['completed', 'failed'].includes(states[position]?.status));
      if (open.length === 0 || Date.now() > until) return { unendedTasks: open, failedTasks };
      await sleep(500);
    }
  }

  /** Turns of chats have no task: their memories tell that they were mined. */
  async untilRemembered(said: readonly Said[], until: number): Promise<Pick<Audit, 'memories' | 'lostMemories' | 'doubledMemories'>> {
    const users = [...new Set(said.map(({ user }) => user))];
    const wanted = said.filter(({ acknowledged }) => acknowledged).map(({ user, memory }) => `${user}: ${memory}`);
    for (;;) {
      const texts = (await inBatches(users, (user) => this.#memoriesOf(user))).flat();
      const known = new Set(texts);
      const lostMemories = wanted.filter((memory) => !known.has(memory));
      if (lostMemories.length === 0 || Date.now() > until)
        return { memories: texts.length, lostMemories, doubledMemories: repeated(texts) };
      await sleep(1_000);
    }
  }

  async messages(said: readonly Said[]): Promise<Pick<Audit, 'lostMessages' | 'doubledMessages' | 'halfWritten'>> {
    const conversations = new Map(said.map((each) => [keyOf(each), each]));
    const transcripts = new Map(
      await inBatches([...conversations], async ([key, each]): Promise<[string, readonly string[]]> => [key, await this.#transcript(each)]),
    );
    const lostMessages: string[] = [];
    const doubledMessages: string[] = [];
    const halfWritten: string[] = [];
    for (const each of said) {
      const there = transcripts.get(keyOf(each)) ?? [];
      const counts = each.contents.map((content) => there.filter((one) => one === content).length);
      const words = `${keyOf(each)}: ${each.contents[0]}`;
      if (each.acknowledged && counts.includes(0)) lostMessages.push(words);
      if (counts.some((count) => count > 1)) doubledMessages.push(words);
      const isHalf = new Set(counts).size > 1 || (each.isAlone && there.length !== 0 && there.length !== 2);
      if (isHalf) halfWritten.push(`${words} (${there.length} messages)`);
    }
    return { lostMessages, doubledMessages, halfWritten };
  }

  async #transcript({ user, conversation }: Said): Promise<readonly string[]> {
    const { data } = await this.#post('get/message', { user_id: user, conversation_id: conversation, message_limit_number: 50 });
    return data.message_detail_list.map((message: { content: string }) => message.content);
  }

  async #memoriesOf(user: string): Promise<readonly string[]> {
    const texts: string[] = [];
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const { data } = await this.#post('get/memory', { user_id: user, page, size: 50 });
      pages = data.pages;
      texts.push(...data.memory_detail_list.map((item: { memory_value: string }) => `${user}: ${item.memory_value}`));
    }
    return texts;
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
  async #post(path: string, body: object): Promise<{ readonly data: any }> {
    const response = await fetch(`${this.#cluster.base}/${path}`, {
      method: 'POST',
      headers: { authorization: `Token ${this.#cluster.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ASK_WITHIN_MS),
    });
    if (!response.ok) throw new Error(`${path} answers ${response.status} when all is over: ${await response.text()}`);
    return (await response.json()) as { data: unknown };
  }
}

/** What differs when nothing is on its way any more. */
async function untilIndexAgrees(cluster: Audited, until: number): Promise<number> {
  for (;;) {
    const { missing, stale, extra, waiting } = await compared(cluster);
    // What is on its way is no difference, and no agreement either.
    const different = missing + stale + extra + waiting;
    if (waiting === 0 || Date.now() > until) return different;
    await sleep(1_000);
  }
}

/** The command says by its exit code, too, that something differs. */
async function compared(cluster: Audited): Promise<Differences> {
  try {
    return (await continuo(cluster.settings, 'index', 'verify')) as Differences;
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout === undefined || stdout === '') throw error;
    return JSON.parse(stdout) as Differences;
  }
}

const keyOf = ({ user, conversation }: Said): string => `${user} ${conversation}`;

const repeated = (texts: readonly string[]): readonly string[] => {
  const seen = new Set<string>();
  return texts.filter((text) => seen.has(text) || !seen.add(text));
};

async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE)
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  return results;
}
