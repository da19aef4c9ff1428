import type { EmbeddingRole } from '@continuo/ports';

/** Longest piece of the vocabulary in characters: more text than this many times the token limit cannot matter. */
const MAX_CHARACTERS_PER_TOKEN = 16;

/** Cuts what cannot reach the model anyway, so that a huge text costs no more than a long one. */
export function withinReach(text: string, role: EmbeddingRole, maxTokens: number): string {
  const maxCharacters = maxTokens * MAX_CHARACTERS_PER_TOKEN;
  return role === 'query' ? text.slice(-maxCharacters).toWellFormed() : text.slice(0, maxCharacters).toWellFormed();
}

/**
 * Fits token ids into the limit. The first `headLength` (start mark and role prefix) and the last one (end mark) always stay;
 * of what is between, a query keeps its end, where the question is, and a passage its beginning.
 */
export function truncate(ids: readonly number[], headLength: number, role: EmbeddingRole, maxTokens: number): readonly number[] {
  if (ids.length <= maxTokens) return ids;
  const head = ids.slice(0, headLength);
  const end = ids.slice(-1);
  const body = ids.slice(headLength, -1);
  const room = maxTokens - head.length - end.length;
  return [...head, ...(role === 'query' ? body.slice(-room) : body.slice(0, room)), ...end];
}
