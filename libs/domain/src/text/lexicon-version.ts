import { createHash } from 'node:crypto';
import { CONCEPTS } from './concepts.data.ts';
import { CITIES, COUNTRIES } from './places.data.ts';

/** Changes with every word of the lexicon. What an index keeps of a document was read with one version of it. */
export const lexiconVersion = (): string =>
  createHash('sha256')
    .update(JSON.stringify([CONCEPTS, CITIES, COUNTRIES]))
    .digest('hex')
    .slice(0, 16);
