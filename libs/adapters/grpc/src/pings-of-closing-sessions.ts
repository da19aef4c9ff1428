import { subscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Session } from 'node:http2';

type PingCallback = (error: Error | null, durationMs: number, payload: Buffer) => void;
type Ping = (callback: PingCallback) => boolean;

const watched = new WeakSet<ClientHttp2Session>();
let isWatching = false;

/**
 * Lets calls finish on a connection whose server has said that it closes (its age, or a stop). Node sends no ping on such a session, and
 * grpc-js 1.14.7 takes that for a dead connection and cuts every call that still runs on it (grpc-node 3068). So there a ping counts as
 * answered; calls have deadlines of their own.
 */
export function letCallsFinishOnClosingSessions(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('http2.client.stream.created', (message) => {
    const { session } = (message as { readonly stream: { readonly session?: ClientHttp2Session } }).stream;
    if (session === undefined || watched.has(session)) return;
    watched.add(session);
    watch(session as unknown as { ping: Ping; readonly closed: boolean; readonly destroyed: boolean });
  });
}

function watch(session: { ping: Ping; readonly closed: boolean; readonly destroyed: boolean }): void {
  const ping = session.ping.bind(session);
  session.ping = (...parameters: Parameters<Ping>) => {
    const callback: unknown = parameters.at(-1);
    if (!session.closed || session.destroyed || typeof callback !== 'function') return ping(...parameters);
    process.nextTick(callback as PingCallback, null, 0, Buffer.alloc(8));
    return true;
  };
}
