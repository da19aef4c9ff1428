import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onlyIn } from '../deployment/deployment.ts';
import { RollingClient } from '../trials/rolling-client.ts';
import { ROLLED, rollUnderLoad } from '../trials/rolling.ts';

/** Each service is restarted, with answers of seconds under way. */
const TIMEOUT_MS = 400_000;

describe('a client of a rolling restart', () => {
  const EVENTS = 'data: {"type":"text","data":"Well."}\n\n';

  /** Sends one streamed chat to a server that behaves like that. */
  async function sentTo(listener: RequestListener) {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = new RollingClient({ base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'k' });
    try {
      return await client.send('stream', 'new', {});
    } finally {
      client.close();
      server.closeAllConnections();
      server.close();
    }
  }

  it('takes a stream with its end for whole', async () => {
    const result = await sentTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${EVENTS}data: {"type":"end"}\n\n`);
    });
    expect(result).toEqual({ outcome: 'ok', detail: '', refusedConnects: 0, reply: 'Well.' });
  });

  it('takes a stream that breaks off, ends early or holds an error for cut', async () => {
    const endings: readonly string[] = ['', 'data: {"type":"error","data":"the server is shutting down"}\n\ndata: {"type":"end"}\n\n'];
    for (const ending of endings) {
      const result = await sentTo((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${EVENTS}${ending}`);
      });
      expect(result.outcome).toBe('cut');
    }
    const torn = await sentTo((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(EVENTS, () => response.socket?.destroy());
    });
    expect(torn.outcome).toBe('cut');
  });

  it('counts a connection that is reset, and repeats nothing that may have been sent', async () => {
    let requests = 0;
    const result = await sentTo((request) => {
      requests += 1;
      request.socket.resetAndDestroy();
    });
    expect([result.outcome, result.detail, requests]).toEqual(['connection', 'ECONNRESET', 1]);
  });
});

onlyIn('cluster', () => {
  describe('a rolling restart of each service under load', () => {
    it(
      'fails no request, cuts no stream, loses and doubles nothing',
      async () => {
        const report = await rollUnderLoad({ rate: 6, rounds: 1, services: ROLLED, seed: 3, say: () => undefined });
        expect(report).toMatchObject({
          failures: [],
          lostMessages: [],
          doubledMessages: [],
          halfWritten: [],
          lostMemories: [],
          doubledMemories: [],
          unendedTasks: [],
          failedTasks: [],
        });
        for (const row of report.rows) expect(row.sent).toBeGreaterThan(0);
      },
      TIMEOUT_MS,
    );
  });
});
