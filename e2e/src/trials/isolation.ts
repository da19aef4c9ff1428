import { MODE } from '../deployment/deployment.ts';
import type { System } from '../system.ts';
import { projectWithKey } from './command-line.ts';
import type { Person } from './isolation-person.ts';
import { pick, randomFrom } from './random.ts';
import { probeServices, type ServiceProbesReport } from './service-probes.ts';

export interface IsolationOptions {
  readonly users: number;
  readonly projects: number;
  /** In all; of a cluster half of them go straight to its services. */
  readonly probes: number;
  readonly seed: number;
}

export interface IsolationReport {
  /** Over HTTP. */
  readonly probes: number;
  /** Probes that returned something. */
  readonly found: number;
  /** Items that belonged to somebody else. */
  readonly leaks: readonly string[];
  /** Straight at the services; null: there are none. */
  readonly services: ServiceProbesReport | null;
}

const NOBODYS_MEMORY = '00000000-0000-5000-8000-000000000000';

const SUBJECTS = [
  'cello',
  'sailing boat',
  'sourdough bakery',
  'sister Mia',
  'old Volvo',
  'greenhouse',
  'marathon',
  'dentist',
  'apartment',
  'parrot',
];
const SENTENCES = [
  (thing: string, mark: string) => `I told my ${thing} about ${mark} this morning.`,
  (thing: string, mark: string) => `I like the ${thing} called ${mark}.`,
  (thing: string, mark: string) => `My ${thing} is in ${mark}.`,
];

/** Fills many users of several projects with look-alike memories, then searches and gets at random: nothing of anybody else may show. */
export async function probeIsolation(system: System, options: IsolationOptions): Promise<IsolationReport> {
  const random = randomFrom(options.seed);
  const people = await settle(system, options, random);
  const leaks: string[] = [];
  const probes = MODE === 'cluster' ? Math.ceil(options.probes / 2) : options.probes;
  let found = 0;
  for (let probe = 0; probe < probes; probe += 1) {
    const person = pick(random, people);
    const text = JSON.stringify(await ask(system, person, pick(random, people), random));
    if (text.includes(person.mark)) found += 1;
    for (const mark of text.match(/Mark\d+x/g) ?? []) if (mark !== person.mark) leaks.push(`${person.mark} saw ${mark} in probe ${probe}`);
  }
  const services = probes === options.probes ? null : await probeServices(system, people, { probes: options.probes - probes, random });
  return { probes, found, leaks, services };
}

async function settle(system: System, options: IsolationOptions, random: () => number): Promise<readonly Person[]> {
  const projects = [{ project: 'default', key: system.key }];
  for (let number = 1; number < options.projects; number += 1)
    projects.push({ project: `project-${number}`, key: await projectWithKey(system.settings, `project-${number}`) });
  const people: Person[] = [];
  for (let number = 0; number < options.users; number += 1) {
    // The same user names in every project: only the key may tell them apart.
    for (const each of projects) people.push({ ...each, user: `user-${number}`, mark: `Mark${people.length}x`, ids: [], tasks: [] });
  }
  for (const person of people) {
    const messages = Array.from({ length: 4 }, () => ({
      role: 'user',
      content: pick(random, SENTENCES)(pick(random, SUBJECTS), person.mark),
    }));
    const answer = await system.post(
      '/add/message',
      { user_id: person.user, conversation_id: 'shared', messages, async_mode: false },
      auth(person),
    );
    person.tasks.push(answer.body.data.task_id);
    const list = await system.post('/get/memory', { user_id: person.user }, auth(person));
    person.ids.push(...list.body.data.memory_detail_list.map((item: { id: string }) => item.id));
  }
  return people;
}

/** One request by `person`; some of them try to reach what belongs to `other`. */
async function ask(system: System, person: Person, other: Person, random: () => number): Promise<unknown> {
  const thing = pick(random, SUBJECTS);
  const kinds = [
    () => system.post('/search/memory', { user_id: person.user, query: `What about my ${thing}?`, relativity: 0 }, auth(person)),
    () => system.post('/search/memory', { user_id: person.user, query: other.mark, relativity: 0, memory_limit_number: 25 }, auth(person)),
    () => system.post('/search/memory', { user_id: person.user, query: thing, conversation_id: 'shared', relativity: 0 }, auth(person)),
    () => system.post('/get/memory', { user_id: person.user, size: 50 }, auth(person)),
    () => system.post('/get/message', { user_id: person.user, conversation_id: 'shared', message_limit_number: 50 }, auth(person)),
    () => system.get(`/get/memory/${pick(random, [...(person.key === other.key ? person.ids : other.ids), NOBODYS_MEMORY])}`, auth(person)),
    () => system.post('/get/status', { task_id: other.tasks[0] }, auth(person)),
  ];
  const { body } = await pick(random, kinds)();
  // A status names memory ids; those of another project must not even be confirmed to exist.
  return body;
}

const auth = (person: Person) => ({ authorization: `Token ${person.key}` });
