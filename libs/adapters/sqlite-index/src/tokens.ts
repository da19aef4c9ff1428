import { createHash } from 'node:crypto';
import { scopeKey, type Scope } from '@continuo/domain';

/**
 * How the words table sees a term: the scope's mark, one letter that says how the rest is written, and the term. So the cost
 * of a match follows the subject's own documents, and two scopes never share a token. The table's tokenizer (`ascii`) keeps
 * every such token whole: it holds ASCII letters, digits and characters beyond ASCII only.
 */

/** Half of a SHA-256 in hexadecimal digits would be too long for every posting; 64 bits tell scopes apart, and each hit's scope is read anew. */
const MARK_LENGTH = 16;

/** In characters; longer terms are kept by their hash, so that they still find themselves and nothing else. */
const MAX_PLAIN_LENGTH = 64;

/** More terms, and more topics, are not asked for in one search. */
const MAX_QUERY_TERMS = 64;
const MAX_QUERY_CONCEPTS = 32;

// What the ascii tokenizer neither splits at nor folds.
const PLAIN = /^[a-z0-9\u0080-\u{10ffff}]+$/u;

const hash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Short name of a scope inside the words table. */
export const scopeMark = (scope: Scope): string => hash(scopeKey(scope)).slice(0, MARK_LENGTH);

/** One term of one scope as a token. Different terms give different tokens. */
export function tokenOf(mark: string, term: string): string {
  if (term.length > MAX_PLAIN_LENGTH) return `${mark}h${hash(term).slice(0, 32)}`;
  if (PLAIN.test(term) && term.isWellFormed()) return `${mark}q${term}`;
  return `${mark}x${Buffer.from(term, 'utf16le').toString('hex')}`;
}

/** The terms of one field, in order, as the words table takes them. */
export const fieldOf = (mark: string, terms: readonly string[]): string => terms.map((term) => tokenOf(mark, term)).join(' ');

/** Any of the terms and topics, as a match expression; null when there is none. Tokens hold no quote, so nothing needs escaping. */
export function matchAny(mark: string, terms: readonly string[], concepts: readonly string[]): string | null {
  const asked = [...terms.slice(0, MAX_QUERY_TERMS), ...concepts.slice(0, MAX_QUERY_CONCEPTS)].filter((term) => term !== '');
  const tokens = new Set(asked.map((term) => `"${tokenOf(mark, term)}"`));
  return tokens.size === 0 ? null : [...tokens].join(' OR ');
}
