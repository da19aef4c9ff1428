import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { listenOn } from '../src/http/listen-on.ts';
import { application } from './http-server.ts';

const HANDOVERS = 20;
const CLIENTS = 8;

/** Clients in a process of their own, so that they send at any moment, also while a server closes. */
async function hammer(port: number): Promise<{ stop(): Promise<{ answered: number; failed: readonly string[] }> }> {
  const child = fork(fileURLToPath(new URL('hammer.mjs', import.meta.url)), [String(port), String(CLIENTS)]);
  await once(child, 'message');
  return {
    async stop() {
      const result = once(child, 'message');
      child.send('stop');
      const [{ answered, failed }] = (await result) as [{ answered: number; failed: string[] }];
      return { answered, failed };
    },
  };
}

const open = async (port: number): Promise<{ app: NestFastifyApplication; port: number }> => {
  const app = await application();
  return { app, port: (await listenOn(app, { host: '127.0.0.1', port, reusePort: true })).port };
};

describe('A handover', () => {
  it('fails no request of clients that keep their connections, however often servers take over from one another', async () => {
    const first = await open(0);
    const { port } = first;
    let { app } = first;
    const clients = await hammer(port);
    for (let handover = 0; handover < HANDOVERS; handover += 1) {
      const next = await open(port);
      await app.close();
      app = next.app;
    }
    const { answered, failed } = await clients.stop();
    await app.close();

    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(HANDOVERS * CLIENTS);
  }, 60_000);
});

describe('listenOn', () => {
  it('names the port that was taken, and refuses one that another server holds for itself', async () => {
    const [first, second] = await Promise.all([application(), application()]);
    const { port, origin } = await listenOn(first, { host: '127.0.0.1', port: 0, reusePort: false });
    expect(origin).toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${origin}/livez`)).status).toBe(200);

    await expect(listenOn(second, { host: '127.0.0.1', port, reusePort: true })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await Promise.all([first.close(), second.close()]);
  });
});
