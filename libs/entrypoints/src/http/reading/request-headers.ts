import { AppError } from '@continuo/contracts';
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

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim();
}
