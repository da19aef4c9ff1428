import type { Language } from '../memory.ts';
import { analyse, termsOfPiece } from './analyse.ts';
import { clausesOf } from './clauses.ts';
import { detectLanguage } from './language.ts';
import { isContent } from './content.ts';

export interface QueryTerms {
  /** What to search by words, each once. Function and question words are left out when three or more content words remain. */
  readonly terms: readonly string[];
  /** The terms of each clause that has content, in order. */
  readonly clauses: readonly (readonly string[])[];
  readonly contentTermCount: number;
  readonly language: Language;
}

/** A search by words asks for at most so many terms; of a longer query the end is kept, because that is where the wish stands. */
const MAX_TERMS = 64;
/** Below this many content words, function words are needed to find anything at all. */
const ENOUGH_CONTENT_TERMS = 3;

export function queryTerms(text: string): QueryTerms {
  const clauses = clausesOf(text).map((pieces) => pieces.filter(isContent));
  const content = clauses.flat();
  const distinct = new Set(content.map((piece) => piece.form));
  const contentTerms = content.flatMap(termsOfPiece);
  const terms = distinct.size >= ENOUGH_CONTENT_TERMS ? contentTerms : analyse(text);
  return {
    terms: [...new Set(terms.toReversed())].slice(0, MAX_TERMS).toReversed(),
    clauses: clauses.filter((pieces) => pieces.length > 0).map((pieces) => [...new Set(pieces.flatMap(termsOfPiece))]),
    contentTermCount: distinct.size,
    language: detectLanguage(text),
  };
}
