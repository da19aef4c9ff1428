import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChatEvent } from '@continuo/use-cases';
import { Draining } from '../src/http/draining.ts';
import { anAnswer, KEY, serve, type Served } from './http-server.ts';
import { keptConnection, until } from './kept-connection.ts';

const END: ChatEvent = { type: 'end', answer: anAnswer() };

describe('Draining', () => {
  const stream = (served: Served) =>
    served.raw('/chat', {
      method: 'POST',
      headers: { authorization: `Token ${KEY}` },
      body: JSON.stringify({ user_id: 'ana', query: 'tea?', stream: true }),
    });

  it('lets running streams finish and then closes, idle connections notwithstanding', async () => {
    const served = await serve({ settings: { drainMs: 5_000 } });
    served.behind.chat = () => ({
      async *events() {
        yield { type: 'text', text: 'a' } as const;
        await pause(200);
        yield { type: 'text', text: 'b' } as const;
        yield END;
      },
    });
    // Leaves a connection that its client would keep for over a minute.
    await served.post('/search/memory', { user_id: 'ana', query: 'tea' });
    const response = await stream(served);
    const body = response.text();
    const closing = served.close();

    expect(await body).toMatch(/"data":"b"\}\n\nevent: message\ndata: \{"type":"end","data":""\}\n\n$/u);
    await closing;
    await expect(stream(served)).rejects.toThrow();
  });

  it('ends what does not finish in time with its last event', async () => {
    const served = await serve({ settings: { drainMs: 100 } });
    let reason: unknown;
    served.behind.chat = (_input, signal) => ({
      async *events() {
        yield { type: 'text', text: 'a' } as const;
        await new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            reason = signal.reason;
            reject(signal.reason as Error);
          });
        });
      },
    });
    const body = (await stream(served)).text();
    await served.close();

    expect(await body).toMatch(
      /"type":"error","data":"the server is shutting down"\}\n\nevent: message\ndata: \{"type":"end","data":""\}\n\n$/u,
    );
    expect(reason).toMatchObject({ code: 'draining' });
  });

  it('serves what comes on open connections while it drains, says that it is their last, and takes no new ones', async () => {
    const served = await serve({ settings: { drainMs: 5_000, quietMs: 5_000 } });
    const kept = await Promise.all([keptConnection(served.url), keptConnection(served.url)]);
    const work = served.app.get(Draining).begin();
    const closing = served.close();
    await until(() => served.app.get(Draining).isDraining);
    const found = await kept[0].post('/search/memory', { user_id: 'ana', query: 'tea' });
    const readiness = await kept[1].get('/readyz');

    expect([found.status, found.connection]).toEqual([200, 'close']);
    expect([readiness.status, readiness.connection]).toEqual([503, 'close']);
    expect(JSON.parse(readiness.body)).toMatchObject({ status: 'unavailable' });
    await expect(fetch(`${served.url}/livez`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    work();
    await closing;
  });

  it('marks a stream that begins while it drains as the last of its connection', async () => {
    const served = await serve({ settings: { drainMs: 5_000, quietMs: 5_000 } });
    const kept = await keptConnection(served.url);
    const closing = served.close();
    await until(() => served.app.get(Draining).isDraining);
    const answer = await kept.post('/chat', { user_id: 'ana', query: 'tea?', stream: true });

    expect([answer.status, answer.connection]).toEqual([200, 'close']);
    expect(answer.body).toMatch(/"type":"end"/u);
    await closing;
  });

  it('lets no stream be followed by another request, so that one that begins before it drains holds up nobody', async () => {
    const served = await serve();
    const kept = await keptConnection(served.url);
    const answer = await kept.post('/chat', { user_id: 'ana', query: 'tea?', stream: true });

    expect([answer.status, answer.connection]).toEqual([200, 'close']);
    await served.close();
  });

  it('closes connections that stay silent, those that never asked for anything too, and no others', async () => {
    const served = await serve({ settings: { drainMs: 60_000, quietMs: 200 } });
    const mute = connect(Number(new URL(served.url).port), '127.0.0.1');
    await once(mute, 'connect');
    const [silent, slow] = await Promise.all([keptConnection(served.url), keptConnection(served.url)]);
    // The head of a request that is still on its way, a line at a time.
    slow.socket.write('GET /livez HTTP/1.1\r\n');
    const closing = served.close();
    const closed = Promise.all([once(mute.resume(), 'close'), once(silent.socket, 'close')]);
    for (let line = 0; line < 8; line += 1) {
      await pause(50);
      slow.socket.write(`x-line-${line}: 1\r\n`);
    }
    await closed;
    const reply = slow.reply();
    slow.socket.write('host: here\r\n\r\n');

    expect(await reply).toMatchObject({ status: 200, connection: 'close' });
    await closing;
  });
});

describe('Operations', () => {
  it('answers outside the prefix without a key', async () => {
    const served = await serve();
    served.behind.readiness = {
      status: 'degraded',
      parts: [{ name: 'embeddings', state: 'degraded', words: 'The model is being fetched.' }],
    };
    await served.post('/search/memory', { user_id: 'ana', query: 'tea' });
    const [alive, ready, metrics, root] = await Promise.all(['/livez', '/readyz', '/metrics', '/'].map((path) => fetch(served.url + path)));

    expect(await alive?.json()).toEqual({ status: 'ok' });
    expect(ready?.status).toBe(200);
    expect(await ready?.json()).toEqual(served.behind.readiness);
    expect(metrics?.headers.get('content-type')).toMatch(/^text\/plain/u);
    expect(await metrics?.text()).toContain('continuo_http_request_seconds_count{route="/search/memory",status="200"} 1');
    expect(await root?.json()).toMatchObject({ api: '/api/openmem/v1', documentation: '/docs' });
    await served.close();
  });

  it('answers 503 when requests cannot be served', async () => {
    const served = await serve();
    served.behind.readiness = { status: 'unavailable', parts: [{ name: 'records', state: 'down', words: 'Closed.' }] };

    expect((await fetch(`${served.url}/readyz`)).status).toBe(503);
    await served.close();
  });
});
