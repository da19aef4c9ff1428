import { AppError } from '@continuo/contracts';

/** What we read from an error of the SDK or of the network, without asking for its class: it may come from another realm. */
interface ProviderError {
  readonly status?: unknown;
  readonly headers?: { get?(name: string): string | null };
  readonly error?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** Upper bound for what a provider may make callers wait. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * The same failure in the words of the port. Nothing of the provider's own text is passed on: it may quote the prompt.
 *
 * @param begun the answer had begun, so that a broken connection is an answer cut off and not a provider out of reach
 */
export function toModelError(error: unknown, model: string, begun: boolean, now: number): AppError {
  if (AppError.is(error)) return error;
  const status = statusOf(error);
  if (status === 429) return limited(error, model, now);
  if (status === 408) return new AppError('model_timeout', `The provider of ${model} gave up waiting.`, { cause: error });
  if (status !== null && status < 500) return new AppError('model_rejected', rejection(status, model), { cause: error });
  if (begun) return new AppError('model_cut_off', `The answer of ${model} was cut off.`, { cause: error });
  if (status !== null) return new AppError('model_unavailable', `The provider of ${model} failed with status ${status}.`, { cause: error });
  return new AppError('model_unavailable', `The provider of ${model} cannot be reached.`, { cause: error });
}

function limited(error: unknown, model: string, now: number): AppError {
  const retryAfterMs = retryAfterOf(error, now);
  return new AppError('model_limited', `The provider of ${model} limits its requests.`, {
    cause: error,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function rejection(status: number, model: string): string {
  if (status === 401 || status === 403) return `The provider of ${model} refuses the key (status ${status}).`;
  if (status === 404) return `The provider does not know ${model}, or the base URL is not the one that ends in /v1 (status 404).`;
  return `The provider of ${model} refused the request (status ${status}).`;
}

/** How providers say that a prompt is longer than the model's window. */
const TOO_LONG = /context[_ ](?:length|window|size)|maximum context|prompt is too long|too many (?:input )?tokens/u;

/** A refusal because a chat does not fit the model gets the contract's own code. @throws what it is given, or AppError `chat_too_long`. */
export function tellTooLong(error: unknown): never {
  if (!AppError.is(error, 'model_rejected') || !TOO_LONG.test(refusalText(error.options.cause))) throw error;
  throw new AppError('chat_too_long', 'The chat is longer than the model allows.', { cause: error.options.cause });
}

/** The HTTP status; for an error sent inside a stream the number it names; null: the network, or not said. */
export function statusOf(error: unknown): number | null {
  const { status, code, error: body } = (error ?? {}) as ProviderError;
  if (typeof status === 'number') return status;
  const inner = (body as ProviderError | undefined)?.code ?? code;
  if (inner === 'rate_limit_exceeded') return 429;
  const number = Number(inner);
  return Number.isInteger(number) && number >= 400 && number <= 599 ? number : null;
}

/** Everything the provider wrote about a refusal, in lower case; for looking parameter names up, never for showing. */
export function refusalText(error: unknown): string {
  const { error: body, message } = (error ?? {}) as ProviderError;
  return `${typeof message === 'string' ? message : ''} ${JSON.stringify(body) ?? ''}`.toLowerCase();
}

/** From `retry-after-ms`, or from `retry-after` in seconds or as a date; null: not said, or not understood. */
function retryAfterOf(error: unknown, now: number): number | null {
  const headers = ((error ?? {}) as ProviderError).headers;
  if (typeof headers?.get !== 'function') return null;
  const milliseconds = headers.get('retry-after-ms');
  const value = headers.get('retry-after');
  const waitMs =
    milliseconds !== null
      ? Number(milliseconds)
      : value === null || value.trim() === ''
        ? NaN
        : /^\s*\d+(\.\d+)?\s*$/u.test(value)
          ? Number(value) * 1_000
          : Date.parse(value) - now;
  return Number.isFinite(waitMs) ? Math.min(Math.max(0, Math.round(waitMs)), LONGEST_RETRY_AFTER_MS) : null;
}
