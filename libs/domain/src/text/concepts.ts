import { withWiderConcepts } from './lexicon.ts';
import { piecesOf } from './pieces.ts';

/** A letter no text keeps through folding into terms by accident; makes a concept's term one that no word can equal. */
const CONCEPT_PREFIX = 'conceptː';

/** The index term of a concept. Letters only, as every term. */
export const conceptTerm = (concept: string): string => `${CONCEPT_PREFIX}${concept}`;

/** Index terms of the everyday topics a text touches, wider ones included, each once, in order of appearance. */
export function conceptsOf(text: string): readonly string[] {
  const concepts = new Set<string>();
  for (const piece of piecesOf(text)) {
    for (const hit of piece.hits) for (const concept of withWiderConcepts(hit.concept)) concepts.add(conceptTerm(concept));
  }
  return [...concepts];
}
