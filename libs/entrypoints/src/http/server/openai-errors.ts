import type { AppError, ErrorCode, OpenAiErrorReply } from '@continuo/contracts';
import type { FastifyRequest } from 'fastify';
import { statusOf } from './error-table.ts';

type OpenAiErrorType = OpenAiErrorReply['error']['type'];

/** Paths whose replies, errors included, have OpenAI's form. */
export const OPENAI_PATHS = ['/chat/completions', '/models', '/models/:model'] as const;

export const isOpenAiRoute = ({ routeOptions: { url } }: FastifyRequest): boolean =>
  url !== undefined && OPENAI_PATHS.some((path) => url.endsWith(path));

/** Statuses that SDKs for OpenAI expect where the contract has others. */
export const openAiStatusOf = (code: ErrorCode): number => (code === 'model_unknown' ? 404 : statusOf(code, false));

/** An error as SDKs for OpenAI read it. */
export function openAiError({ code, message }: AppError): OpenAiErrorReply {
  return { error: { message, type: typeOf(code), param: fieldOf(code, message), code: CODES[code] ?? code } };
}

const CODES: Partial<Record<ErrorCode, string>> = {
  model_unknown: 'model_not_found',
  key_invalid: 'invalid_api_key',
  unauthenticated: 'invalid_api_key',
  requests_limited: 'rate_limit_exceeded',
  tokens_limited: 'rate_limit_exceeded',
  model_limited: 'rate_limit_exceeded',
  chat_requests_used_up: 'insufficient_quota',
  chat_answers_used_up: 'insufficient_quota',
  input_too_long: 'context_length_exceeded',
  messages_too_long: 'context_length_exceeded',
  chat_too_long: 'context_length_exceeded',
};

function typeOf(code: ErrorCode): OpenAiErrorType {
  const status = openAiStatusOf(code);
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (CODES[code] === 'insufficient_quota') return 'insufficient_quota';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** The field that a complaint about a body begins with. */
function fieldOf(code: ErrorCode, message: string): string | null {
  if (code === 'model_unknown') return 'model';
  if (openAiStatusOf(code) !== 400) return null;
  return /^([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)*) (?:is|must) /u.exec(message)?.[1] ?? null;
}
