import { AppError } from '@continuo/contracts';
import type { ServerResponse } from 'node:http';

/** Aborted as soon as the client closes the connection before its reply was sent. */
export function clientSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  whenGone(response, () => gone.abort(new AppError('client_gone', 'the client closed the connection')));
  return gone.signal;
}

/**
 * Calls back once when the connection closes before the reply was sent in full; not at all otherwise.
 * Both events are needed: a reply that waits behind another on its connection has no socket of its own to hear of.
 */
export function whenGone(response: ServerResponse, callback: () => void): void {
  const { socket } = response.req;
  const closed = (): void => {
    socket.off('close', closed);
    response.off('close', closed);
    if (!response.writableFinished) callback();
  };
  if (socket.destroyed) {
    queueMicrotask(closed);
    return;
  }
  socket.once('close', closed);
  response.once('close', closed);
}
