import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError, ChatStreamEvent } from '@continuo/contracts';
import type { ChatEvent, ChatRun } from '@continuo/use-cases';
import { anAnswer, aRun, KEY, NO_RECALL, serve, type Served } from './http-server.ts';

const text = (words: string): ChatEvent => ({ type: 'text', text: words });
const END: ChatEvent = { type: 'end', answer: anAnswer() };

/** A run that goes on until its client has gone, and says what it noticed. */
function endlessRun(pieceMs: number, words = 'word '.repeat(200)) {
  const noticed = { gone: false, ended: false, delivered: false, pieces: 0 };
  const stop = new AbortController();
  const run: Partial<ChatRun> = {
    async *events() {
      try {
        for (;;) {
          noticed.pieces += 1;
          yield text(words);
          await pause(pieceMs, undefined, { signal: stop.signal });
        }
      } finally {
        noticed.ended = true;
      }
    },
    clientGone: () => {
      noticed.gone = true;
      stop.abort(new AppError('client_gone', 'gone'));
    },
    delivered: async () => void (noticed.delivered = true),
  };
  return { run, noticed, stop };
}

async function until(condition: () => boolean): Promise<void> {
  for (let waits = 0; waits < 500 && !condition(); waits += 1) await pause(10);
  expect(condition()).toBe(true);
}

describe('Streamed chat', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve({ settings: { heartbeatMs: 40 } });
  });

  beforeEach(() => {
    served.behind.fail = null;
  });

  afterAll(() => served.close());

  const chat = (change: object = {}, headers: Record<string, string> = {}) =>
    served.raw('/chat', {
      method: 'POST',
      headers: { authorization: `Token ${KEY}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ user_id: 'ana', query: 'tea?', stream: true, ...change }),
    });

  /** A client whose connection the spec can close. */
  const open = (body: object): Promise<{ reply: IncomingMessage; hangUp: () => void }> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(
        `${served.url}/api/openmem/v1/chat`,
        { method: 'POST', headers: { authorization: `Token ${KEY}` } },
        (reply) => resolve({ reply, hangUp: () => request.destroy() }),
      );
      request.on('error', reject);
      request.end(JSON.stringify({ user_id: 'ana', query: 'tea?', ...body }));
    });

  it('sends each piece as an event and ends with one', async () => {
    served.behind.chat = () =>
      aRun([
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'Green' },
        { type: 'text', text: ' tea' },
      ]);
    const response = await chat();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-cache');
    expect(response.headers.get('x-request-id')).toMatch(/./u);
    expect(await response.text()).toBe(
      [
        'event: message\ndata: {"type":"reasoning","data":"Hm."}\n\n',
        'event: message\ndata: {"type":"text","data":"Green"}\n\n',
        'event: message\ndata: {"type":"text","data":" tea"}\n\n',
        'event: message\ndata: {"type":"end","data":""}\n\n',
      ].join(''),
    );
  });

  it('writes ASCII alone, so that no client can misread it', async () => {
    const words = '绿茶 😀 \u2028 \u0085 "é"';
    served.behind.chat = () => aRun([{ type: 'text', text: words }]);
    const body = await (await chat()).text();
    const [first] = body.split('\n').filter((line) => line.startsWith('data:'));

    expect(body).toMatch(/^[\x0A\x20-\x7E]*$/u);
    expect(ChatStreamEvent.parse(JSON.parse((first ?? '').slice(5)))).toEqual({ type: 'text', data: words });
  });

  it('keeps the connection alive with comments while the model is silent', async () => {
    served.behind.chat = () => ({
      async *events() {
        await pause(150);
        yield text('late');
        await pause(150);
        yield END;
      },
    });
    const body = await (await chat()).text();
    const [before, after] = body.split('"late"');

    expect(before).toMatch(/^(: still here\n\n)+event: message\n/u);
    expect(after).toContain(': still here\n\n');
    expect(body).toMatch(/"type":"end","data":""\}\n\n$/u);
    expect(body).not.toContain('[DONE]');
  });

  it.each([
    ['before the run begins', true],
    ['before its first piece', false],
  ])('answers an error %s with an ordinary envelope', async (_when, atOnce) => {
    const error = new AppError('model_unknown', 'no model has this name');
    if (atOnce) served.behind.fail = error;
    served.behind.chat = () => ({
      // eslint-disable-next-line require-yield
      async *events() {
        throw error;
      },
    });
    const response = await chat();

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 40000, message: 'no model has this name', data: null });
  });

  it('sends an error after the first piece as an event, then the end', async () => {
    let delivered = false;
    served.behind.chat = () => ({
      async *events() {
        yield text('Green');
        throw new AppError('model_cut_off', 'the model stopped in the middle');
      },
      delivered: async () => void (delivered = true),
    });
    const body = await (await chat()).text();

    expect(body).toContain(
      'data: {"type":"error","data":"the model stopped in the middle"}\n\nevent: message\ndata: {"type":"end","data":""}\n\n',
    );
    await until(() => delivered);
  });

  it('explains in the last event when asked to', async () => {
    served.behind.chat = () => aRun([], anAnswer({ recall: { ...NO_RECALL, state: 'ok' } }));
    const body = await (await chat({}, { 'x-continuo-debug': 'explain' })).text();

    expect(body).toMatch(/"type":"end","data":"","debug":\{"recall":"ok"/u);
  });

  it('says that the answer has arrived once its last byte is out', async () => {
    let delivered = false;
    served.behind.chat = () => ({ ...aRun([{ type: 'text', text: 'a' }]), delivered: async () => void (delivered = true) });
    await (await chat()).text();

    await until(() => delivered);
  });

  it('stops the run as soon as its client has gone, not at its next piece', async () => {
    // Nothing but the closed connection wakes this run in time.
    const { run, noticed } = endlessRun(60_000);
    served.behind.chat = () => run;
    const client = await open({ stream: true });
    client.reply.on('error', () => undefined);
    await new Promise((resolve) => client.reply.once('data', resolve));
    client.hangUp();

    await until(() => noticed.ended);
    expect(noticed).toEqual({ gone: true, ended: true, delivered: false, pieces: 1 });
  });

  it('stops the run of a client that goes before the first piece', async () => {
    let gone = false;
    const stop = new AbortController();
    let started = false;
    served.behind.chat = () => ({
      async *events() {
        started = true;
        await pause(60_000, undefined, { signal: stop.signal });
        yield END;
      },
      clientGone: () => {
        gone = true;
        stop.abort();
      },
    });
    const request = httpRequest(`${served.url}/api/openmem/v1/chat`, { method: 'POST', headers: { authorization: `Token ${KEY}` } });
    request.on('error', () => undefined);
    request.end(JSON.stringify({ user_id: 'ana', query: 'tea?', stream: true }));
    await until(() => started);
    request.destroy();

    await until(() => gone);
  });

  it('asks the model for no more than a slow reader takes', async () => {
    const { run, noticed } = endlessRun(0, 'x'.repeat(1_000_000));
    served.behind.chat = () => run;
    const client = await open({ stream: true });
    client.reply.on('error', () => undefined);
    client.reply.pause();
    // What lies in the buffers of both ends may still be filled; then nothing more is asked for.
    let before = -1;
    await until(() => noticed.pieces > 1);
    while (noticed.pieces !== before && noticed.pieces < 200) {
      before = noticed.pieces;
      await pause(200);
    }
    client.hangUp();
    await until(() => noticed.ended);

    expect(noticed.pieces).toBeLessThan(50);
  });
});

describe('Chat that is not streamed', () => {
  it('runs on after its client has gone, and does not call its answer delivered', async () => {
    const served = await serve();
    const seen = { started: false, finished: false, gone: false, delivered: false };
    served.behind.chat = () => ({
      whole: async () => {
        seen.started = true;
        await pause(150);
        seen.finished = true;
        return anAnswer();
      },
      clientGone: () => void (seen.gone = true),
      delivered: async () => void (seen.delivered = true),
    });
    const request = httpRequest(`${served.url}/api/openmem/v1/chat`, { method: 'POST', headers: { authorization: `Token ${KEY}` } });
    request.on('error', () => undefined);
    request.end(JSON.stringify({ user_id: 'ana', query: 'tea?' }));
    await until(() => seen.started);
    request.destroy();
    await new Promise((resolve) => request.once('close', resolve));
    // Closing waits for what is still being worked on, whether anybody listens or not.
    await served.close();

    expect(seen).toEqual({ started: true, finished: true, gone: false, delivered: false });
  });
});
