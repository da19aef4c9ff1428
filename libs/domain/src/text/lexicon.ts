import { CONCEPTS } from './concepts.data.ts';
import { foldText } from './fold.ts';
import { CITIES, COUNTRIES } from './places.data.ts';
import { CHINESE_STOP_WORDS, LIGHT_WORDS, TIME_WORDS } from './stop-words.ts';
import { stemOf, tokenise } from './tokens.ts';

/** What the lexicon knows about a word: `name` names the topic ("city"), `case` is one of it ("Lyon"); a weak one only hints. */
export interface ConceptHit {
  readonly concept: string;
  readonly role: 'name' | 'case';
  readonly weak: boolean;
}

export interface Phrase {
  /** Stems in order; for a phrase that counts only as written, its forms. */
  readonly keys: readonly string[];
  readonly exact: boolean;
  readonly hits: ConceptHit[];
}

export interface Lexicon {
  /** Phrases of words by their first key, longest first. */
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
  for (const list of phrases.values()) list.sort((a, b) => b.keys.length - a.keys.length || Number(b.exact) - Number(a.exact));
  return { phrases, runWords, longestRunWord: Math.max(...[...runWords.keys()].map((word) => word.length)) };
}

const entriesOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

function addPhrase(phrases: Map<string, Phrase[]>, word: string, exact: boolean, hit: ConceptHit): void {
  const keys = tokenise(word).map((token) => (exact ? token.form : stemOf(token.form)));
  const [first] = keys;
  if (first === undefined) return;
  const list = phrases.get(first) ?? [];
  phrases.set(first, list);
  const known = list.find((phrase) => phrase.exact === exact && phrase.keys.join(' ') === keys.join(' '));
  if (known === undefined) list.push({ keys, exact, hits: [hit] });
  else if (!known.hits.some((other) => other.concept === hit.concept)) known.hits.push(hit);
}

const widerConcepts = new Map(CONCEPTS.map((concept) => [concept.id, concept.within ?? []]));

/** A concept and the wider ones it lies in, nearest first. */
export function withWiderConcepts(concept: string): readonly string[] {
  const found = [concept];
  for (const id of found) for (const wider of widerConcepts.get(id) ?? []) if (!found.includes(wider)) found.push(wider);
  return found;
}
