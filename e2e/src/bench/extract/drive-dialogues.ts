import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../system.ts';
import type { Dialogue, Turn } from './dialogue.ts';
import type { KeptMemory } from './judge.ts';

const TASK_TIMEOUT_MS = 180_000;
const ASK_EVERY_MS = 50;
const PAGE_SIZE = 50;
const MINUTE_MS = 60_000;

export interface DriveOptions {
  /** Users that speak at a time. */
  readonly concurrency: number;
  /** Called after each batch, with the turns that it completed. */
  readonly batchDone: (answeredTurns: number) => void;
  /** A dialogue is one batch. */
  readonly atOnce: boolean;
  /** Called while a batch is waited for; it may throw. Null: the request itself waits. */
  readonly whileWaiting: (() => void) | null;
}

interface SentBatch {
  readonly messages: readonly SentMessage[];
  /** Turns that it completes. */
  readonly answered: number;
}

export interface SentMessage {
  readonly role: string;
  readonly content: string;
  readonly chat_time: string;
}

/** Tells the server every dialogue, each as a user of its own, turn by turn, and returns what it keeps of each. */
export async function driveDialogues(
  system: System,
  dialogues: readonly Dialogue[],
  { concurrency, batchDone, atOnce, whileWaiting }: DriveOptions,
): Promise<ReadonlyMap<Dialogue, readonly KeptMemory[]>> {
  const kept = new Map<Dialogue, readonly KeptMemory[]>();
  const waiting = [...dialogues];
  const speak = async (): Promise<void> => {
    for (let dialogue = waiting.shift(); dialogue !== undefined; dialogue = waiting.shift()) {
      for (const batch of batchesOf(dialogue, atOnce)) {
        await addAndWait(system, { userId: dialogue.id, conversationId: 'one', messages: batch.messages, whileWaiting });
        batchDone(batch.answered);
      }
      kept.set(dialogue, await memoriesOf(system, dialogue.id));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, speak));
  return kept;
}

/** What is said last is answered, too, as every turn of a chat is. */
const LAST_ANSWER: Turn = { role: 'assistant', content: 'OK.' };

/** As a chat client adds it: what led to an answer, together with the answer; or all turns at once, as after a while of waiting. */
function batchesOf({ at, turns }: Dialogue, atOnce: boolean): readonly SentBatch[] {
  const begin = Date.parse(`${at.replace(' ', 'T')}:00Z`);
  const batches: SentMessage[][] = [[]];
  const said = turns.at(-1)?.role === 'assistant' ? turns : [...turns, LAST_ANSWER];
  for (const [index, turn] of said.entries()) {
    batches.at(-1)?.push(messageOf(turn, begin + index * MINUTE_MS));
    if (turn.role === 'assistant' && !atOnce) batches.push([]);
  }
  return batches
    .filter((batch) => batch.length > 0)
    .map((messages) => ({ messages, answered: messages.filter(({ role }) => role === 'assistant').length }));
}

/** As the API reads times: the zone of the server, which is UTC here. */
const messageOf = ({ role, content }: Turn, at: number): SentMessage => ({
  role,
  content,
  chat_time: new Date(at).toISOString().slice(0, 19).replace('T', ' '),
});

export interface Batch {
  readonly userId: string;
  readonly conversationId: string;
  readonly messages: readonly SentMessage[];
  /** As in `DriveOptions`. */
  readonly whileWaiting: (() => void) | null;
}

/** Adds messages and waits until their task is done. */
export async function addAndWait(system: System, { userId, conversationId, messages, whileWaiting }: Batch): Promise<void> {
  const { body } = await system.post('/add/message', {
    user_id: userId,
    conversation_id: conversationId,
    messages,
    async_mode: whileWaiting !== null,
  });
  const taskId: string | undefined = body.data?.task_id;
  if (taskId === undefined) throw new Error(`${userId}: not taken: ${JSON.stringify(body)}`);
  if (body.data.status === 'completed') return;
  for (const until = Date.now() + TASK_TIMEOUT_MS; Date.now() < until; await sleep(ASK_EVERY_MS)) {
    const status = (await system.post('/get/status', { task_id: taskId })).body.data?.status;
    if (status === 'completed') return;
    whileWaiting?.();
    if (status === 'failed') throw new Error(`${userId}: the task ${taskId} failed`);
  }
  throw new Error(`${userId}: the task ${taskId} did not end`);
}

interface Listed {
  readonly id: string;
  readonly memory_value?: string;
  readonly memory_type?: string;
  readonly preference?: string;
  readonly event_value?: string;
}

/** Everything the server keeps of a user: facts, preferences, and events that are no facts. */
export async function memoriesOf(system: System, userId: string): Promise<readonly KeptMemory[]> {
  const kept = new Map<string, KeptMemory>();
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const { body } = await system.post('/get/memory', { user_id: userId, page, size: PAGE_SIZE });
    pages = body.data.pages;
    const lists = [
      ...body.data.memory_detail_list,
      ...body.data.preference_detail_list,
      ...body.data.event_detail_list,
    ] as readonly Listed[];
    for (const item of lists) if (!kept.has(item.id)) kept.set(item.id, memoryOf(item));
  }
  return [...kept.values()];
}

const ASSISTANT_VIEW = /^[[【]\s*assistant/iu;

function memoryOf({ memory_value: fact, memory_type: type, preference, event_value: event }: Listed): KeptMemory {
  const text = fact ?? preference ?? event ?? '';
  return {
    kind: fact !== undefined ? 'fact' : preference !== undefined ? 'preference' : 'event',
    text,
    // A preference is always the subject's.
    ofUser: preference !== undefined || type === 'UserMemory',
    isAssistantView: ASSISTANT_VIEW.test(text),
  };
}
