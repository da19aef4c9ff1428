import { AppError, MAX_ID_CHARACTERS } from '@continuo/contracts';
import { RECALL_SIGNALS } from '@continuo/domain';
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
  /** Signals of recall the caller leaves out. */
  readonly without: readonly string[];
}

/**
 * `X-Continuo-Debug: explain`, and with it `X-Continuo-Explain-Ids: a,b` and `X-Continuo-Without: date,speaker`.
 * @throws AppError `invalid_request` for too many ids and for a signal that does not exist.
 */
export function explainingOf(request: FastifyRequest): Explaining {
  const wanted = headerOf(request, 'x-continuo-debug').toLowerCase() === 'explain';
  if (!wanted) return { wanted, ids: [], without: [] };
  const ids = listOf(request, 'x-continuo-explain-ids');
  if (ids.length > MAX_EXPLAIN_IDS)
    throw new AppError('invalid_request', `X-Continuo-Explain-Ids must name at most ${MAX_EXPLAIN_IDS} ids.`);
  const without = listOf(request, 'x-continuo-without');
  const unknown = without.find((name) => !RECALL_SIGNALS.some((signal) => signal === name));
  if (unknown !== undefined)
    throw new AppError('invalid_request', `X-Continuo-Without names an unknown signal; expected any of ${RECALL_SIGNALS.join(', ')}.`);
  return { wanted, ids, without };
}

/** A header's parts between commas, each once. */
const listOf = (request: FastifyRequest, name: string): readonly string[] => {
  const parts = headerOf(request, name).split(',');
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
};

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
