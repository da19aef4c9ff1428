import { conceptsOfKey, conceptsOfTokens } from './concepts.ts';
import type { Piece } from './pieces.ts';
import { remember } from './remember.ts';
import { segmentRun } from './segment.ts';
import { ENGLISH_STOP_WORDS, FUNCTION_CHARACTERS } from './stop-words.ts';
import { tokenise, type Token } from './tokens.ts';

const HAN = /[\u4e00-\u9fff]|\p{Script=Han}/u;
const HANGUL = /^\p{Script=Hangul}{3,}$/u;

/**
 * The index terms of a text, in order and with repetitions: English stems, numbers, and for scripts without spaces
 * overlapping character pairs, single characters that carry meaning, and the segmenter's words of three characters and more
 * (its words of two are pairs already). The same for documents and queries. A term holds letters and digits only.
 */
export function analyse(text: string): readonly string[] {
  return analyseTokens(tokenise(text));
}

function analyseTokens(tokens: readonly Token[]): readonly string[] {
  const terms: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'run') terms.push(...runTerms(token.form));
    else {
      terms.push(token.stem, ...token.parts);
      if (HANGUL.test(token.form)) terms.push(...pairs([...token.form]));
    }
  }
  return clean(terms);
}

const MARK = /\p{M}/u;

/** Vowel signs of Thai or Hindi part words in some indexes; a term must be one word in all of them. */
const clean = (terms: readonly string[]): readonly string[] =>
  terms.some((term) => MARK.test(term)) ? terms.map((term) => term.replace(/\p{M}+/gu, '')).filter((term) => term !== '') : terms;

/** The terms of one piece of a query; function words inside a phrase ("moved to") find nothing by themselves and are left out. */
export function termsOfPiece(piece: Piece): readonly string[] {
  if (piece.kind === 'run') return clean(runTerms(piece.form));
  const words = piece.form.split(' ');
  const meant = piece.stems.filter((_, index) => words.length === 1 || !ENGLISH_STOP_WORDS.has(words[index] ?? ''));
  return clean([...(meant.length > 0 ? meant : piece.stems), ...piece.parts]);
}

function runTerms(run: string): readonly string[] {
  const characters = [...run];
  const singles = characters.filter((character) => HAN.test(character) && !FUNCTION_CHARACTERS.has(character));
  const words = run.length < 3 ? [] : segmentRun(run).filter((word) => word.length > 2 && [...word].length > 2);
  return [...(characters.length === 1 ? characters : singles), ...pairs(characters), ...words];
}

function pairs(characters: readonly string[]): readonly string[] {
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

/** What an index stores for a document: terms per field, and concepts of all fields together, each once. */
export interface DocumentTerms {
  readonly text: readonly string[];
  readonly keys: readonly string[];
  readonly source: readonly string[];
  readonly concepts: readonly string[];
}

const KEYS_REMEMBERED = 4_000;
const LONGEST_KEY = 40;
const analyseKey = remember(analyse, KEYS_REMEMBERED, LONGEST_KEY);

/** The one way in which every index turns a document into terms; queries meet it through `analyseQuery`. */
export function documentTerms(document: {
  readonly text: string;
  readonly keys: readonly string[];
  readonly source: string;
}): DocumentTerms {
  const { text, source } = document;
  const keys = document.keys.filter((key) => key !== text);
  const [textTokens, sourceTokens] = [tokenise(text), tokenise(source)];
  return {
    text: analyseTokens(textTokens),
    keys: keys.flatMap(analyseKey),
    source: analyseTokens(sourceTokens),
    concepts: [...new Set([...conceptsOfTokens(textTokens), ...keys.flatMap(conceptsOfKey), ...conceptsOfTokens(sourceTokens)])],
  };
}
