import type { CallOptions } from '@continuo/ports';
import { unavailable } from '../embedder-states.ts';
import { deadlineExceeded } from '../stopping.ts';
import { unitVector } from '../unit-vector.ts';

export interface EndpointAddress {
  /** Up to and including the version, for example `https://models.example/v1`. */
  readonly baseUrl: string;
  /** Null: the endpoint asks for none. */
  readonly apiKey: string | null;
  readonly model: string;
}

/** What went wrong, as far as the caller's next step depends on it. */
export class EndpointFailure extends Error {
  override readonly name = 'EndpointFailure';
  /** `down`: asking again later may help; `limited`: not before the pause; `refused`: this very request is at fault. */
  readonly kind: 'down' | 'limited' | 'refused';
  readonly retryAfterMs: number | undefined;

  constructor(kind: EndpointFailure['kind'], message: string, retryAfterMs?: number) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What we wait after a 429 that names no time. */
const DEFAULT_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60_000;
/** Statuses that speak of this request's content, not of the endpoint. */
const REFUSALS = [400, 413, 422];

/**
 * One request: unit vectors in the order of the texts.
 *
 * @throws EndpointFailure; the signal's reason; AppError `deadline_exceeded`.
 */
export async function requestEmbeddings(
  address: EndpointAddress,
  texts: readonly string[],
  timeoutMs: number,
  options: CallOptions,
): Promise<readonly Float32Array[]> {
  const remainingMs = options.deadlineAt === undefined ? Infinity : Math.max(0, options.deadlineAt - Date.now());
  const late = AbortSignal.timeout(Math.min(timeoutMs, remainingMs));
  try {
    const response = await fetch(`${address.baseUrl.replace(/\/+$/u, '')}/embeddings`, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json', ...(address.apiKey === null ? {} : { authorization: `Bearer ${address.apiKey}` }) },
      body: JSON.stringify({ model: address.model, input: texts, encoding_format: 'float' }),
      signal: options.signal === undefined ? late : AbortSignal.any([options.signal, late]),
    });
    if (!response.ok) throw await failureOf(response);
    return vectorsOf(await response.json(), texts.length);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof EndpointFailure) throw error;
    if (late.aborted) throw remainingMs < timeoutMs ? deadlineExceeded() : new EndpointFailure('down', `no answer within ${timeoutMs} ms`);
    throw new EndpointFailure('down', 'it cannot be reached or does not answer in the expected form');
  }
}

/** For the caller of the port. */
export function asUnavailable(failure: EndpointFailure): Error {
  return unavailable(`The embedding endpoint failed: ${failure.message}.`, {
    cause: failure,
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  });
}

async function failureOf(response: Response): Promise<EndpointFailure> {
  await response.body?.cancel();
  const answered = `it answered ${response.status}`;
  if (response.status === 429) return new EndpointFailure('limited', answered, retryAfterMs(response.headers));
  return new EndpointFailure(REFUSALS.includes(response.status) ? 'refused' : 'down', answered);
}

function retryAfterMs(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const delayMs = /^\d+(?:\.\d+)?$/u.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(delayMs) ? Math.min(Math.max(0, delayMs), LONGEST_PAUSE_MS) : DEFAULT_PAUSE_MS;
}

/** Reads `{ data: [{ index, embedding }] }`; servers differ in the order of the items. */
function vectorsOf(reply: unknown, count: number): readonly Float32Array[] {
  const items = (reply as { data?: unknown } | null)?.data;
  if (!Array.isArray(items) || items.length !== count) throw new EndpointFailure('down', `it did not answer with ${count} vectors`);
  const vectors: Float32Array[] = [];
  items.forEach((item: { index?: unknown; embedding?: unknown } | null, position) => {
    const index = typeof item?.index === 'number' ? item.index : position;
    const numbers: unknown = item?.embedding;
    if (!Array.isArray(numbers)) throw new EndpointFailure('down', 'it answered without numbers');
    vectors[index] = unitVector(numbers as number[]);
  });
  if (vectors.length !== count || vectors.includes(undefined as never))
    throw new EndpointFailure('down', 'it numbered its vectors wrongly');
  return vectors;
}
