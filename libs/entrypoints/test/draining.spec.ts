import { setTimeout as pause } from 'node:timers/promises';
import type { ChatEvent } from '@continuo/use-cases';
import { anAnswer, KEY, serve, type Served } from './http-server.ts';

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

  it('refuses new work and says so in /readyz while it drains', async () => {
    const served = await serve({ settings: { drainMs: 5_000 } });
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    served.behind.chat = () => ({
      async *events() {
        yield { type: 'text', text: 'a' } as const;
        await held;
        yield END;
      },
    });
    const response = await stream(served);
    const closing = served.close();
    await pause(50);
    const refused = await served.post('/search/memory', { user_id: 'ana', query: 'tea' });
    const readiness = await fetch(`${served.url}/readyz`);

    expect([refused.status, refused.body.code]).toEqual([503, 50004]);
    expect(refused.headers.get('connection')).toBe('close');
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({ status: 'unavailable' });
    finish();
    await response.text();
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
