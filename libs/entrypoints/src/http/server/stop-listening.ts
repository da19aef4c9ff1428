import type { Server } from 'node:http';
import { Server as SocketServer } from 'node:net';
import type { Connections } from './connections.ts';

/** Turns of the event loop in a row without a new connection after which none is taken to wait. */
const QUIET_TURNS = 4;
/** Under a storm of connections there is no such pause; then the listener is closed all the same. */
const MOST_TURNS = 2_000;

/**
 * Closes the listener and nothing else: open connections go on being served.
 *
 * Node accepts one connection a turn, and the kernel resets those it had completed and nobody had accepted. So what waits is
 * accepted first. One that arrives in the microseconds between the last look and the close is still lost, unless another process
 * holds the same listener (`node:cluster`) or the kernel hands it over (`net.ipv4.tcp_migrate_req`): see docs/operations.md.
 */
export async function stopListening(server: Server, connections: Connections): Promise<void> {
  if (!server.listening) return;
  let quietTurns = 0;
  for (let turn = 0; turn < MOST_TURNS && quietTurns < QUIET_TURNS; turn += 1) {
    const before = connections.accepted;
    await new Promise((resolve) => setImmediate(resolve));
    quietTurns = connections.accepted === before ? quietTurns + 1 : 0;
  }
  // An HTTP server's own `close` also closes connections that are idle now, while their clients may be sending.
  SocketServer.prototype.close.call(server);
}
