import { forEachKind } from '@continuo/domain';
import { AppError, REQUEST_ID_METADATA } from '@continuo/contracts';
import { createLog } from '@continuo/platform';
import type { CallOptions, ChatModel, ChatModelEvent, ChatModelRequest, RecallApi, RecallRequest, RecallResult } from '@continuo/ports';
import { aScope } from '@continuo/testing';
import { NO_INDEX, Services } from '../test/services.ts';

const services = new Services();
afterEach(() => services.close());

const QUERY: RecallRequest = {
  scope: aScope(),
  query: 'tea',
  conversationId: null,
  filter: null,
  limits: forEachKind(() => 1),
  others: [],
  together: null,
  minRelativity: 0,
  explainIds: [],
};
const PROMPT: ChatModelRequest = { scope: aScope(), modelName: null, messages: [], temperature: 0, topP: 1, maxTokens: 1 };
const END: ChatModelEvent = { type: 'end', finish: 'stop', usage: { promptTokens: 1, answerTokens: 1 } };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Work that stops only with its signal, and keeps what it was given. */
class Hanging {
  readonly asked = Promise.withResolvers<CallOptions>();
  readonly stopped = Promise.withResolvers<unknown>();

  async wait(options: CallOptions): Promise<never> {
    this.asked.resolve(options);
    return new Promise<never>((_resolve, reject) => {
      options.signal?.addEventListener('abort', () => {
        this.stopped.resolve(options.signal?.reason);
        reject(options.signal?.reason as Error);
      });
    });
  }
}

const recallOf = (hanging: Hanging): RecallApi => ({ search: (_request, options) => hanging.wait(options) as Promise<RecallResult> });

const modelOf = (stream: (request: ChatModelRequest, options: CallOptions) => AsyncIterable<ChatModelEvent>): ChatModel => ({
  describe: () => ({ available: true, models: [], reason: 'yes' }),
  stream,
});

describe('a caller who leaves', () => {
  it('stops recall, and the client throws the reason', async () => {
    const hanging = new Hanging();
    const { recall } = await services.recallClient(await services.recallServer({ recall: recallOf(hanging) }));
    const caller = new AbortController();
    const reason = new Error('left');
    const outcome = expect(recall.search(QUERY, { signal: caller.signal })).rejects.toBe(reason);
    await hanging.asked.promise;
    caller.abort(reason);
    await outcome;
    expect(await hanging.stopped.promise).toMatchObject({ code: 'client_gone' });
  });

  it('stops an embedding', async () => {
    const hanging = new Hanging();
    const state = { status: 'ready', reason: 'yes', model: { id: 'm', dimension: 2 } } as const;
    const server = await services.recallServer({
      embedder: {
        state: () => state,
        onState: () => () => undefined,
        embed: (_texts, _role, options) => hanging.wait(options),
        close: async () => undefined,
      },
    });
    const { embedder } = await services.recallClient(server);
    embedder.open();
    while (embedder.state().status !== 'ready') await sleep(5);
    const caller = new AbortController();
    const outcome = expect(embedder.embed(['x'], 'query', { signal: caller.signal })).rejects.toBe('left');
    await hanging.asked.promise;
    caller.abort('left');
    await outcome;
    expect(await hanging.stopped.promise).toMatchObject({ code: 'client_gone' });
  });

  it('stops a model that is asked for the next piece', async () => {
    const hanging = new Hanging();
    const chat = modelOf(async function* (_request, options) {
      yield { type: 'text', text: 'a' };
      await hanging.wait(options);
    });
    const { chat: remote } = await services.generationClient(await services.generationServer({ chat }));
    for await (const event of remote.stream(PROMPT, {})) {
      expect(event).toEqual({ type: 'text', text: 'a' });
      await hanging.asked.promise;
      break;
    }
    expect(await hanging.stopped.promise).toMatchObject({ code: 'client_gone' });
  });

  it('leaves no listener on a signal that lives on', async () => {
    const chat = modelOf(async function* () {
      yield END;
    });
    const { chat: remote } = await services.generationClient(await services.generationServer({ chat }));
    const caller = new AbortController();
    let listeners = 0;
    const { signal } = caller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...parameters: Parameters<typeof add>) => ((listeners += 1), add(...parameters));
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => ((listeners -= 1), remove(...parameters));
    for await (const event of remote.stream(PROMPT, { signal })) expect(event).toEqual(END);
    expect(listeners).toBe(0);
  });
});

describe('the deadline of a call', () => {
  it('is the deadline of the work', async () => {
    const hanging = new Hanging();
    const { recall } = await services.recallClient(await services.recallServer({ recall: recallOf(hanging) }));
    const deadlineAt = Date.now() + 1_000;
    const result = await recall.search(QUERY, { deadlineAt });
    expect(result).toMatchObject({ state: 'timeout', facts: [], missingArms: ['words', 'vectors', 'overlay'] });
    const options = await hanging.asked.promise;
    // Clocks of two machines differ, so what is left travels; a slow one adds to it.
    expect(Math.abs((options.deadlineAt ?? 0) - deadlineAt)).toBeLessThan(5_000);
    await hanging.stopped.promise;
  });
});

describe('back-pressure', () => {
  it('asks the model for no more than the window of a slow reader takes', async () => {
    let produced = 0;
    const ended = Promise.withResolvers<void>();
    const text = 'x'.repeat(1_000);
    const chat = modelOf(async function* () {
      try {
        for (; produced < 200_000; produced += 1) yield { type: 'text', text };
      } finally {
        ended.resolve();
      }
    });
    const { chat: remote } = await services.generationClient(await services.generationServer({ chat }));
    for await (const event of remote.stream(PROMPT, {})) {
      expect(event).toEqual({ type: 'text', text });
      let before = -1;
      while (produced !== before) {
        before = produced;
        await sleep(100);
      }
      break;
    }
    expect(produced).toBeLessThan(5_000);
    await ended.promise;
  });

  it('loses nothing of a long answer that is read slowly and then fails', async () => {
    const chat = modelOf(async function* () {
      for (let piece = 0; piece < 2_000; piece += 1) yield { type: 'text', text: `${piece} ` };
      throw new AppError('model_limited', 'Enough.', { retryAfterMs: 5 });
    });
    const outcomes: string[] = [];
    const metrics = { rpcServed: (_method: string, outcome: string) => outcomes.push(outcome) };
    const { chat: remote } = await services.generationClient(await services.generationServer({ chat, metrics }));
    let pieces = 0;
    const reading = (async () => {
      for await (const event of remote.stream(PROMPT, {})) {
        expect(event).toEqual({ type: 'text', text: `${pieces} ` });
        pieces += 1;
        // The failure arrives meanwhile, and the rest waits to be read.
        if (pieces === 1) await sleep(300);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'model_limited', options: { retryAfterMs: 5 } });
    expect([pieces, outcomes]).toEqual([2_000, ['model_limited']]);
  });
});

describe('a server that stops', () => {
  it('says so by its health first, and finishes what it is doing', async () => {
    const gate = Promise.withResolvers<void>();
    const chat = modelOf(async function* () {
      yield { type: 'text', text: 'a' };
      await gate.promise;
      yield { type: 'text', text: 'b' };
      yield END;
    });
    const server = await services.generationServer({ chat });
    const client = await services.generationClient(server);
    expect(await client.isServing()).toBe(true);
    const answer = client.chat.stream(PROMPT, {})[Symbol.asyncIterator]();
    expect(await answer.next()).toEqual({ done: false, value: { type: 'text', text: 'a' } });
    server.announceLeaving();
    expect(await client.isServing()).toBe(false);
    // It serves on while it only says that it will leave.
    const other = client.chat.stream(PROMPT, {})[Symbol.asyncIterator]();
    expect((await other.next()).done).toBe(false);
    await other.return?.();
    const closed = server.close(10_000);
    await sleep(50);
    gate.resolve();
    expect(await answer.next()).toEqual({ done: false, value: { type: 'text', text: 'b' } });
    expect(await answer.next()).toEqual({ done: false, value: END });
    await closed;
    await expect(client.chat.stream(PROMPT, {})[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'model_unavailable' });
  });

  it('cuts what runs after the grace, and says why', async () => {
    const hanging = new Hanging();
    const chat = modelOf(async function* (_request, options) {
      yield { type: 'text', text: 'a' };
      await hanging.wait(options);
    });
    const server = await services.generationServer({ chat });
    const client = await services.generationClient(server);
    const answer = client.chat.stream(PROMPT, {})[Symbol.asyncIterator]();
    await answer.next();
    const outcome = expect(answer.next()).rejects.toMatchObject({ code: 'draining' });
    await hanging.asked.promise;
    await Promise.all([server.close(100), server.close(100)]);
    await outcome;
    expect(await hanging.stopped.promise).toMatchObject({ code: 'draining' });
  });

  it('cuts work that does not obey its signal as well', async () => {
    const asked = Promise.withResolvers<void>();
    const server = await services.recallServer({
      index: { ...NO_INDEX, needsRefill: async () => (asked.resolve(), new Promise<never>(() => undefined)) },
    });
    const client = await services.recallClient(server);
    const outcome = expect(client.index.needsRefill()).rejects.toMatchObject({ code: 'index_unavailable' });
    await asked.promise;
    await server.close(100);
    await outcome;
  });

  it('does not cut answers when connections grow old', async () => {
    const chat = modelOf(async function* () {
      for (const text of 'abc') {
        await sleep(5);
        yield { type: 'text', text };
      }
      yield END;
    });
    const { chat: remote } = await services.generationClient(await services.generationServer({ chat, maxConnectionAgeMs: 150 }));
    const said = async (): Promise<number> => {
      let events = 0;
      for await (const event of remote.stream(PROMPT, {})) events += event.type === 'text' || event.type === 'end' ? 1 : 0;
      return events;
    };
    const until = performance.now() + 1_500;
    while (performance.now() < until)
      expect(await Promise.all(Array.from({ length: 8 }, said))).toEqual(Array.from({ length: 8 }, () => 4));
  });
});

describe('the request a call is made for', () => {
  it('is named in the log of the service, with the method, the outcome and the time', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) });
    const served: unknown[] = [];
    const server = await services.recallServer({
      log,
      metrics: { rpcServed: (...parameters) => served.push(parameters) },
      index: { ...NO_INDEX, count: async () => 3 },
    });
    let current: string | undefined = 'request-1';
    const { index } = await services.recallClient(server, { requestId: () => current });
    await index.count(null);
    current = undefined;
    await index.count(null);
    expect(REQUEST_ID_METADATA).toBe('x-request-id');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { event: 'rpc_served', method: 'continuo.v1.Index/Count', requestId: 'request-1', outcome: 'ok', durationMs: expect.any(Number) },
      { event: 'rpc_served', method: 'continuo.v1.Index/Count', outcome: 'ok' },
    ]);
    expect(served).toEqual([
      ['continuo.v1.Index/Count', 'ok', expect.any(Number)],
      ['continuo.v1.Index/Count', 'ok', expect.any(Number)],
    ]);
  });
});
