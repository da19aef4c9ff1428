export { normaliseText, statementKey } from './fold.ts';
export { detectLanguage } from './language.ts';
export { analyse, documentTerms } from './analyse.ts';
export type { DocumentTerms } from './analyse.ts';
export { conceptsOf } from './concepts.ts';
export { queryTerms } from './query-terms.ts';
export type { QueryTerms } from './query-terms.ts';
export { nearDuplicate } from './near-duplicate.ts';
