import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../system.ts';
import { pick, randomFrom } from './random.ts';

const CITIES = ['Lyon', 'Paris', 'Graz', 'Porto', 'Bergen', 'Gdansk', 'Turin', 'Malmo', 'Ghent', 'Split'];
const JOBS = ['baker', 'nurse', 'carpenter', 'teacher', 'pilot', 'gardener', 'translator', 'plumber'];
const THINGS = ['black tea', 'jazz', 'long walks', 'crime novels', 'sour cherries', 'chess', 'old maps', 'thunderstorms'];
const FOODS = ['seafood', 'mushrooms', 'peanuts', 'olives', 'blue cheese', 'coriander'];
const SISTERS = ['Mia', 'Ella', 'Ida', 'Nora', 'Vera', 'Zoe'];
const AT_ONCE = 12;
const POLL_MS = 100;
const SETTLE_MS = 600_000;

export const CONVERSATIONS = ['first', 'second'] as const;

/** What one person says, and then takes back. */
export interface Person {
  readonly user: string;
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** The sentence whose memory is deleted in the end; null: none is. */
  readonly takenBack: string | null;
}

/** People alike and yet each of them another, as they would be for the same seed. */
export function peopleOf(users: number, seed: number): readonly Person[] {
  const random = randomFrom(seed);
  return Array.from({ length: users }, (_, number) => {
    const sister = `My sister ${pick(random, SISTERS)} is a ${pick(random, JOBS)} in ${pick(random, CITIES)}.`;
    const city = pick(random, CITIES);
    const next = pick(
      random,
      CITIES.filter((each) => each !== city),
    );
    return {
      user: `person-${number}`,
      first: [`I live in ${city}.`, `I work as a ${pick(random, JOBS)}.`, `I like ${pick(random, THINGS)}.`],
      second: [`We moved to ${next} last week.`, sister, `Never suggest ${pick(random, FOODS)} to me.`],
      takenBack: number % 3 === 0 ? sister : null,
    };
  });
}

/** What is asked of everybody in turn. */
export const QUESTIONS = [
  'Where do I live?',
  'What is my job?',
  'What do I like?',
  'What does my sister do?',
  'What should we cook tonight?',
  'Tell me about my family and my town.',
];

/** Tells the installation everything and waits until it has settled. */
export async function fill(system: System, people: readonly Person[]): Promise<void> {
  for (const conversation of CONVERSATIONS) {
    const tasks = await inBatches(people, async (person) => {
      const messages = person[conversation].map((content) => ({ role: 'user', content }));
      const { body } = await system.post('/add/message', { user_id: person.user, conversation_id: conversation, messages });
      return body.data.task_id as string;
    });
    await inBatches(tasks, (task) => untilEnded(system, task));
  }
  await inBatches(
    people.filter(({ takenBack }) => takenBack !== null),
    (person) => takeBack(system, person),
  );
  await untilSettled(system);
}

/** Nothing waits for the index or for a vector. */
export async function untilSettled(system: System): Promise<void> {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const { body } = await system.get(`${system.origin}/readyz`);
    const parts = body.parts as readonly { readonly name: string; readonly state: string; readonly words: string }[];
    const wordsOf = (wanted: string): string => parts.find(({ name }) => name === wanted)?.words ?? '';
    const areVectorsThere = parts.some(({ name, state }) => name === 'embeddings' && state === 'ready');
    if (areVectorsThere && wordsOf('index').includes(', 0 waiting')) return;
    if (Date.now() > until) throw new Error(`it does not settle: ${JSON.stringify(body)}`);
    await sleep(POLL_MS);
  }
}

async function takeBack(system: System, { user, takenBack }: Person): Promise<void> {
  const words = takenBack?.slice(3, -1) ?? '';
  const { body } = await system.post('/get/memory', { user_id: user, size: 50 });
  const items = body.data.memory_detail_list as readonly { readonly id: string; readonly memory_value: string }[];
  const memory = items.find(({ memory_value }) => memory_value.includes(words.split(' ')[1] ?? words));
  if (memory === undefined) throw new Error(`nothing was remembered of "${takenBack}": ${JSON.stringify(items)}`);
  const deleted = await system.post('/delete/memory', { memory_ids: [memory.id] });
  if (deleted.status !== 200) throw new Error(`not deleted: ${JSON.stringify(deleted.body)}`);
}

async function untilEnded(system: System, task: string): Promise<void> {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const { body } = await system.post('/get/status', { task_id: task });
    if (body.data.status === 'completed') return;
    if (body.data.status === 'failed' || Date.now() > until) throw new Error(`not mined: ${JSON.stringify(body)}`);
    await sleep(POLL_MS);
  }
}

/** Some at once, the results in order. */
export async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let position = next++; position < items.length; position = next++) results[position] = await work(items[position] as Item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
