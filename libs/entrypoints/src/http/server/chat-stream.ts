import type { ServerResponse } from 'node:http';
import type { AppError } from '@continuo/contracts';
import type { ChatAnswer, ChatEvent, ChatRun } from '@continuo/use-cases';
import type { FastifyReply } from 'fastify';
import type { ChatWire } from './chat-wire.ts';
import { whenGone } from './client-signal.ts';
import { asAppError } from './error-filter.ts';
import { HEARTBEAT, orSilence, wasSent, withHeartbeats, writeWithBackPressure } from './server-sent-events.ts';

export interface ChatStreamOptions {
  readonly heartbeatMs: number;
  /** Headers of every reply of this request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly wire: ChatWire;
  /** Told of each piece of the answer that is sent. */
  readonly onText: (text: string) => void;
  /** Told of the finished answer. */
  readonly onAnswer: (answer: ChatAnswer) => void;
  /** Told of an error that came after the first byte. */
  readonly onError: (error: AppError, thrown: unknown) => void;
  /** Called when the last byte was handed over. */
  readonly delivered: () => Promise<void>;
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // Proxies of the nginx family would otherwise collect the answer before they pass it on.
  'x-accel-buffering': 'no',
} as const;

/**
 * Streams one answer as server-sent events and resolves when the run is over. What fails before the first event is thrown, for an
 * ordinary error reply, unless it takes longer than a heartbeat: then the stream has begun, and the error is an event.
 */
export async function streamChat(run: ChatRun, reply: FastifyReply, options: ChatStreamOptions): Promise<void> {
  let isGone = false;
  whenGone(reply.raw, () => {
    isGone = true;
    run.clientGone();
  });
  const events = run.events()[Symbol.asyncIterator]();
  try {
    const first = events.next();
    try {
      await orSilence(first, options.heartbeatMs);
    } catch (error) {
      // Nobody is left to be told.
      if (isGone) return;
      throw error;
    }
    if (isGone) return;
    reply.hijack();
    await sendEvents(reply.raw, withHeartbeats(startingWith(first, events), options.heartbeatMs), () => isGone, options);
    if (await wasSent(reply.raw)) await options.delivered();
  } finally {
    // Lets the run come to its end: a partial turn is still being kept.
    await Promise.resolve(events.return?.()).catch(() => undefined);
  }
}

async function sendEvents(
  response: ServerResponse,
  events: AsyncIterable<ChatEvent | null>,
  isGone: () => boolean,
  options: ChatStreamOptions,
): Promise<void> {
  response.on('error', () => undefined);
  // The last of its connection, always: the server may be asked to stop while it runs, and what its client then sent behind it would
  // have only the rest of the drain time.
  response.shouldKeepAlive = false;
  response.writeHead(200, { ...options.headers, ...STREAM_HEADERS });
  response.flushHeaders();
  try {
    for await (const event of events) {
      if (isGone()) return;
      await writeWithBackPressure(response, frameOf(event, options));
    }
  } catch (thrown) {
    if (isGone()) return;
    const error = asAppError(thrown);
    options.onError(error, thrown);
    await writeWithBackPressure(response, options.wire.failure(error));
  }
  response.end();
}

function frameOf(event: ChatEvent | null, options: ChatStreamOptions): string {
  if (event === null) return HEARTBEAT;
  if (event.type === 'text') options.onText(event.text);
  if (event.type === 'end') options.onAnswer(event.answer);
  return options.wire.frames(event);
}

/** The iterator whose first result has already been asked for. */
function startingWith<Value>(first: Promise<IteratorResult<Value>>, rest: AsyncIterator<Value>): AsyncIterator<Value> {
  let isFirst = true;
  return {
    next: () => {
      if (!isFirst) return rest.next();
      isFirst = false;
      return first;
    },
  };
}
