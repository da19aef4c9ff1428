import { AppError, MAX_ID_CHARACTERS } from '@continuo/contracts';
import type { FastifyRequest } from 'fastify';

/** Longest `Idempotency-Key`. */
const MAX_KEY_CHARACTERS = 255;
/** Most ids of `X-Continuo-Explain-Ids`. */
const MAX_EXPLAIN_IDS = 50;

/** The caller's `Idempotency-Key`, or null. @throws AppError `invalid_request` for one that is too long. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = headerOf(request, 'idempotency-key');
  if (key.length > MAX_KEY_CHARACTERS)
    throw new AppError('invalid_request', `Idempotency-Key must have at most ${MAX_KEY_CHARACTERS} characters.`);
  return key === '' ? null : key;
}

export interface Explaining {
  readonly wanted: boolean;
  /** Ids the caller asks about even when they are not returned. */
  readonly ids: readonly string[];
}

/** `X-Continuo-Debug: explain` and `X-Continuo-Explain-Ids: a,b`. @throws AppError `invalid_request` for too many ids. */
export function explainingOf(request: FastifyRequest): Explaining {
  const wanted = headerOf(request, 'x-continuo-debug').toLowerCase() === 'explain';
  if (!wanted) return { wanted, ids: [] };
  const ids = headerOf(request, 'x-continuo-explain-ids')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length > MAX_EXPLAIN_IDS)
    throw new AppError('invalid_request', `X-Continuo-Explain-Ids must name at most ${MAX_EXPLAIN_IDS} ids.`);
  return { wanted, ids: [...new Set(ids)] };
}

/** The thread named in `X-Conversation-Id`, spelt as in our replies or plainly, or null. @throws AppError `conversation_id_too_long`. */
export function conversationHeaderOf(request: FastifyRequest): string | null {
  const id = decoded(headerOf(request, 'x-conversation-id')).trim();
  if ([...id].length > MAX_ID_CHARACTERS)
    throw new AppError('conversation_id_too_long', `X-Conversation-Id must have at most ${MAX_ID_CHARACTERS} characters.`);
  return id === '' ? null : id;
}

/** Replies spell ids percent-encoded; what is no such spelling, or would be one of NUL, is taken as it is. */
function decoded(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    return plain.includes('\0') ? text : plain;
  } catch {
    return text;
  }
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim();
}
