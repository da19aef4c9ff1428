import type { System } from '../../system.ts';
import type { DedupCase } from './case.ts';
import type { Measure, Outcome } from './outcome.ts';
import { type Mined, Person, type Seen } from './person.ts';

type Measures = Partial<Record<Measure, boolean>>;

/** What one case leaves behind; ids of others in it are a leak. */
interface Look {
  readonly mined: readonly Mined[];
  readonly measures: Measures;
  readonly memories: readonly Seen[];
  readonly seen: readonly Seen[];
}

/** Whose the memories are that were ever listed, by id. */
export type Holders = Map<string, string>;

/** Lets fresh users say what the case is about, looks at what is known then, and judges it. */
export async function tryCase(system: System, each: DedupCase, run: string, holders: Holders): Promise<Outcome> {
  const people = [0, 1].map((index) => new Person(system, `${run}-${each.number}-${index}`)) as [Person, Person];
  const look = await lookOf(each, people);
  const strangers = look.seen.filter(({ id, sources }) => isOfOthers(id, sources, each, people, holders));
  return {
    case: each,
    tested: !look.mined.includes('nothing in it'),
    measures: { crossLeak: strangers.length > 0, ...look.measures },
    memories: look.memories.map(({ text }) => text),
  };
}

/** Every text of a case was said in it, and no id that another user listed is in it. */
function isOfOthers(
  id: string,
  sources: readonly string[],
  { said, number }: DedupCase,
  [person]: [Person, Person],
  holders: Holders,
): boolean {
  const owner = holders.get(id) ?? person.id;
  holders.set(id, owner);
  const texts = new Set(said.map(({ text }) => text.trim()));
  return !owner.includes(`-${number}-`) || sources.some((source) => !texts.has(source.trim()));
}

function lookOf(each: DedupCase, people: [Person, Person]): Promise<Look> {
  switch (each.expectation.kind) {
    case 'same':
      return same(each, people[0]);
    case 'unlike':
      return unlike(each, people[0], each.expectation.both);
    case 'holds':
      return holds(each, people[0], each.expectation.index);
    case 'all-hold':
      return allHold(each, people[0], each.expectation.first);
    case 'deleted':
      return deleted(each, people[0]);
    case 'erased':
      return erased(each, people);
  }
}

async function sayAll({ said }: DedupCase, person: Person): Promise<readonly Mined[]> {
  const mined: Mined[] = [];
  for (const one of said) mined.push(await person.say(one));
  return mined;
}

const restsOn = ({ sources }: Seen, text: string): boolean => sources.some((source) => source.trim() === text.trim());

/** Nothing was added to what the first one brought, and what it brought is still there. What says more may bring that besides. */
async function same({ said, family }: DedupCase, person: Person): Promise<Look> {
  const [first, second] = said as readonly [DedupCase['said'][number], DedupCase['said'][number]];
  const before = await person.say(first);
  const alone = await person.memories();
  const after = await person.say(second);
  const memories = await person.memories();
  const known = memories.filter((memory) => restsOn(memory, second.text));
  const added = memories.length - alone.length;
  const collapsed = known.length > 0 && (added === 0 || (family === 'superset' && known.some((memory) => restsOn(memory, first.text))));
  return { mined: [before, after], measures: { collapsed }, memories, seen: memories };
}

async function unlike(each: DedupCase, person: Person, both: boolean): Promise<Look> {
  const mined = await sayAll(each, person);
  const memories = await person.memories();
  const [one = '', other = ''] = each.said.map(({ text }) => text);
  const merged =
    memories.some((memory) => restsOn(memory, one) && restsOn(memory, other)) || !memories.some((memory) => restsOn(memory, other));
  const ended = both && !memories.some((memory) => restsOn(memory, one));
  return { mined, measures: { falselyMerged: merged || ended }, memories, seen: memories };
}

async function holds(each: DedupCase, person: Person, index: number): Promise<Look> {
  const mined = await sayAll(each, person);
  const memories = await person.memories();
  const found = await person.search(each.ask);
  const current = each.said[index]?.text ?? '';
  const isStale = (seen: Seen): boolean => !restsOn(seen, current);
  const measures = {
    current: memories.some((memory) => restsOn(memory, current)),
    ...searched(found, current),
    staleLeak: memories.some(isStale) || found.some(isStale),
  };
  return { mined, measures, memories, seen: [...memories, ...found] };
}

/** Whether a search finds anything is counted by itself, too: that is recall's part in it. */
const searched = (found: readonly Seen[], current: string): Measures => ({
  found: found.length > 0,
  currentFirst: found[0] !== undefined && restsOn(found[0], current),
});

async function allHold(each: DedupCase, person: Person, first: number): Promise<Look> {
  const mined = await sayAll(each, person);
  const memories = await person.memories();
  const found = await person.search(each.ask);
  const now = each.said[first]?.text ?? '';
  const standing = each.said.every(({ text }) => memories.some((memory) => restsOn(memory, text)));
  const measures = { falselyMerged: !standing, current: memories.some((memory) => restsOn(memory, now)), ...searched(found, now) };
  return { mined, measures, memories, seen: [...memories, ...found] };
}

async function deleted(each: DedupCase, person: Person): Promise<Look> {
  const [first, older, newer] = each.said as readonly [DedupCase['said'][number], DedupCase['said'][number], DedupCase['said'][number]];
  const mined = await person.say(first);
  await person.forget((await person.memories()).map(({ id }) => id));
  const gone = await traces(person, each.ask, first.text);
  await person.say(older);
  const stillGone = await traces(person, each.ask, first.text);
  await person.say(newer);
  const memories = await person.memories();
  return { mined: [mined], measures: { deleteLeak: gone || stillGone, restated: memories.length > 0 }, memories, seen: memories };
}

/** Whether anything of a text is left in a list, a search or an answer. */
async function traces(person: Person, ask: string, text: string): Promise<boolean> {
  const [memories, byQuestion, byWords] = await Promise.all([person.memories(), person.search(ask), person.search(text)]);
  if (memories.length + byQuestion.length + byWords.length > 0) return true;
  return (await person.ask(ask)).includes(text.replace(/[.。]$/u, ''));
}

async function erased(each: DedupCase, [one, other]: [Person, Person]): Promise<Look> {
  const [ofOne, ofOther] = each.said as readonly [DedupCase['said'][number], DedupCase['said'][number]];
  const mined = [await one.say(ofOne), await other.say(ofOther)];
  const strange = (await other.search(ofOne.text)).some((seen) => restsOn(seen, ofOne.text));
  await one.beErased();
  const leak = await traces(one, each.ask, ofOne.text);
  const memories = await other.memories();
  const found = await other.search(each.ask);
  const crossLeak = strange || [...memories, ...found].some((seen) => restsOn(seen, ofOne.text));
  const measures = { deleteLeak: leak, crossLeak, current: memories.some((seen) => restsOn(seen, ofOther.text)) };
  return { mined, measures, memories, seen: [...memories, ...found] };
}
