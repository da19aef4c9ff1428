import { CONCEPTS } from './concepts.data.ts';
import { foldText } from './fold.ts';
import { inflectionsOf } from './inflections.ts';
import { CITIES, COUNTRIES } from './places.data.ts';
import { CHINESE_STOP_WORDS, LIGHT_WORDS, TIME_WORDS } from './stop-words.ts';
import { tokenise } from './tokens.ts';

/** What the lexicon knows about a word: `name` names the topic ("city"), `case` is one of it ("Lyon"); a weak one only hints. */
export interface ConceptHit {
  readonly concept: string;
  readonly role: 'name' | 'case';
  readonly weak: boolean;
}

export interface Phrase {
  /** For each word in order the forms in which it counts. */
  readonly words: readonly ReadonlySet<string>[];
  /** The forms in which the lexicon writes it; they win over inflections of another entry. */
  readonly written: string;
  readonly hits: ConceptHit[];
}

export interface Lexicon {
  /** Phrases by every form of their first word, longest first, and those written so before those inflected so. */
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
  /** Words of scripts without spaces; without hits for those known only as function, light or time words. */
  readonly runWords: ReadonlyMap<string, readonly ConceptHit[]>;
  readonly longestRunWord: number;
}

const RUN_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

let compiled: Lexicon | undefined;

/** Compiled on first use, in a few milliseconds. */
export function lexicon(): Lexicon {
  compiled ??= compile();
  return compiled;
}

function compile(): Lexicon {
  const phrases = new Map<string, Phrase[]>();
  const runWords = new Map<string, ConceptHit[]>();
  for (const words of [CHINESE_STOP_WORDS, LIGHT_WORDS, TIME_WORDS]) {
    for (const word of words) if (RUN_SCRIPT.test(word)) runWords.set(foldText(word), []);
  }
  const add = (entry: string, concept: string, role: ConceptHit['role']): void => {
    const weak = entry.startsWith('~');
    const word = foldText(entry.replace(/^[~=]/u, ''));
    const hit = { concept, role, weak };
    if (RUN_SCRIPT.test(word)) runWords.set(word, [...(runWords.get(word) ?? []), hit]);
    else addPhrase(phrases, word, entry.startsWith('='), hit);
  };
  for (const concept of CONCEPTS) {
    for (const entry of entriesOf(concept.names)) add(entry, concept.id, 'name');
    for (const entry of entriesOf(concept.cases ?? '')) add(entry, concept.id, 'case');
  }
  for (const entry of entriesOf(CITIES)) add(entry, 'city', 'case');
  for (const entry of entriesOf(COUNTRIES)) add(entry, 'country', 'case');
  for (const [form, list] of phrases) {
    list.sort((a, b) => b.words.length - a.words.length || Number(startsWith(b, form)) - Number(startsWith(a, form)));
  }
  return { phrases, runWords, longestRunWord: Math.max(...[...runWords.keys()].map((word) => word.length)) };
}

const entriesOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

function addPhrase(phrases: Map<string, Phrase[]>, word: string, exact: boolean, hit: ConceptHit): void {
  const forms = tokenise(word).map((token) => token.form);
  const [first] = forms;
  if (first === undefined) return;
  const written = `${exact ? '=' : ''}${forms.join(' ')}`;
  const known = phrases.get(first)?.find((phrase) => phrase.written === written);
  if (known === undefined) {
    const words = forms.map((form) => new Set(exact ? [form] : inflectionsOf(form)));
    const phrase = { words, written, hits: [hit] };
    for (const form of words[0] ?? []) phrases.set(form, [...(phrases.get(form) ?? []), phrase]);
  } else if (!known.hits.some((other) => other.concept === hit.concept)) known.hits.push(hit);
}

const startsWith = ({ written }: Phrase, form: string): boolean => written.replace('=', '').split(' ')[0] === form;

const widerConcepts = new Map(CONCEPTS.map((concept) => [concept.id, concept.within ?? []]));

function climb(concept: string): readonly string[] {
  const found = [concept];
  for (const id of found) for (const wider of widerConcepts.get(id) ?? []) if (!found.includes(wider)) found.push(wider);
  return found;
}

const climbed = new Map(CONCEPTS.map(({ id }) => [id, climb(id)] as const));

/** A concept and the wider ones it lies in, nearest first. */
export const withWiderConcepts = (concept: string): readonly string[] => climbed.get(concept) ?? [concept];

/** Topics whose words are people: whoever uses one speaks of somebody. Partner's own names ("married", "wedding") are states. */
const PEOPLE = new Set(
  'parents mother father in-laws siblings sister brother children son daughter grandchildren wife husband girlfriend boyfriend boss friends'.split(
    ' ',
  ),
);

/** True for a plain word for somebody: a mother, an aunt, the kids. */
export const isPerson = ({ concept, role, weak }: ConceptHit): boolean =>
  !weak && (PEOPLE.has(concept) || (role === 'case' && (concept === 'family' || concept === 'partner')));
