import type { ServerResponse } from 'node:http';

/** The data of one event. ASCII alone: clients that guess another charset, or split lines at U+2028, would break the JSON otherwise. */
export function eventFrame(payload: object): string {
  const json = JSON.stringify(payload).replaceAll(/[\u0080-\u{10FFFF}]/gu, asciiEscape);
  return `data: ${json}\n\n`;
}

/** A comment, ignored by every client, that keeps the connection from looking dead. */
export const HEARTBEAT = ': still here\n\n';

function asciiEscape(character: string): string {
  let escaped = '';
  for (let unit = 0; unit < character.length; unit += 1) escaped += `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  return escaped;
}

/** Passes values on as they come; after each silence of `silenceMs` yields null. Does not end its source. */
export async function* withHeartbeats<Value>(source: AsyncIterator<Value>, silenceMs: number): AsyncGenerator<Value | null, void, void> {
  let next = source.next();
  // Left alone by an early end, its failure would otherwise be nobody's.
  next.catch(() => undefined);
  for (;;) {
    const result = await orSilence(next, silenceMs);
    if (result === null) {
      yield null;
      continue;
    }
    if (result.done === true) return;
    yield result.value;
    next = source.next();
    next.catch(() => undefined);
  }
}

/** The promise's value, or null when it takes longer. */
export async function orSilence<Value>(promise: Promise<Value>, silenceMs: number): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), silenceMs);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Writes one piece and waits until the client can take more; at once when the client is gone. */
export function writeWithBackPressure(response: ServerResponse, piece: string): Promise<void> {
  if (response.destroyed || response.writableEnded || response.write(piece)) return Promise.resolve();
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.once('drain', go);
    response.once('close', go);
  });
}

/** True once its last byte was handed to the system, false when the connection closed before. */
export function wasSent(response: ServerResponse): Promise<boolean> {
  if (response.writableFinished) return Promise.resolve(true);
  if (response.destroyed || response.socket?.destroyed === true) return Promise.resolve(false);
  return new Promise((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(response.writableFinished));
  });
}
