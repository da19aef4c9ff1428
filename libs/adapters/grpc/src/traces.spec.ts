import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  createHttpApplication,
  DEFAULT_HTTP_SETTINGS,
  HTTP_LOG,
  type HttpUseCases,
  listenOn,
  READINESS,
  useCaseProviders,
} from '@continuo/entrypoints';
import { Metrics, silentLog, startTraces } from '@continuo/platform';
import { ProcessLimits } from '@continuo/openai';
import { DEFAULT_PROJECT_SETTINGS, type RecallApi, TOKEN_COUNTER } from '@continuo/ports';
import { O200kTokenCounter } from '@continuo/tokens';
import { LimitRequests, ResolveSpaces } from '@continuo/use-cases';
import { Services, TOKEN } from '../test/services.ts';

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
}

/** Keeps the spans it is sent, as they are sent. */
async function collector() {
  const spans: SentSpan[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      bodies.push(body);
      for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
        const service = resource.attributes.find(({ key }: { key: string }) => key === 'service.name').value.stringValue;
        for (const scope of scopeSpans) for (const span of scope.spans) spans.push({ ...span, service });
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { spans, bodies, server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The HTTP door with nothing behind it but recall. */
function gateway(recall: RecallApi) {
  const useCases = {
    recall,
    authenticateKey: { execute: async () => ({ id: 'default', createdAt: 0, settings: DEFAULT_PROJECT_SETTINGS }) },
    resolveSpaces: new ResolveSpaces({ linkedTo: async () => [] }),
    limitRequests: new LimitRequests(new ProcessLimits(), new O200kTokenCounter()),
  };
  return createHttpApplication({
    settings: DEFAULT_HTTP_SETTINGS,
    infrastructure: [
      ...useCaseProviders(useCases as unknown as HttpUseCases),
      { provide: HTTP_LOG, useValue: silentLog },
      { provide: READINESS, useValue: { report: async () => ({ status: 'complete', parts: [] }) } },
      { provide: TOKEN_COUNTER, useValue: { count: () => 1, exceeds: () => false } },
      { provide: Metrics, useValue: new Metrics({ processDetails: false }) },
    ],
  });
}

describe('one request in two processes', () => {
  it('is one trace over HTTP, gRPC and the job it asks for, and nothing in it is what the user said', async () => {
    const services = new Services();
    const { spans, bodies, server, endpoint } = await collector();
    const traces = await startTraces({ endpoint, service: 'gateway' });
    const child = fork(fileURLToPath(new URL('../test/traced-recall.mjs', import.meta.url)), [endpoint, TOKEN]);
    const [port] = (await once(child, 'message')) as [number];
    const client = await services.recallClient(`127.0.0.1:${port}`);
    const app = await gateway(client.recall);
    const { origin } = await listenOn(app, { host: '127.0.0.1', port: 0, reusePort: false });
    try {
      const response = await fetch(`${origin}/api/openmem/v1/search/memory?secret=in-the-address`, {
        method: 'POST',
        headers: { authorization: 'Token t', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
        body: JSON.stringify({ user_id: 'ana-maria', query: 'where is my passport' }),
      });
      expect(response.status).toBe(200);
      await fetch(`${origin}/readyz`);
    } finally {
      const ended = once(child, 'exit');
      child.send('stop');
      await ended;
      await app.close();
      await services.close();
      await traces.stop();
      server.close();
      server.closeAllConnections();
    }

    const named = (name: string, service: string): SentSpan | undefined =>
      spans.find((span) => span.name === name && span.service === `continuo-${service}`);
    const chain = [
      named('POST /search/memory', 'gateway'),
      named('Recall/Search', 'gateway'),
      named('Recall/Search', 'recall'),
      named('drain-inbox', 'recall'),
    ];
    expect(chain.map((span) => span?.parentSpanId)).toEqual(['b7ad6b7169203331', ...chain.slice(0, 3).map((span) => span?.spanId)]);
    expect(named('index.search', 'recall')?.parentSpanId).toBe(chain[2]?.spanId);
    expect(spans.map(({ name }) => name).toSorted()).toEqual([
      'POST /search/memory',
      'Recall/Search',
      'Recall/Search',
      'drain-inbox',
      'index.search',
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
    expect(bodies.join('')).not.toMatch(/passport|ana-maria|in-the-address|127\.0\.0\.1/u);
  }, 30_000);
});
