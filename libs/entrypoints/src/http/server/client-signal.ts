import { AppError } from '@continuo/contracts';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Aborted as soon as the client closes the connection before its reply was sent. */
export function clientSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  whenGone(response, () => gone.abort(new AppError('client_gone', 'the client closed the connection')));
  return gone.signal;
}

/**
 * Calls back once when the connection closes before the reply was sent in full; not at all otherwise.
 * The connection is watched itself: a reply that waits behind another on it would never hear of its end.
 */
export function whenGone(response: ServerResponse, callback: () => void): void {
  const { socket } = response.req;
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    watchers.get(socket)?.delete(over);
    if (!response.writableFinished) callback();
  };
  response.once('close', over);
  if (socket.destroyed) queueMicrotask(over);
  else watch(socket, over);
}

/** Who waits for a connection to close. One listener each, however many requests a client sends down it. */
const watchers = new WeakMap<Socket, Set<() => void>>();

function watch(socket: Socket, callback: () => void): void {
  const known = watchers.get(socket);
  if (known !== undefined) {
    known.add(callback);
    return;
  }
  const callbacks = new Set([callback]);
  watchers.set(socket, callbacks);
  socket.once('close', () => {
    for (const each of callbacks) each();
  });
}
