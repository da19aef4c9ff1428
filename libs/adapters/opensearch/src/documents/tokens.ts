import { createHash } from 'node:crypto';

/**
 * How the words fields see a term: one letter that says how the rest is written, and the term. Fields are split at white space and
 * nowhere else; a token holds none, and no longer than the store keeps whole.
 */

/** In characters; longer terms are kept by their hash, so that they still find themselves and nothing else. */
const MAX_PLAIN_LENGTH = 64;
const MAX_UNITS_LENGTH = 32;

/** More terms, and more topics, are not asked for in one search. */
const MAX_QUERY_TERMS = 64;
const MAX_QUERY_CONCEPTS = 32;

const PLAIN = /^[\p{L}\p{N}]+$/u;

/** Different terms give different tokens. */
export function tokenOf(term: string): string {
  if (term.length <= MAX_PLAIN_LENGTH && PLAIN.test(term) && term.isWellFormed()) return `q${term}`;
  const units = Buffer.from(term, 'utf16le');
  return term.length <= MAX_UNITS_LENGTH
    ? `x${units.toString('hex')}`
    : `h${createHash('sha256').update(units).digest('hex').slice(0, 32)}`;
}

/** The terms of one field, in order. */
export const fieldOf = (terms: readonly string[]): string => terms.map(tokenOf).join(' ');

/** Any of the terms and topics, each once; null when there is none. */
export function askedTokens(terms: readonly string[], concepts: readonly string[]): string | null {
  const asked = [...terms.slice(0, MAX_QUERY_TERMS), ...concepts.slice(0, MAX_QUERY_CONCEPTS)].filter((term) => term !== '');
  return asked.length === 0 ? null : [...new Set(asked.map(tokenOf))].join(' ');
}
