import { markOf } from './bench-model.ts';
import type { Connection } from './connection.ts';

/** What was put into the inbox. Times are epoch milliseconds. */
export interface Added {
  readonly mark: number;
  readonly user: string;
  readonly taskId: string;
  /** When its add was acknowledged. */
  readonly at: number;
}

interface Listed {
  readonly data: { readonly memory_detail_list: readonly { readonly memory_value: string; readonly create_time: number }[] };
}

const ADDS_AT_ONCE = 8;
const LOOKS_AT_ONCE = 8;
const MARK = /\(mark (\d+)\)/u;

const PLACES = ['cellar', 'attic', 'garage', 'office', 'kitchen', 'garden shed', 'boat house', 'car'];
const sayingOf = (mark: number): string => `I keep parcel number ${mark} in the ${PLACES[mark % PLACES.length] ?? ''} ${markOf(mark)}.`;

/** One message of one subject or, of every second subject, two. */
export async function addOfMany(connection: Connection, subjects: number): Promise<readonly Added[]> {
  const added: Added[] = [];
  let mark = 0;
  await inParallel(subjects, ADDS_AT_ONCE, async (subject) => {
    const marks = Array.from({ length: 1 + (subject % 2) }, () => (mark += 1));
    added.push(...(await add(connection, `subject-${subject}`, marks)));
  });
  return added;
}

/** Messages of one subject one after the other, each as soon as the one before is acknowledged and its turn has come. */
export async function addOfOne(connection: Connection, messages: number, perSecond: number): Promise<readonly Added[]> {
  const [added, began]: [Added[], number] = [[], performance.now()];
  for (let mark = 1; mark <= messages; mark += 1) {
    const dueInMs = began + (mark * 1_000) / perSecond - performance.now();
    if (dueInMs > 0) await new Promise((resolve) => setTimeout(resolve, dueInMs));
    added.push(...(await add(connection, 'subject-0', [mark])));
  }
  return added;
}

async function add(connection: Connection, user: string, marks: readonly number[]): Promise<readonly Added[]> {
  const { status, text } = await connection.post('/add/message', {
    user_id: user,
    conversation_id: 'bench',
    messages: marks.map((mark) => ({ role: 'user', content: sayingOf(mark) })),
  });
  if (status !== 200) throw new Error(`an add answers ${status}: ${text}`);
  const { data } = JSON.parse(text) as { readonly data: { readonly task_id: string } };
  return marks.map((mark) => ({ mark, user, taskId: data.task_id, at: Date.now() }));
}

/** When the memory of each message was written, of those that have one. */
export async function committedAt(connection: Connection, users: readonly string[]): Promise<ReadonlyMap<number, number>> {
  const times = new Map<number, number>();
  await inParallel(users.length, LOOKS_AT_ONCE, async (place) => {
    const { text } = await connection.post('/get/memory', { user_id: users[place], size: 50 });
    for (const { memory_value: value, create_time: time } of (JSON.parse(text) as Listed).data.memory_detail_list) {
      const mark = Number(MARK.exec(value)?.[1] ?? Number.NaN);
      if (!Number.isNaN(mark)) times.set(mark, time);
    }
  });
  return times;
}

export async function isMined(connection: Connection, taskId: string): Promise<boolean> {
  const { text } = await connection.post('/get/status', { task_id: taskId });
  return (JSON.parse(text) as { readonly data: { readonly status: string } }).data.status === 'completed';
}

async function inParallel(count: number, atOnce: number, work: (place: number) => Promise<void>): Promise<void> {
  let next = 0;
  const some = async (): Promise<void> => {
    for (let place = next++; place < count; place = next++) await work(place);
  };
  await Promise.all(Array.from({ length: atOnce }, some));
}
