import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { acceptUploads } from './upload-bodies.ts';

describe('large bodies', () => {
  let server: FastifyInstance;

  const serve = async (graceMs: number): Promise<void> => {
    server = fastify();
    server.addHook('onRoute', (route) => acceptUploads(route, 10, { graceMs, withinMs: 120_000 }));
    server.post('/', async () => 'read');
    await server.listen({ port: 0, host: '127.0.0.1' });
  };
  afterEach(() => server.close());

  /** Without a length, such a body goes in alone. */
  const begin = () => {
    const arrived = once(server.server, 'request');
    const request = httpRequest({ port: (server.server.address() as AddressInfo).port, host: '127.0.0.1', method: 'POST' });
    request.setHeader('content-type', 'application/json');
    request.on('error', () => undefined);
    request.write('{"a":');
    return { request, arrived };
  };

  it('do not keep their place when their client has gone while they waited', async () => {
    await serve(60_000);
    const inside = begin();
    await inside.arrived;
    const waiting = begin();
    const [incoming] = (await waiting.arrived) as [NodeJS.EventEmitter];
    const closed = once(incoming, 'close').catch(() => undefined);
    waiting.request.destroy();
    await closed;
    const answered = once(inside.request, 'response');
    inside.request.end('1}');
    await answered;

    const next = begin();
    const reply = once(next.request, 'response') as Promise<[{ readonly statusCode: number }]>;
    next.request.end('1}');
    expect((await reply)[0].statusCode).toBe(200);
  });

  it('that are announced and do not come are cut off, and keep nobody out', async () => {
    await serve(200);
    const silent = begin();
    const cutOff = once(silent.request, 'close').catch((error: unknown) => error);
    await silent.arrived;
    const next = begin();
    const reply = once(next.request, 'response') as Promise<[{ readonly statusCode: number }]>;
    next.request.end('1}');
    expect((await reply)[0].statusCode).toBe(200);
    await cutOff;
  });
});
