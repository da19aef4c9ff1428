import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { AppError } from '@continuo/contracts';
import { createLog } from '../logs/log.ts';
import { inSpan, openSpan, runInTrace, startTraces, traceId, traceparent, type Traces } from './traces.ts';

interface SentSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** A collector that keeps what it is sent. */
class Collector {
  readonly spans: SentSpan[] = [];
  readonly bodies: string[] = [];
  readonly paths: string[] = [];
  readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      this.paths.push(request.url ?? '');
      request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      request.on('end', () => {
        this.bodies.push(body);
        for (const resource of JSON.parse(body).resourceSpans) for (const scope of resource.scopeSpans) this.spans.push(...scope.spans);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  named(name: string): SentSpan {
    const found = this.spans.filter((span) => span.name === name);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} spans are called ${name}`);
    return found[0];
  }
}

describe('traces', () => {
  let collector: Collector;
  let traces: Traces | null = null;
  let endpoint: string;

  beforeEach(async () => {
    collector = new Collector();
    endpoint = await collector.listen();
  });
  afterEach(async () => {
    await traces?.stop();
    traces = null;
    collector.server.close();
    collector.server.closeAllConnections();
  });

  const start = async (): Promise<void> => {
    traces = await startTraces({ endpoint: `${endpoint}/`, service: 'gateway' });
  };
  const sent = async (): Promise<Collector> => {
    await traces?.stop();
    return collector;
  };

  it('does nothing without an endpoint', async () => {
    traces = await startTraces({ endpoint: null, service: 'gateway' });
    const seen = await inSpan('POST /chat', { kind: 'server' }, async (span) => [span.traceparent, traceparent(), traceId()]);

    expect(seen).toEqual([null, null, null]);
    expect((await sent()).paths).toEqual([]);
  });

  it('sends spans to the collector with the service they come from', async () => {
    await start();
    await inSpan('POST /chat', { kind: 'server', attributes: { 'http.route': '/chat' } }, async (span) => {
      span.set({ 'http.response.status_code': 200 });
    });
    const { paths, bodies } = await sent();

    expect(paths).toEqual(['/v1/traces']);
    expect(bodies[0]).toContain('{"key":"service.name","value":{"stringValue":"continuo-gateway"}}');
    expect(collector.named('POST /chat')).toMatchObject({
      kind: 2,
      attributes: [
        { key: 'http.route', value: { stringValue: '/chat' } },
        { key: 'http.response.status_code', value: { intValue: 200 } },
      ],
    });
  });

  it('makes what is called from inside a child, also after waiting and beside other work', async () => {
    await start();
    const request = async (name: string): Promise<void> => {
      await inSpan(name, { kind: 'server' }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        await inSpan(`${name} > call`, { kind: 'client' }, async () => undefined);
      });
    };
    await Promise.all([request('a'), request('b')]);
    const { spans } = await sent();

    expect(spans).toHaveLength(4);
    for (const name of ['a', 'b']) {
      expect(collector.named(`${name} > call`).parentSpanId).toBe(collector.named(name).spanId);
      expect(collector.named(`${name} > call`).traceId).toBe(collector.named(name).traceId);
    }
    expect(collector.named('a').traceId).not.toBe(collector.named('b').traceId);
  });

  it('goes on with a trace that began elsewhere', async () => {
    await start();
    await runInTrace('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'drain-inbox', async () => {
      expect(traceId()).toBe('0af7651916cd43dd8448eb211c80319c');
      expect(traceparent()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/u);
    });
    await sent();

    expect(collector.named('drain-inbox')).toMatchObject({
      kind: 5,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
    });
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['nothing', null],
  ])('begins a trace where the parent is %s', async (_what, parent) => {
    await start();
    await runInTrace(parent, 'drain-inbox', async () => undefined);
    await sent();

    expect(collector.named('drain-inbox').parentSpanId ?? '').toBe('');
  });

  it('leaves out what the caller does not want sampled', async () => {
    await start();
    await runInTrace('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00', 'drain-inbox', async () => undefined);

    expect((await sent()).spans).toEqual([]);
  });

  it('does not trace calls that belong to no request and no job', async () => {
    await start();
    await inSpan('Recall/Search', { kind: 'client' }, async () => expect(traceparent()).toBeNull());

    expect((await sent()).spans).toEqual([]);
  });

  it('tells the kind of an error and not its words', async () => {
    await start();
    const broken = inSpan('broken', { kind: 'server' }, () => Promise.reject(new TypeError('he said: my pin is 1234')));
    await expect(broken).rejects.toThrow();
    const refused = inSpan('refused', { kind: 'server' }, () => Promise.reject(new AppError('model_limited', 'the words of a provider')));
    await expect(refused).rejects.toThrow();
    const { bodies } = await sent();

    expect(bodies.join('')).not.toMatch(/pin|provider/u);
    expect(collector.named('broken')).toMatchObject({
      status: { code: 2 },
      attributes: [{ key: 'error.type', value: { stringValue: 'TypeError' } }],
    });
    expect(collector.named('refused').attributes).toEqual([{ key: 'error.type', value: { stringValue: 'model_limited' } }]);
  });

  it('ends a span that is kept open when it is told to', async () => {
    await start();
    const span = openSpan('stream', { kind: 'server' });
    const inside = span.run(() => traceparent());
    expect(inside).toBe(span.traceparent);
    expect(traceparent()).toBeNull();
    span.end();
    await sent();

    expect(collector.named('stream').spanId).toBe(inside?.split('-')[2]);
  });

  it('puts the id of the trace in log lines', async () => {
    await start();
    const lines: string[] = [];
    const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
    log.info('outside');
    await inSpan('POST /chat', { kind: 'server' }, async () => log.info('inside'));
    await sent();

    expect(JSON.parse(lines[0] ?? '')).not.toHaveProperty('trace_id');
    expect(JSON.parse(lines[1] ?? '')).toHaveProperty('trace_id', collector.named('POST /chat').traceId);
  });

  it('costs nobody anything when the collector is away', async () => {
    collector.server.close();
    await start();

    expect(await inSpan('POST /chat', { kind: 'server' }, async () => 'answer')).toBe('answer');
    await traces?.stop();
  });
});
