import { withWiderConcepts } from './lexicon.ts';
import { piecesOfTokens } from './pieces.ts';
import { remember } from './remember.ts';
import { tokenise, type Token } from './tokens.ts';

/** A letter no text keeps through folding into terms by accident; makes a concept's term one that no word can equal. */
const CONCEPT_PREFIX = 'conceptː';

/** The index term of a concept. Letters only, as every term. */
export const conceptTerm = (concept: string): string => `${CONCEPT_PREFIX}${concept}`;

/** Index terms of the everyday topics a text touches, wider ones included, each once, in order of appearance. */
export const conceptsOf = (text: string): readonly string[] => conceptsOfTokens(tokenise(text));

export function conceptsOfTokens(tokens: readonly Token[]): readonly string[] {
  const concepts = new Set<string>();
  for (const piece of piecesOfTokens(tokens, 'whole')) {
    for (const hit of piece.hits) for (const concept of withWiderConcepts(hit.concept)) concepts.add(conceptTerm(concept));
  }
  return [...concepts];
}

/** Keys are few and come again and again. */
const KEYS_REMEMBERED = 4_000;
const LONGEST_KEY = 40;

/** {@link conceptsOf} for a key of a document. */
export const conceptsOfKey = remember(conceptsOf, KEYS_REMEMBERED, LONGEST_KEY);
