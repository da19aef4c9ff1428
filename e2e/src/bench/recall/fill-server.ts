import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../../system.ts';
import { readiness } from '../readiness.ts';
import type { RecallSet, SpokenSession, SpokenTurn, Unit } from './recall-set.ts';

/** What the server calls what was put into it. */
export interface FilledUnit {
  readonly userId: string;
  /** Ids of turns by the ids the server gave their messages. */
  readonly turnOf: Readonly<Record<string, string>>;
}

/** By the unit's id. */
export type Filled = Readonly<Record<string, FilledUnit>>;

const BATCH_MESSAGES = 20;
/** Well under the 40,000 tokens that one add may have. */
const BATCH_CHARACTERS = 60_000;
const UNITS_AT_ONCE = 3;
const TASK_TIMEOUT_MS = 20 * 60_000;
const TASK_POLL_MS = 100;
const SETTLE_TIMEOUT_MS = 30 * 60_000;
const SETTLE_POLL_MS = 500;
/** `/readyz` may say for so long that the vectors are complete after they were. */
const READINESS_AGE_MS = 10_500;

/** Puts all dialogues in, each unit as a user of its own, and waits until everything is mined, indexed and embedded. */
export async function fillServer(system: System, set: RecallSet, say: (line: string) => void): Promise<Filled> {
  const filled: Record<string, FilledUnit> = {};
  const tasks: string[] = [];
  const waiting = [...set.units];
  const work = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const { taskIds, ...rest } = await addUnit(system, set.name, unit);
      filled[unit.id] = rest;
      tasks.push(...taskIds);
      say(`  unit ${Object.keys(filled).length} of ${set.units.length}: ${Object.keys(rest.turnOf).length} messages`);
    }
  };
  await Promise.all(Array.from({ length: UNITS_AT_ONCE }, work));
  say(`  waiting for ${tasks.length} tasks`);
  await untilDone(system, tasks);
  say('  waiting for the vectors');
  await sleep(READINESS_AGE_MS);
  await untilEmbedded(system.origin);
  return filled;
}

/** Ids of the data must not reach the server: what is called "answer" would be found by that word. */
const opaque = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);

async function addUnit(system: System, setName: string, unit: Unit): Promise<FilledUnit & { readonly taskIds: readonly string[] }> {
  const userId = `u-${opaque(setName, unit.id)}`;
  const turnOf: Record<string, string> = {};
  const taskIds: string[] = [];
  for (const session of unit.sessions) {
    const conversationId = `c-${opaque(setName, unit.id, session.id)}`;
    for (const batch of batchesOf(session)) {
      taskIds.push(await addBatch(system, userId, conversationId, batch));
      const ids = await newestIds(system, userId, conversationId, batch.length);
      batch.forEach((turn, index) => (turnOf[ids[index] ?? ''] = turn.id));
    }
  }
  return { userId, turnOf, taskIds };
}

async function addBatch(system: System, userId: string, conversationId: string, batch: readonly SpokenTurn[]): Promise<string> {
  const messages = batch.map(({ role, speaker, text, at }) => ({
    role,
    content: text,
    chat_time: at,
    ...(speaker === null ? {} : { role_id: opaque('speaker', speaker), role_name: speaker }),
  }));
  const { body } = await system.post('/add/message', { user_id: userId, conversation_id: conversationId, messages });
  if (body.code !== 0) throw new Error(`the server refused messages: ${body.message}`);
  return body.data.task_id as string;
}

/** The contract names no ids when messages are added; the newest of their conversation are these. */
async function newestIds(system: System, userId: string, conversationId: string, count: number): Promise<readonly string[]> {
  const { body } = await system.post('/get/message', { user_id: userId, conversation_id: conversationId, message_limit_number: 50 });
  const listed = body.data.message_detail_list as readonly { readonly message_id: string }[];
  if (listed.length < count) throw new Error(`only ${listed.length} of ${count} messages are there`);
  return listed.slice(-count).map(({ message_id: id }) => id);
}

function batchesOf({ turns }: SpokenSession): readonly (readonly SpokenTurn[])[] {
  const batches: SpokenTurn[][] = [];
  let characters = Infinity;
  for (const turn of turns) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= BATCH_MESSAGES || characters + turn.text.length > BATCH_CHARACTERS) {
      batches.push([turn]);
      characters = turn.text.length;
    } else {
      last.push(turn);
      characters += turn.text.length;
    }
  }
  return batches;
}

/** Waits until the index waits for nothing and every vector is there. An endpoint that is down for a while is no end of it. */
export async function untilEmbedded(origin: string): Promise<void> {
  let last = '';
  for (const until = Date.now() + SETTLE_TIMEOUT_MS; Date.now() < until; await sleep(SETTLE_POLL_MS)) {
    const { index, embeddings } = await readiness(origin);
    last = `${index.words}; ${embeddings.words}`;
    if (index.words.includes(', 0 waiting') && embeddings.state === 'ready') return;
  }
  throw new Error(`the vectors were not there in time: ${last}`);
}

async function untilDone(system: System, tasks: readonly string[]): Promise<void> {
  const until = Date.now() + TASK_TIMEOUT_MS;
  for (const task of tasks) {
    for (;;) {
      const { body } = await system.post('/get/status', { task_id: task });
      if (body.data?.status === 'completed') break;
      if (body.data?.status === 'failed') throw new Error('a task failed: its memories were not made');
      if (Date.now() > until) throw new Error(`the tasks were not done within ${TASK_TIMEOUT_MS / 60_000} minutes`);
      await sleep(TASK_POLL_MS);
    }
  }
}
