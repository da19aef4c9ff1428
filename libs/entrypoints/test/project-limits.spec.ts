import { AppError } from '@continuo/contracts';
import { DEFAULT_PROJECT_SETTINGS, type ProjectLimits } from '@continuo/ports';
import { anAnswer, KEY, serve, type Served } from './http-server.ts';

describe('Limits of a project', () => {
  let served: Served;

  beforeEach(async () => {
    served = await serve();
  });

  afterEach(() => served.close());

  const allow = (limits: Partial<ProjectLimits>): void => {
    served.behind.settings = { limits: { ...DEFAULT_PROJECT_SETTINGS.limits, ...limits } };
  };
  const search = (query = 'tea?') => served.post('/search/memory', { user_id: 'ana', query });
  const add = (body: object = {}) =>
    served.post('/add/message', { user_id: 'ana', messages: [{ role: 'user', content: 'hello' }], ...body });
  const chat = (query: string) => served.post('/chat', { user_id: 'ana', query });
  const codesOf = (replies: readonly { readonly body: { readonly code: number } }[]) =>
    replies.map(({ body }) => body.code).toSorted((a, b) => a - b);

  it('are off until they are set', async () => {
    expect(codesOf(await Promise.all(Array.from({ length: 30 }, () => search())))).toEqual(Array.from({ length: 30 }, () => 0));
  });

  it('hold for the requests of each endpoint, however many come at once, and say when to come back', async () => {
    allow({ requestsPerMinute: 3 });
    const replies = await Promise.all(Array.from({ length: 8 }, () => search()));

    expect(codesOf(replies)).toEqual([0, 0, 0, 40300, 40300, 40300, 40300, 40300]);
    const refused = replies.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('13');
    expect((await add()).body.code).toBe(0);
  });

  it('count a group chat once for each who takes part', async () => {
    allow({ requestsPerMinute: 5 });
    expect((await add({ user_id: ['ana', 'ben', 'cleo'] })).body.code).toBe(0);
    expect((await add({ user_id: ['ana', 'ben', 'cleo'] })).body.code).toBe(40300);
    expect((await add({ user_id: ['ana', 'ben'] })).body.code).toBe(0);
  });

  it('hold for the tokens of all inputs together', async () => {
    allow({ inputTokensPerMinute: 20 });
    expect((await add({ messages: [{ role: 'user', content: 'x'.repeat(12) }] })).body.code).toBe(0);
    const refused = await search('y'.repeat(9));
    expect([refused.status, refused.body.code]).toEqual([429, 40309]);
    expect((await search('y'.repeat(8))).body.code).toBe(0);
    expect((await search('z'.repeat(21))).body.code).toBe(40309);
  });

  it('lose nothing to requests that fail', async () => {
    allow({ requestsPerMinute: 1, inputTokensPerMinute: 10 });
    expect((await search('')).body.code).toBe(40002);
    await served.post('/search/memory', { user_id: 'ana', query: 'tea?', knowledgebase_ids: ['unlinked'] });
    served.behind.fail = new AppError('records_unavailable', 'the records are away');
    await search();
    served.behind.fail = null;

    expect((await search('0123456789')).body.code).toBe(0);
    expect((await search()).body.code).toBe(40300);
  });

  it('hold for what chats ask and are answered in a day', async () => {
    allow({ chatRequestTokensPerDay: 10 });
    served.behind.chat = () => ({ whole: () => Promise.reject(new AppError('model_unavailable', 'the model is away')) });
    expect((await chat('0123456789')).body.code).toBe(50004);
    served.behind.chat = () => ({});
    expect((await chat('012345')).body.code).toBe(0);
    const refused = await chat('01234');
    expect([refused.status, refused.body.code]).toEqual([429, 40301]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await chat('0123')).body.code).toBe(0);

    allow({ chatAnswerTokensPerDay: 6 });
    served.behind.chat = () => ({ whole: () => Promise.resolve(anAnswer({ response: 'x'.repeat(6) })) });
    expect((await chat('?')).body.code).toBe(0);
    expect((await chat('?')).body.code).toBe(40302);
  });

  it('count what was streamed to a client that goes before the end', async () => {
    allow({ chatAnswerTokensPerDay: 6 });
    const ended = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    served.behind.chat = () => ({
      async *events() {
        try {
          yield { type: 'text' as const, text: 'xxxxxx' };
          await gone.promise;
          throw new AppError('client_gone', 'the client has gone');
        } finally {
          ended.resolve();
        }
      },
      clientGone: () => gone.resolve(),
    });
    const stop = new AbortController();
    const reply = await served.raw('/chat', {
      method: 'POST',
      headers: { authorization: `Token ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'ana', query: '?', stream: true }),
      signal: stop.signal,
    });
    await reply.body?.getReader().read();
    stop.abort();
    await ended.promise;
    served.behind.chat = () => ({});
    expect((await chat('?')).body.code).toBe(40302);
  });
});
