import { draft, slot, type Draft } from './draft.ts';
import { CHINESE_OCCUPATION, ENGLISH_OCCUPATION } from './occupations.data.ts';
import { ENGLISH_PEOPLE, CHINESE_PEOPLE } from './relations.data.ts';
import { readChineseNumber } from '../time/chinese-numerals.ts';
import { cityOf, placeAt } from './english-places.ts';
import { placeValue } from './places.ts';

const ENGLISH = new RegExp(
  `^(?:my|our) (?:(?:little|big|older|younger|elder|twin|best|good|close|old|oldest|youngest|dear|late|new|eldest) )*(?<relation>${Object.keys(ENGLISH_PEOPLE).join('|')})(?!['’]s|s\\b| tongue\\b)(?:,? (?<name>\\p{Lu}[\\p{L}'’-]+(?: \\p{Lu}[\\p{L}'’-]+)?),?)?,?(?=\\s|['’]s) ?(?<rest>.+)$`,
  'u',
);
const ENGLISH_NAME = new RegExp(
  `^(?:my|our) (?:\\p{L}+ )?(?<relation>${Object.keys(ENGLISH_PEOPLE).join('|')})['’]s name is (?<name>\\p{Lu}[\\p{L}'’-]+)`,
  'iu',
);
const ENGLISH_OWNED = new RegExp(
  `^(?:my|our) (?:\\p{L}+ )?(?<relation>${Object.keys(ENGLISH_PEOPLE).join('|')})['’]s (?<rest>(?!name).+)`,
  'iu',
);
const CHINESE = new RegExp(
  `^我(?:们|家)?的?(?:一个|那个|最好的|好)?(?<relation>${Object.keys(CHINESE_PEOPLE).join('|')})(?<rest>.+)$`,
  'u',
);
const ENGLISH_ROLE = new RegExp(
  `^(?:is|['’]s|works as|became|is working as)(?: now)? (?:an? |the )?(?<role>${ENGLISH_OCCUPATION})\\b`,
  'iu',
);
const CHINESE_ROLE = new RegExp(`^(?:现在)?是(?:一?[名个位])?(?<role>${CHINESE_OCCUPATION})(?:，|$)`, 'u');
/** A name right after the relation: 我朋友小王. */
const CHINESE_GIVEN =
  /^(?<name>(?:[小老阿][\p{Script=Han}]|[A-Z][a-z]+|(?:[张王李赵刘陈杨黄周吴徐孙马朱胡郭何林高罗][\p{Script=Han}]{1,2}?)))(?=是|住|在|叫|今|也|的|很|喜|要|去|会|现|搬|对|有|开|结|不|最|正|养|生|考|就|，)/u;
const HAS_VERB =
  /^(?!to\b|and\b|or\b).*?(?:['’]s\b|\b(?:is|are|was|were|has|have|had|will|can|does|did|went|got|came|left|lost|won|began|broke|took|made|gave|bought|died|met|ran|fell|grew|sold|spent|flew|wrote|taught|moved|live|work|love|like|hate|go|attend|study|\p{Ll}{2,}(?:s|ed)))\b/u;
const UNIQUE = /^(?:parents|children|mother|father|wife|husband|partner|spouse|boyfriend|girlfriend|boss|fiance)$/u;

interface Person {
  readonly relation: string;
  readonly kin: boolean;
  readonly about: string;
  readonly named: boolean;
}

const ENGLISH_RELATION = new RegExp(`(?<![\\p{L}-])(?:${Object.keys(ENGLISH_PEOPLE).join('|')})s?(?![\\p{L}-])`, 'giu');
const CHINESE_RELATION = new RegExp(
  Object.keys(CHINESE_PEOPLE)
    .filter((word) => word.length > 1)
    .join('|'),
  'gu',
);

/** How many people close to someone a text names by their relation. */
export const mentionedPeople = (text: string, language: 'en' | 'zh'): number =>
  [...text.matchAll(language === 'zh' ? CHINESE_RELATION : ENGLISH_RELATION)].length;

export interface PersonHead {
  /** As said: "My sister Mia", 我女儿小美. */
  readonly head: string;
  readonly relation: string;
}

/** "Grandma Rosa is 91": whose she is goes without saying. */
const KIN_TITLE =
  /^(?:Grandma|Grandpa|Mum|Mom|Mama|Dad|Papa)(?= \p{Lu}\p{Ll}+ | (?:is|was|has|had|lives?|lived|works?|loves?|likes?|hates?|can|can['’]t|never|used)\b)/u;

const asOwned = (clause: string): string =>
  clause
    .replace(/^[Bb]oth (?:of )?(?=my |our )/u, '')
    .replace(/^(?:My|Our)/u, (word) => word.toLowerCase())
    .replace(KIN_TITLE, (title) => `my ${title.toLowerCase()}`);

/** How a clause that begins with someone close names them; null where it begins otherwise. */
export function englishHead(clause: string): PersonHead | null {
  const groups = ENGLISH.exec(asOwned(clause))?.groups;
  const known = ENGLISH_PEOPLE[groups?.['relation']?.toLowerCase() ?? ''];
  if (groups === undefined || known === undefined) return null;
  const head = clause.slice(0, clause.length - (groups['rest'] ?? '').length).replace(/[\s,]+$/u, '');
  return { head, relation: known.relation };
}

/** As `englishHead`, for Chinese. */
export function chineseHead(clause: string): PersonHead | null {
  const groups = CHINESE.exec(clause)?.groups;
  const known = CHINESE_PEOPLE[groups?.['relation'] ?? ''];
  if (groups === undefined || known === undefined) return null;
  const rest = groups['rest'] ?? '';
  const name = CHINESE_GIVEN.exec(rest)?.groups?.['name'] ?? '';
  return { head: clause.slice(0, clause.length - rest.length + name.length), relation: known.relation };
}

/** One person in the slot: a named one, or a relation of which there is only one. Of others several may be meant. */
function personSlot(person: Person, attribute: string, value: string, traits: Partial<Draft>): Draft {
  const common = {
    about: person.about,
    spheres: [person.kin ? 'family' : 'friend', ...(traits.spheres ?? [])],
    entities: [...(person.named ? [person.about] : []), ...(traits.entities ?? [])],
  };
  const prefix = person.kin ? 'family' : 'people';
  if (!person.named && !UNIQUE.test(person.relation)) return draft({ ...traits, ...common });
  return slot(`${prefix}.${person.relation}.${attribute}`, value, { ...traits, ...common });
}

function personDraft(person: Person): Draft {
  return draft({ about: person.about, spheres: [person.kin ? 'family' : 'friend'], entities: person.named ? [person.about] : [] });
}

function englishAttribute(person: Person, rest: string): Draft {
  const city = /^(?:now |currently |still )?(?:lives?|is living|is based|resides?|moved) (?:in|to) (?<place>.+)/iu.exec(rest)?.groups?.[
    'place'
  ];
  const place = city === undefined ? null : placeAt(city);
  if (place !== null) return personSlot(person, 'home.city', cityOf(place), { spheres: ['home'], entities: [place] });
  const role = ENGLISH_ROLE.exec(rest)?.groups?.['role'];
  if (role !== undefined) return personSlot(person, 'work.role', role, { spheres: ['work'] });
  const employer = /^(?:works?|is working) (?:at|for) (?<name>\p{Lu}.+)/u.exec(rest)?.groups?.['name'];
  if (employer !== undefined) return personSlot(person, 'work.employer', placeAt(employer) ?? employer, { spheres: ['work'] });
  const name = /^is (?:called|named) (?<name>\p{Lu}[\p{L}'’-]+)$/u.exec(rest)?.groups?.['name'];
  if (name !== undefined) return personSlot({ ...person, about: name, named: true }, 'name', name, {});
  const age = /^(?:is|just turned|turned|['’]s) (?<age>\d{1,3})(?: years old| now)?$/iu.exec(rest)?.groups?.['age'];
  return age === undefined ? personDraft(person) : personSlot(person, 'age', age, {});
}

/** A statement about someone close to the speaker; null when the clause is about no such person. */
export function englishPerson(clause: string): Draft | null {
  const named = ENGLISH_NAME.exec(clause)?.groups;
  if (named !== undefined) {
    const known = ENGLISH_PEOPLE[(named['relation'] ?? '').toLowerCase()];
    const about = named['name'] ?? '';
    return known === undefined ? null : personSlot({ ...known, about, named: true }, 'name', about, {});
  }
  const owned = ENGLISH_OWNED.exec(clause)?.groups;
  if (owned !== undefined) {
    const relation = (owned['relation'] ?? '').toLowerCase();
    const known = ENGLISH_PEOPLE[relation];
    return known === undefined ? null : personDraft({ ...known, about: relation, named: false });
  }
  const groups = ENGLISH.exec(asOwned(clause))?.groups;
  const relation = groups?.['relation'];
  const known = relation === undefined ? undefined : ENGLISH_PEOPLE[relation.toLowerCase()];
  if (groups === undefined || relation === undefined || known === undefined) return null;
  if (!HAS_VERB.test(groups['rest'] ?? '')) return null;
  const name = groups['name'];
  return englishAttribute({ ...known, about: name ?? relation, named: name !== undefined }, groups['rest'] ?? '');
}

const CHINESE_NAME = /^(?:叫|名字叫|名叫|的名字[是叫])(?<name>[\p{Script=Han}A-Za-z]{1,6})$/u;

function chineseAttribute(person: Person, rest: string): Draft {
  const name = CHINESE_NAME.exec(rest)?.groups?.['name'];
  if (name !== undefined) return personSlot({ ...person, about: name, named: true }, 'name', name, {});
  const city = /^(?:现在|目前|也|一直)?(?:住在|搬到了?|定居在?)(?<place>[\p{Script=Han}A-Za-z]{2,8}?)(?:了|市|$|，)/u.exec(rest)?.groups?.[
    'place'
  ];
  if (city !== undefined) return personSlot(person, 'home.city', placeValue(city), { spheres: ['home'], entities: [city] });
  const role = CHINESE_ROLE.exec(rest)?.groups?.['role'];
  if (role !== undefined) return personSlot(person, 'work.role', role, { spheres: ['work'] });
  const age = /^(?:今年)?(?<age>\d{1,3}|[一二三四五六七八九十]{1,3})岁/u.exec(rest)?.groups?.['age'];
  return age === undefined ? personDraft(person) : personSlot(person, 'age', String(readChineseNumber(age) ?? age), {});
}

/** 我 manager Kevin 是加拿大人: in mixed text the relation may be an English word. */
const MIXED = new RegExp(
  `^我们?的? ?(?<relation>${Object.keys(ENGLISH_PEOPLE).join('|')})(?![\\p{Script=Latin}-])(?: ?(?<name>\\p{Lu}\\p{Ll}+))? ?(?<rest>.+)$`,
  'u',
);

function mixedPerson(clause: string): Draft | null {
  const groups = MIXED.exec(clause)?.groups;
  const relation = groups?.['relation'] ?? '';
  const known = ENGLISH_PEOPLE[relation];
  if (groups === undefined || known === undefined) return null;
  const name = groups['name'];
  return personDraft({ ...known, about: name ?? relation, named: name !== undefined });
}

/** As `englishPerson`, for Chinese: 我妈妈是老师, 我朋友小王住在上海. */
export function chinesePerson(clause: string): Draft | null {
  const mixed = mixedPerson(clause);
  if (mixed !== null) return mixed;
  const groups = CHINESE.exec(clause)?.groups;
  const relation = groups?.['relation'];
  const known = relation === undefined ? undefined : CHINESE_PEOPLE[relation];
  if (groups === undefined || relation === undefined || known === undefined) return null;
  const whole = groups['rest'] ?? '';
  if (/^(?:们|圈|关系)/u.test(whole)) return personDraft({ ...known, about: relation, named: false });
  const name = CHINESE_GIVEN.exec(whole)?.groups?.['name'];
  const rest = name === undefined ? whole : whole.slice(name.length);
  return chineseAttribute({ ...known, about: name ?? relation, named: name !== undefined }, rest);
}
