import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { ExpectedError } from '../launcher/environment.mjs';

/** Below the ports that systems give to outgoing connections: a store that is down for a while finds its port free again. */
const FIRST = 20_000;
const LAST = 29_999;
const TRIES = 200;

/** Whether nobody listens there. */
export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port on loopback that nobody listens on, and none of `taken`. */
export async function freePort(taken = new Set()) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new ExpectedError(`No free port found between ${FIRST} and ${LAST}.`);
}
