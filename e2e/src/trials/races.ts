import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../system.ts';
import { exported } from './move-command.ts';
import { faultsOf, type Outcome } from './races-checks.ts';
import { type Current, type Done, perform, type Person, type Slot, SLOTS, wishesAtRandom } from './races-operations.ts';
import { pick, randomFrom } from './random.ts';

export interface RacesOptions {
  readonly interleavings: number;
  readonly seed: number;
}

export interface RacesReport {
  readonly interleavings: number;
  readonly operations: number;
  /** How often each kind was done. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** One subject has a past, but not an endless one. */
const INTERLEAVINGS_OF_ONE = 25;
const MOST_STAGES = 4;
const MOST_AT_ONCE = 3;
const LONGEST_DELAY_MS = 8;
const TASK_TIMEOUT_MS = 30_000;

/**
 * Changes one subject's memories in all ways at once, over and over: adds with their extraction, updates, deletions, feedback, edits of a
 * profile. Stages follow each other without waiting for anything to be mined; within a stage all goes at the same time.
 */
export async function race(system: System, options: RacesOptions): Promise<RacesReport> {
  const random = randomFrom(options.seed);
  const kinds: Record<string, number> = {};
  const faults: string[] = [];
  const people: Person[] = [];
  let operations = 0;
  for (let number = 0; number < options.interleavings; number += 1) {
    if (number % INTERLEAVINGS_OF_ONE === 0) people.push(await newPerson(system, `racer-${options.seed}-${people.length}`));
    const person = people.at(-1) as Person;
    const slot = pick(random, SLOTS);
    const { done, found } = await interleave(system, person, slot, random);
    operations += done.length;
    for (const { kind } of done) kinds[kind] = (kinds[kind] ?? 0) + 1;
    if (found.length > 0) faults.push(...found.map((fault) => `interleaving ${number} (${slot.name}): ${fault}\n      ${told(done)}`));
  }
  faults.push(...(await brokenHistories(system, people)));
  return { interleavings: options.interleavings, operations, kinds, faults };
}

const told = (done: readonly Done[]): string =>
  done
    .map(({ kind, value, removed, status, began, ended }) => `${began}–${ended} ${kind} ${removed ?? ''}>${value ?? ''} ${status}`)
    .join(' · ');

async function interleave(
  system: System,
  person: Person,
  slot: Slot,
  random: () => number,
): Promise<{ readonly done: readonly Done[]; readonly found: readonly string[] }> {
  const done: Done[] = [];
  const stages = 1 + Math.floor(random() * MOST_STAGES);
  let known = await currentOf(system, person, slot);
  for (let stage = 0; stage < stages; stage += 1) {
    const together = 1 + Math.floor(random() * MOST_AT_ONCE);
    // Drawn before anything runs, so that a seed means the same wishes again.
    const drawn = Array.from({ length: together }, () => ({
      delayMs: random() * LONGEST_DELAY_MS,
      wishes: wishesAtRandom(slot, known, random),
    }));
    const running = drawn.map(async ({ delayMs, wishes }) => {
      await sleep(delayMs);
      for (const wish of wishes) done.push(await perform(system, person, wish));
    });
    await Promise.all(running);
    if (random() < 0.3) known = await currentOf(system, person, slot);
  }
  const settled = random() < 0.5 ? await whenSettled(system, person, slot, done) : null;
  const final = wishesAtRandom(slot, settled ?? known, random);
  for (const wish of final) done.push(await perform(system, person, wish));
  const current = await whenSettled(system, person, slot, done);
  return {
    done,
    found: faultsOf(
      slot,
      done,
      { current: settled, said: final.length > 1 ? (final[0]?.value ?? null) : null },
      await outcomeOf(system, person, done, current),
    ),
  };
}

async function whenSettled(system: System, person: Person, slot: Slot, done: readonly Done[]): Promise<readonly Current[]> {
  for (const { taskId } of done) if (taskId !== null) await finished(system, taskId);
  return currentOf(system, person, slot);
}

async function finished(system: System, taskId: string): Promise<void> {
  const until = Date.now() + TASK_TIMEOUT_MS;
  for (;;) {
    const { body } = await system.post('/get/status', { task_id: taskId });
    if (body.data?.status === 'completed') return;
    if (body.data?.status === 'failed' || Date.now() > until) throw new Error(`a task did not complete: ${JSON.stringify(body)}`);
    await sleep(10);
  }
}

async function currentOf(system: System, { user }: Person, slot: Slot): Promise<readonly Current[]> {
  const { body } = await system.post('/get/memory', { user_id: user, size: 50 });
  const items = body.data.memory_detail_list as readonly { id: string; memory_value: string; create_time: number }[];
  return items.flatMap(({ id, memory_value: text, create_time: createdAt }) => {
    const value = slot.valueOf(text);
    return value === null ? [] : [{ id, value, createdAt }];
  });
}

async function outcomeOf(system: System, person: Person, done: readonly Done[], current: readonly Current[]): Promise<Outcome> {
  const memories = new Map<string, { content: string; status: string }>();
  for (const id of new Set(done.flatMap(({ memoryId }) => memoryId ?? []))) {
    const { body } = await system.get(`/get/memory/${id}`);
    if (body.data !== null) memories.set(id, { content: String(body.data.content), status: String(body.data.status) });
  }
  const { body } = await system.post('/get/memory', { user_id: person.user, include_memory_view: ['profile'] });
  const badge: unknown = body.data.profile_detail_list[0]?.properties?.Badge?.value;
  return { current, memories, badge: typeof badge === 'string' ? badge : null };
}

async function newPerson(system: System, user: string): Promise<Person> {
  const metadata = { Badge: { value: '', algorithm_updatable: false } };
  const { body } = await system.post('/add/profile_template', { name: `races of ${user}`, metadata });
  const templateId: string = body.data.profile_template_id;
  await system.post('/bind/profile_template', { bind_list: [{ user_id: user, profile_template_id: templateId }] });
  return { user, templateId };
}

/** A memory as an export tells of it. */
interface Exported {
  readonly row: string;
  readonly subject?: string;
  readonly id: string;
  readonly topicKey: string | null;
  readonly status: string;
  readonly negated: boolean;
  readonly supersededBy: string | null;
  readonly validTo: number | null;
}

/** As exported: one value of a slot holds at a time, what was replaced names what replaced it, and no such chain goes in a circle. */
async function brokenHistories(system: System, people: readonly Person[]): Promise<readonly string[]> {
  const memories = new Map<string, Exported[]>();
  let user = '';
  for (const line of await exported(system.settings)) {
    const row = JSON.parse(line) as Exported;
    if (row.row === 'subject') user = (row.subject ?? '').slice('user:'.length);
    if (row.row === 'memory') memories.set(user, [...(memories.get(user) ?? []), row]);
  }
  return people.flatMap(({ user: name }) => SLOTS.flatMap((slot) => brokenHistory(memories.get(name) ?? [], name, slot.name)));
}

function brokenHistory(memories: readonly Exported[], user: string, topicKey: string): readonly string[] {
  const found = memories.filter((memory) => memory.topicKey === topicKey);
  const byId = new Map(found.map((memory) => [memory.id, memory]));
  const current = found.filter(({ status, negated }) => status === 'current' && !negated);
  const faults = current.length > 1 ? [`${user}: ${current.length} values of ${topicKey} are current`] : [];
  for (const memory of found) {
    if (memory.status === 'current' && memory.supersededBy !== null) faults.push(`${user}: a current memory was superseded`);
    if (memory.status === 'superseded' && memory.validTo === null) faults.push(`${user}: a superseded memory never ended`);
    const seen = new Set<string>();
    for (let next = memory.supersededBy; next !== null; next = byId.get(next)?.supersededBy ?? null) {
      if (seen.has(next)) {
        faults.push(`${user}: memories of ${topicKey} supersede each other in a circle`);
        break;
      }
      seen.add(next);
    }
  }
  return faults;
}
