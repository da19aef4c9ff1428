import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onlyIn } from '../deployment/deployment.ts';
import { System } from '../system.ts';
import { projectWithKey } from '../trials/command-line.ts';

const SUITE = join(import.meta.dirname, '../../../apps/conformance/src/main.ts');
const LIMIT_MS = 600_000;

interface Rule {
  readonly id: string;
  readonly verdict: 'pass' | 'fail' | 'not run';
  readonly reason: string;
}

interface Run {
  readonly exitCode: number;
  readonly output: string;
  readonly rules: readonly Rule[];
  readonly junit: string;
}

/** Runs the suite as anybody would: a process that knows an address and a key. */
async function conformance(baseUrl: string, ...options: readonly string[]): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-conformance-'));
  try {
    const parameters = ['--base-url', baseUrl, '--json', 'out.json', '--junit', 'out.xml', ...options];
    const { exitCode, output } = await new Promise<{ exitCode: number; output: string }>((resolve) => {
      const env = { PATH: process.env['PATH'] ?? '', INIT_CWD: folder };
      const command = ['--disable-warning=ExperimentalWarning', SUITE, ...parameters];
      execFile(process.execPath, command, { env, timeout: LIMIT_MS, maxBuffer: 64 * 1_048_576 }, (error, printed, complaints) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), output: `${printed}${complaints}` }),
      );
    });
    const report = await readFile(join(folder, 'out.json'), 'utf8').catch(() => {
      throw new Error(`the suite wrote no report:\n${output}`);
    });
    const { rules } = JSON.parse(report) as { readonly rules: readonly Rule[] };
    return { exitCode, output, rules, junit: await readFile(join(folder, 'out.xml'), 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const failed = ({ rules }: Run): readonly string[] =>
  rules.filter(({ verdict }) => verdict === 'fail').map(({ id, reason }) => `${id}: ${reason}`);

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** What a fault does; each member leaves alone what it does not mean. */
interface Fault {
  readonly name: string;
  /** Ids of rules, one of which has to go red. */
  readonly only: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of every endpoint
  readonly request?: (path: string, body: any, headers: Record<string, string>) => unknown;
  /** Answers in place of the server. */
  readonly instead?: (path: string) => object | null;
  readonly reply?: (exchange: Exchange) => Partial<Exchange>;
}

const HOP_HEADERS = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'date']);

/** Stands in front of a server and does one thing wrong, or nothing. */
class FaultyProxy {
  fault: Fault | null = null;
  private readonly target: string;
  private readonly server: Server;

  private constructor(target: string) {
    this.target = target;
    this.server = createServer((request, response) => void this.pass(request, response));
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const instead = this.fault?.instead?.(path) ?? null;
    const exchange = instead === null ? await this.forward(request, path) : ok(request.method ?? '', path, instead);
    const { status, headers, text } = { ...exchange, ...this.fault?.reply?.(exchange) };
    response.writeHead(status, headers);
    response.end(text);
  }

  private async forward(request: IncomingMessage, path: string): Promise<Exchange> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_HEADERS.has(name))) as Record<
      string,
      string
    >;
    const method = request.method ?? 'GET';
    const body = this.changed(path, sent, headers);
    const reply = await fetch(`${this.target}${path}`, {
      method,
      headers,
      ...(method === 'GET' ? {} : { body: body as Buffer<ArrayBuffer> }),
    });
    const received = Object.fromEntries([...reply.headers].filter(([name]) => !HOP_HEADERS.has(name)));
    return { method, path, status: reply.status, headers: received, text: await reply.text() };
  }

  private changed(path: string, body: Buffer, headers: Record<string, string>): Buffer {
    const change = this.fault?.request;
    if (change === undefined) return body;
    return Buffer.from(JSON.stringify(change(path, JSON.parse(body.toString('utf8') || '{}'), headers)));
  }
}

const ok = (method: string, path: string, data: object): Exchange => ({
  method,
  path,
  status: 200,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify({ code: 0, message: 'ok', data }),
});

// oxlint-disable-next-line typescript/no-explicit-any -- bodies of every endpoint
type Body = any;

/** Changes the JSON of answers to a path; of every path when it is null. */
const body =
  (path: string | null, change: (answer: Body) => void) =>
  (exchange: Exchange): Partial<Exchange> => {
    if (path !== null && exchange.path !== path) return {};
    if (!(exchange.headers['content-type'] ?? '').startsWith('application/json')) return {};
    const answer = JSON.parse(exchange.text) as Body;
    change(answer);
    return { text: JSON.stringify(answer) };
  };

/** Changes the data of successful answers to a path. */
const data = (path: string, change: (given: Body) => void) =>
  body(path, (answer) => {
    if (answer.data !== null) change(answer.data);
  });

const inSearch = (change: (fact: Body) => void) => data('/search/memory', ({ memory_detail_list: facts }) => facts.forEach(change));
const stream =
  (change: (exchange: Exchange) => Partial<Exchange>) =>
  (exchange: Exchange): Partial<Exchange> =>
    (exchange.headers['content-type'] ?? '').startsWith('text/event-stream') ? change(exchange) : {};
const without =
  (at: string, ...names: readonly string[]) =>
  (path: string, given: Body): Body =>
    path === at ? Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name))) : given;

const FAULTS: readonly Fault[] = [
  {
    name: 'HTTP 201 for a POST',
    only: 'envelope.status',
    reply: ({ method, status }) => ({ status: method === 'POST' && status === 200 ? 201 : status }),
  },
  {
    name: 'the message "success"',
    only: 'envelope.message',
    reply: body(null, (answer) => answer.code === 0 && (answer.message = 'success')),
  },
  { name: 'the code 200', only: 'envelope.code', reply: body(null, (answer) => answer.code === 0 && (answer.code = 200)) },
  { name: 'errors with HTTP 200', only: 'envelope.error.status', reply: () => ({ status: 200 }) },
  { name: 'errors with data', only: 'envelope.error.data', reply: body(null, (answer) => (answer.data ??= {})) },
  { name: 'no preference_note', only: 'search.preference_note', reply: data('/search/memory', (given) => delete given.preference_note) },
  {
    name: 'null for a list',
    only: 'search.event_detail_list.empty',
    reply: data('/search/memory', (given) => (given.event_detail_list = null)),
  },
  {
    name: 'times as text',
    only: 'search.memory_detail_list.create_time',
    reply: inSearch((fact) => (fact.create_time = new Date(fact.create_time).toISOString())),
  },
  {
    name: 'times in seconds',
    only: 'get.memory.memory_detail_list.update_time',
    reply: data('/get/memory', (given) =>
      given.memory_detail_list.forEach((fact: Body) => (fact.update_time = Math.floor(fact.update_time / 1_000))),
    ),
  },
  {
    name: 'the worst first',
    only: 'search.memory_detail_list.order',
    reply: data('/search/memory', (given) => given.memory_detail_list.reverse()),
  },
  {
    name: 'relativity ignored',
    only: 'search.relativity.threshold',
    request: (path, given) => (path === '/search/memory' ? { ...given, relativity: 0 } : given),
  },
  { name: 'filters ignored', only: 'filter.and', request: without('/search/memory', 'filter') },
  { name: 'limits ignored', only: 'search.memory_limit_number.facts', request: without('/search/memory', 'memory_limit_number') },
  { name: 'views ignored', only: 'search.include_memory_view', request: without('/search/memory', 'include_memory_view') },
  { name: 'conversations ignored', only: 'search.conversation_id.boost', request: without('/search/memory', 'conversation_id') },
  { name: 'nothing deleted', only: 'delete.memory_ids', instead: (path) => (path === '/delete/memory' ? { success: true } : null) },
  { name: 'messages backwards', only: 'get.message.order', reply: data('/get/message', (given) => given.message_detail_list.reverse()) },
  {
    name: 'a total of the page',
    only: 'get.memory.total',
    reply: data('/get/memory', (given) => (given.total = given.memory_detail_list.length)),
  },
  { name: 'always the first page', only: 'get.memory.page', request: without('/get/memory', 'page', 'current') },
  { name: 'add_message_on_answer ignored', only: 'chat.add_message_on_answer.false', request: without('/chat', 'add_message_on_answer') },
  { name: 'async_mode ignored', only: 'add.async_mode.false', request: without('/add/message', 'async_mode') },
  {
    name: 'a stream without charset',
    only: 'chat.stream.charset',
    reply: stream(({ headers }) => ({ headers: { ...headers, 'content-type': 'text/event-stream' } })),
  },
  {
    name: 'a stream that is not ASCII',
    only: 'chat.stream.ascii',
    reply: stream(({ text }) => ({ text: text.replace('"data":"', '"data":"广') })),
  },
  { name: '[DONE] in a stream', only: 'chat.stream.done', reply: stream(({ text }) => ({ text: `${text}data: [DONE]\n\n` })) },
  {
    name: 'a stream without end',
    only: 'chat.stream.end',
    reply: stream(({ text }) => ({ text: text.replace('"type":"end"', '"type":"text"') })),
  },
  {
    name: 'a task nobody knows',
    only: 'status.task_id.unknown',
    instead: (path) => (path === '/get/status' ? { task_id: 'x', status: 'running' } : null),
  },
  {
    name: 'any key',
    only: 'authorization.wrongKey',
    request: (_path, given, headers) => {
      headers['authorization'] = `Token ${key}`;
      return given;
    },
  },
];

/** The key of the server behind the proxy. */
let key = '';

describe('the contract, asked by its conformance suite', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
    key = system.key;
  });
  afterAll(() => system.close());

  it('is kept by every rule', async () => {
    const other = await projectWithKey(system.settings, 'other');
    const run = await conformance(system.base, '--api-key', system.key, '--other-api-key', other);
    expect(failed(run)).toEqual([]);
    expect(run.exitCode).toBe(0);
    expect(run.rules.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThanOrEqual(250);
    expect(run.output).toMatch(/\d+ rules: \d+ passed, 0 failed, \d+ not run/);
    expect(run.junit).toContain(`tests="${run.rules.length}" failures="0"`);
  });

  // About the rules, not about the server: once is enough.
  onlyIn('standalone', () => {
    describe('through a proxy', () => {
      let proxy: FaultyProxy;
      beforeAll(async () => {
        proxy = await FaultyProxy.start(system.base);
      });
      afterAll(() => proxy.close());

      it('is kept as long as the proxy does nothing wrong', async () => {
        proxy.fault = null;
        const only = [...new Set(FAULTS.map((fault) => fault.only))].join(',');
        const run = await conformance(proxy.baseUrl, '--api-key', system.key, '--only', only);
        expect([failed(run), run.exitCode]).toEqual([[], 0]);
      });

      it.each(FAULTS.map((fault) => [fault.name, fault] as const))('is seen to be broken by %s', async (_name, fault) => {
        proxy.fault = fault;
        const run = await conformance(proxy.baseUrl, '--api-key', system.key, '--only', fault.only, '--wait-ms', '3000');
        expect([run.exitCode, failed(run).length > 0]).toEqual([1, true]);
      });
    });
  });
});
