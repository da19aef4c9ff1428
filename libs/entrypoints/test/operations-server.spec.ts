import { Metrics, silentLog } from '@continuo/platform';
import type { ReadinessReport } from '../src/http/readiness.ts';
import { createOperationsServer, type OperationsServer } from '../src/operations/operations-server.ts';
import { serve } from './http-server.ts';

const COMPLETE: ReadinessReport = { status: 'complete', parts: [{ name: 'records', state: 'ready', words: 'Open.' }] };
const UNAVAILABLE: ReadinessReport = { status: 'unavailable', parts: [{ name: 'records', state: 'down', words: 'Closed.' }] };

describe('The operations server', () => {
  let report: () => Promise<ReadinessReport>;
  let operations: OperationsServer;
  const metrics = new Metrics({ processDetails: false });
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`http://127.0.0.1:${operations.port}${path}`, init);

  beforeEach(async () => {
    report = () => Promise.resolve(COMPLETE);
    operations = await createOperationsServer({
      host: '127.0.0.1',
      port: 0,
      readiness: { report: () => report() },
      metrics,
      log: silentLog,
    });
  });
  afterEach(() => operations.close());

  it('answers as the gateway does', async () => {
    const gateway = await serve();
    try {
      for (const state of [COMPLETE, UNAVAILABLE]) {
        gateway.behind.readiness = state;
        report = () => Promise.resolve(state);
        for (const path of ['/livez', '/readyz', '/readyz/']) {
          const [theirs, ours] = await Promise.all([fetch(gateway.url + path), ask(path)]);
          expect([ours.status, ours.headers.get('content-type'), await ours.json()]).toEqual([
            theirs.status,
            theirs.headers.get('content-type'),
            await theirs.json(),
          ]);
        }
      }
    } finally {
      await gateway.close();
    }
  });

  it('shows the figures, and which parts were up when last looked at', async () => {
    metrics.signalLost('drain-inbox');
    report = () => Promise.resolve(UNAVAILABLE);
    await ask('/readyz');
    const response = await ask('/metrics');
    const text = await response.text();

    expect([response.status, response.headers.get('content-type')]).toEqual([200, metrics.contentType]);
    expect(text).toContain('continuo_signals_lost_total{job_name="drain-inbox"} 1');
    expect(text).toContain('continuo_dependency_up{dependency="records"} 0');
  });

  it('is not ready any more from the moment it drains, and lives on', async () => {
    operations.drain();

    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/livez')).status).toBe(200);
    expect((await ask('/metrics')).status).toBe(200);
  });

  it.each([
    ['GET', '/', 404, null],
    ['GET', '/__proto__', 404, null],
    ['POST', '/chat', 404, null],
    ['POST', '/livez', 405, 'GET'],
    ['DELETE', '/metrics', 405, 'GET'],
  ])('answers %s %s with %i in the envelope', async (method, path, status, allow) => {
    const response = await ask(path, { method, headers: { 'x-request-id': 'r-1' } });

    expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
    expect(await response.json()).toEqual({ code: 50000, message: expect.any(String), data: null, request_id: 'r-1' });
  });

  it('says nothing of what broke', async () => {
    report = () => Promise.reject(new Error('the words of a user'));
    const response = await ask('/readyz');

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('words');
  });

  it('closes at once, whoever is connected', async () => {
    await ask('/livez');
    await operations.close();
    await operations.close();

    await expect(ask('/livez')).rejects.toThrow();
  });
});
