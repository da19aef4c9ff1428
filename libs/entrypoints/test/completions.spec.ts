import { AppError, ChatCompletionChunk, ChatCompletionReply, ModelsReply, OpenAiErrorReply } from '@continuo/contracts';
import { anAnswer, aRun, KEY, serve, type Served } from './http-server.ts';

const asked = { user: 'ana', model: 'deepseek-r1', messages: [{ role: 'user', content: 'tea?' }] };

describe('Chats in the form of OpenAI', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serve();
  });

  beforeEach(() => served.reset());

  afterAll(() => served.close());

  const lastInput = () => served.behind.calls.at(-1)?.input as Record<string, unknown>;
  const complete = (change: object = {}, headers: Record<string, string> = {}) =>
    served.post('/chat/completions', { ...asked, ...change }, headers);
  const payloads = async (change: object = {}): Promise<readonly string[]> => {
    const reply = await served.raw('/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ ...asked, stream: true, ...change }),
    });
    expect(reply.headers.get('content-type')).toContain('text/event-stream');
    return (await reply.text())
      .split('\n\n')
      .filter((frame) => frame !== '')
      .map((frame) => frame.replace(/^data: /u, ''));
  };

  it('are answered whole', async () => {
    served.behind.chat = () => ({
      whole: () => Promise.resolve(anAnswer({ usage: { promptTokens: 7, answerTokens: 2 }, finish: 'length' })),
    });
    const reply = await complete();
    const body = ChatCompletionReply.parse(reply.body);

    expect(reply.status).toBe(200);
    expect(body).toMatchObject({
      model: 'deepseek-r1',
      choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'length' }],
      usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
    });
    expect(body.id).toMatch(/^chatcmpl-/u);
  });

  it('tell estimated tokens where the model counted none', async () => {
    expect(ChatCompletionReply.parse((await complete()).body).usage).toEqual({ prompt_tokens: 4, completion_tokens: 5, total_tokens: 9 });
  });

  it('are streamed in pieces and ended by [DONE]', async () => {
    served.behind.chat = () =>
      aRun([
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: '你' },
        { type: 'text', text: '好' },
      ]);
    const sent = await payloads({ stream_options: { include_usage: true } });
    const chunks = sent.slice(0, -1).map((payload) => ChatCompletionChunk.parse(JSON.parse(payload)));

    expect(sent.at(-1)).toBe('[DONE]');
    expect(sent.join('')).toMatch(/^[\u0020-\u007e]*$/u);
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toEqual([
      { role: 'assistant', content: '' },
      { reasoning_content: 'Hm.' },
      { content: '你' },
      { content: '好' },
      {},
      undefined,
    ]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, null, null, 'stop', undefined]);
    expect(chunks.at(-1)?.usage).toMatchObject({ total_tokens: expect.any(Number) as number });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('end a stream that breaks with the error and [DONE]', async () => {
    served.behind.chat = () => ({
      async *events() {
        yield { type: 'text' as const, text: 'Hel' };
        throw new AppError('model_cut_off', 'The answer was cut off.');
      },
    });
    const sent = await payloads();

    expect(OpenAiErrorReply.parse(JSON.parse(sent.at(-2) ?? '')).error).toMatchObject({
      message: 'The answer was cut off.',
      type: 'server_error',
    });
    expect(sent.at(-1)).toBe('[DONE]');
  });

  it('hand over the turns that were sent, the system messages apart and the question last', async () => {
    await complete({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'I like' },
            { type: 'text', text: 'tea. ' },
          ],
        },
        { role: 'assistant', content: ' Noted. ' },
        { role: 'developer', content: 'Be kind.' },
        { role: 'user', content: 'Which one?' },
      ],
      temperature: 0.1,
      top_p: 0.2,
      max_completion_tokens: 77,
      max_tokens: 5,
      stop: 'END',
      seed: 5,
      logprobs: true,
      metadata: { conversation_id: 'thread-1' },
    });

    expect(lastInput()).toMatchObject({
      scope: { projectId: 'default', subject: 'user:ana' },
      others: [{ scope: { subject: 'public:all' } }],
      conversationId: 'thread-1',
      query: 'Which one?',
      told: [
        { role: 'user', content: 'I like\ntea.', speakerId: null },
        { role: 'assistant', content: 'Noted.' },
      ],
      systemPrompt: 'Be brief.\n\nBe kind.',
      modelName: 'deepseek-r1',
      temperature: 0.1,
      topP: 0.2,
      maxTokens: 77,
      stop: ['END'],
      remember: true,
      labels: { relatedIds: ['ana'] },
    });
  });

  it('belong to the thread of the header, else of the metadata, else to the one that holds what is told', async () => {
    const threadOf = async (change: object, headers: Record<string, string> = {}) => {
      served.behind.calls.length = 0;
      const reply = await complete(change, headers);
      expect(reply.headers.get('x-conversation-id')).toBe(encodeURIComponent(lastInput()['conversationId'] as string));
      return lastInput()['conversationId'] as string;
    };
    const grown = [...asked.messages, { role: 'assistant', content: 'Green.' }, { role: 'user', content: 'Why?' }];

    expect(await threadOf({ metadata: { conversation_id: 'm' } }, { 'x-conversation-id': 'h' })).toBe('h');
    expect(await threadOf({ metadata: { conversation_id: 'm', other: 1 } })).toBe('m');
    expect(served.behind.calls.map(({ name }) => name)).toEqual(['chat']);
    expect(await threadOf({ messages: [{ role: 'system', content: 'Be brief.' }, ...grown] })).toBe('c-told');
    expect(served.behind.calls[0]).toMatchObject({
      name: 'conversationOfTold',
      input: { scope: { projectId: 'default', subject: 'user:ana' }, told: grown.slice(0, 2) },
    });
  });

  it('are repeats by what is sent and the thread that is named, not by what is stored', async () => {
    const fingerprintOf = async (change: object = {}, headers: Record<string, string> = {}) => {
      await complete(change, headers);
      return lastInput()['fingerprint'];
    };
    const fingerprint = await fingerprintOf();
    served.behind.conversation = 'c-other';

    expect(await fingerprintOf()).toBe(fingerprint);
    expect(await fingerprintOf({}, { 'x-conversation-id': 'h' })).not.toBe(fingerprint);
    expect(await fingerprintOf({ user: 'ben' })).not.toBe(fingerprint);
  });

  it.each([
    ['no user', { user: undefined }, 400, 'user', 'invalid_request_error'],
    ['two answers', { n: 2 }, 400, 'n', 'invalid_request_error'],
    ['tools', { tools: [{ type: 'function' }] }, 400, 'tools', 'invalid_request_error'],
    ['functions', { functions: [{ name: 'f' }] }, 400, 'functions', 'invalid_request_error'],
    ['the result of a tool', { messages: [{ role: 'tool', content: '1' }] }, 400, 'messages[0].role', 'invalid_request_error'],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      400,
      'messages[0].content',
      'invalid_request_error',
    ],
    ['a promise of JSON', { response_format: { type: 'json_object' } }, 400, 'response_format.type', 'invalid_request_error'],
    ['no question', { messages: [...asked.messages, { role: 'assistant', content: 'Green.' }] }, 400, 'messages', 'invalid_request_error'],
    ['nothing said', { messages: [] }, 400, 'messages', 'invalid_request_error'],
    [
      'instructions without end',
      {
        messages: [{ role: 'system', content: 'x'.repeat(150_000) }, { role: 'developer', content: 'x'.repeat(50_000) }, ...asked.messages],
      },
      400,
      'messages',
      'invalid_request_error',
    ],
    ['too long a question', { messages: [{ role: 'user', content: 'x'.repeat(8_001) }] }, 400, 'query', 'invalid_request_error'],
  ])('refuse %s in that form, too', async (_what, change, status, param, type) => {
    const reply = await complete(change);

    expect(reply.status).toBe(status);
    expect(OpenAiErrorReply.parse(reply.body).error).toMatchObject({ param, type });
    expect(served.behind.calls).toEqual([]);
  });

  it('refuse what is no JSON, a wrong key, an unknown model and too many requests as SDKs expect', async () => {
    const errorOf = async (reply: Promise<{ status: number; body: unknown; headers: Headers }>) => {
      const { status, body } = await reply;
      return { status, ...OpenAiErrorReply.parse(body).error };
    };
    expect(await errorOf(served.post('/chat/completions', '{'))).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(await errorOf(complete({}, { authorization: 'Bearer wrong' }))).toMatchObject({
      status: 401,
      code: 'invalid_api_key',
      type: 'authentication_error',
    });
    served.behind.fail = new AppError('model_unknown', 'There is no such model.');
    expect(await errorOf(complete())).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    served.behind.fail = new AppError('model_limited', 'The provider limits its requests.', { retryAfterMs: 3_000 });
    expect(await errorOf(complete())).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
  });

  it('list the models by their names', async () => {
    const list = await served.raw('/models', { headers: { authorization: `Bearer ${KEY}` } });
    const one = await served.raw('/models/DeepSeek-R1', { headers: { authorization: `Bearer ${KEY}` } });
    const none = await served.raw('/models/gpt-9', { headers: { authorization: `Bearer ${KEY}` } });

    expect(ModelsReply.parse(await list.json()).data.map(({ id }) => id)).toEqual(['qwen2.5-72b-instruct', 'deepseek-r1']);
    expect(await one.json()).toMatchObject({ id: 'deepseek-r1', object: 'model' });
    expect(none.status).toBe(404);
    expect(OpenAiErrorReply.parse(await none.json()).error.code).toBe('model_not_found');
  });
});
