import { says, saysJson, type ScriptedReply, ScriptedModel } from '@continuo/testing';
import OpenAI, { APIError } from 'openai';
import { eventually, System } from '../system.ts';

/** What a model makes of the new messages in which a user says what they keep or collect. */
const extracted = (prompt: string) =>
  [...prompt.matchAll(/"id":"(m\d+)","role":"user".*"content":"(I (?:keep|collect) [^".]+)/gu)].map(([, id, said]) => ({
    kind: 'fact',
    title: said,
    text: `The user said: ${said}.`,
    quote: said,
    message_ids: [id],
  }));

const CHINESE = '里昂\u2028很美 😀';

/** The SDK as anybody installs it, with nothing but the base URL changed, and one scripted model behind the server. */
describe('the OpenAI SDK, unmodified', () => {
  let model: ScriptedModel;
  let system: System;
  let client: OpenAI;
  let reply: ScriptedReply = says('Well.');

  beforeAll(async () => {
    model = await ScriptedModel.start();
    model.always((request) => (request.schemaName === null ? reply : saysJson({ memories: extracted(request.prompt) })));
    const environment = { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-scripted', CONTINUO_MODEL: 'scripted' };
    system = await System.start({ environment });
    client = new OpenAI({ apiKey: system.key, baseURL: system.base, maxRetries: 0 });
  });
  afterAll(async () => {
    await system.close();
    await model.close();
  });

  /** What the model was asked last, system message first. */
  const prompt = () => model.chats.filter((request) => request.schemaName === null).at(-1)?.messages ?? [];
  const transcript = async (user: string, conversation: string): Promise<readonly (readonly [string, string])[]> => {
    const { body } = await system.post('/get/message', { user_id: user, conversation_id: conversation, message_limit_number: 50 });
    return body.data.message_detail_list.map(({ role, content }: { role: string; content: string }) => [role, content] as const);
  };

  it('lists the models', async () => {
    const names = [];
    for await (const { id } of client.models.list()) names.push(id);

    expect(names).toContain('qwen2.5-72b-instruct');
    expect((await client.models.retrieve('qwen2.5-72b-instruct')).object).toBe('model');
  });

  it('chats, and is remembered in another conversation, streamed and not', async () => {
    reply = says('Nice to meet you.', { usage: { promptTokens: 12, answerTokens: 4 } });
    const whole = await client.chat.completions.create({
      model: 'qwen2.5-72b-instruct',
      user: 'ana',
      messages: [{ role: 'user', content: 'I live in Lyon and I am allergic to peanuts.' }],
    });
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', content: 'Nice to meet you.' } });
    expect(whole.usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 });

    reply = says(CHINESE, { reasoning: 'She lives in Lyon.', pieces: [...CHINESE], split: 'characters' });
    const stream = await client.chat.completions.create({
      model: 'qwen2.5-72b-instruct',
      user: 'ana',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'You are a travel agent.' },
        { role: 'user', content: 'In which city do I live?' },
      ],
    });
    let text = '';
    let finish: string | null = null;
    let tokens = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
    expect([text, finish]).toEqual([CHINESE, 'stop']);
    expect(tokens).toBeGreaterThan(0);
    expect(prompt()[0]?.role).toBe('system');
    expect(prompt()[0]?.content).toMatch(/^You are a travel agent\.[^]*<memories>[^]*Lyon/u);
    expect(prompt().slice(1)).toEqual([{ role: 'user', content: 'In which city do I live?' }]);
  });

  it('puts nothing of one user into the prompt of another', async () => {
    reply = says('I do not know.');
    await client.chat.completions.create({
      model: 'deepseek-r1',
      user: 'stranger',
      messages: [{ role: 'user', content: 'In which city do I live?' }],
    });

    expect(JSON.stringify(prompt())).not.toContain('Lyon');
  });

  it('sends the history itself: it takes the place of the stored one, and only what is new of it is stored', async () => {
    const ask = (messages: OpenAI.ChatCompletionMessageParam[]) =>
      client.chat.completions.create({ model: 'qwen3-32b', user: 'ben', messages, metadata: { conversation_id: 'thread' } });
    reply = says('Hello Ben.');
    await ask([{ role: 'user', content: 'I am Ben.' }]);
    const told: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'I am Ben.' },
      { role: 'assistant', content: 'Hello Ben.' },
      { role: 'user', content: 'What can I cook?' },
    ];
    reply = says('A soup.');
    await ask(told);

    expect(prompt().slice(1)).toEqual(told);
    expect(await transcript('ben', 'thread')).toEqual([
      ['user', 'I am Ben.'],
      ['assistant', 'Hello Ben.'],
      ['user', 'What can I cook?'],
      ['assistant', 'A soup.'],
    ]);

    // A client that forgets turns: the model is not told of them either.
    reply = says('With leeks.');
    await ask([told[2]!, { role: 'assistant', content: 'A soup.' }, { role: 'user', content: 'Which?' }]);
    expect(JSON.stringify(prompt().slice(1))).not.toContain('Hello Ben.');
    expect((await transcript('ben', 'thread')).map(([, content]) => content)).toEqual([
      'I am Ben.',
      'Hello Ben.',
      'What can I cook?',
      'A soup.',
      'Which?',
      'With leeks.',
    ]);
  });

  it('keeps a history that grows in one conversation when it names none', async () => {
    reply = says('Hello Cleo.');
    const first = await client.chat.completions
      .create({ model: 'qwen3-32b', user: 'cleo', messages: [{ role: 'user', content: 'I am Cleo.' }] })
      .withResponse();
    reply = says('Blue.');
    const second = await client.chat.completions
      .create({
        model: 'qwen3-32b',
        user: 'cleo',
        messages: [
          { role: 'user', content: 'I am Cleo.' },
          { role: 'assistant', content: 'Hello Cleo.' },
          { role: 'user', content: 'Which colour?' },
        ],
      })
      .withResponse();
    const conversation = first.response.headers.get('x-conversation-id') ?? '';

    expect(second.response.headers.get('x-conversation-id')).toBe(conversation);
    expect((await transcript('cleo', conversation)).map(([, content]) => content)).toEqual([
      'I am Cleo.',
      'Hello Cleo.',
      'Which colour?',
      'Blue.',
    ]);
  });

  const turn = (question: string, answer?: string): OpenAI.ChatCompletionMessageParam[] => [
    { role: 'user', content: question },
    ...(answer === undefined ? [] : [{ role: 'assistant' as const, content: answer }]),
  ];
  /** Answers as told, and returns the conversation. */
  const asked = async (user: string, answer: string, messages: OpenAI.ChatCompletionMessageParam[]): Promise<string> => {
    reply = says(answer);
    const { response } = await client.chat.completions.create({ model: 'qwen3-32b', user, messages }).withResponse();
    return response.headers.get('x-conversation-id') ?? '';
  };

  it('makes an answer anew, or asks otherwise, without doubling the transcript', async () => {
    const conversation = await asked('eli', 'Hello Eli.', turn('I am Eli.'));
    const begun = turn('I am Eli.', 'Hello Eli.');
    await asked('eli', 'A soup.', [...begun, ...turn('What can I cook?')]);
    expect(await asked('eli', 'A stew.', [...begun, ...turn('What can I cook?')])).toBe(conversation);
    expect(await asked('eli', 'A cake.', [...begun, ...turn('What can I bake?')])).toBe(conversation);
    expect(await asked('eli', 'An hour.', [...begun, ...turn('What can I bake?', 'A cake.'), ...turn('How long?')])).toBe(conversation);

    expect((await transcript('eli', conversation)).map(([, content]) => content)).toEqual([
      'I am Eli.',
      'Hello Eli.',
      'What can I cook?',
      'A soup.',
      'A stew.',
      'What can I bake?',
      'A cake.',
      'How long?',
      'An hour.',
    ]);
  });

  it('does not bring back a deleted memory with an answer made anew', async () => {
    const begun = turn('I keep bees.', 'Nice.');
    const question = 'I collect stamps. Where are they sold?';
    await asked('fay', 'Nice.', turn('I keep bees.'));
    await asked('fay', 'In shops.', [...begun, ...turn(question)]);
    const memories = async (): Promise<readonly { id: string; memory_value: string }[]> =>
      (await system.post('/get/memory', { user_id: 'fay' })).body.data.memory_detail_list;
    const texts = async () => (await memories()).map(({ memory_value: text }) => text).toSorted();
    await eventually(async () => expect(await texts()).toEqual(['The user said: I collect stamps.', 'The user said: I keep bees.']));
    await system.post('/delete/memory', { memory_ids: (await memories()).map(({ id }) => id) });
    expect(await texts()).toEqual([]);

    await asked('fay', 'At fairs.', [...begun, ...turn(question)]);
    await asked('fay', 'Yes.', [...begun, ...turn(question, 'At fairs.'), ...turn('I keep doves. Are they loud?')]);
    await eventually(async () => expect(await texts()).toContain('The user said: I keep doves.'));
    expect(await texts()).toEqual(['The user said: I keep doves.']);
  });

  it('stays in one conversation when the client leaves out its beginning, and begins another when nothing was said before', async () => {
    const conversation = await asked('gus', 'Answer 1.', turn('Question 1?'));
    for (const at of [2, 3, 4]) {
      const window = [...turn(`Question ${at - 1}?`, `Answer ${at - 1}.`), ...turn(`Question ${at}?`)];
      expect(await asked('gus', `Answer ${at}.`, window)).toBe(conversation);
    }
    expect(await transcript('gus', conversation)).toHaveLength(8);
    expect(await asked('gus', 'Again.', turn('Question 1?'))).not.toBe(conversation);
  });

  it('passes its parameters on, and ends an answer before a text it was told to stop at', async () => {
    reply = says('One two STOP three', { pieces: ['One t', 'wo S', 'TO', 'P three'] });
    const answer = await client.chat.completions.create({
      model: 'qwen3-32b',
      user: 'dan',
      temperature: 0.25,
      top_p: 0.5,
      max_completion_tokens: 99,
      stop: ['STOP'],
      messages: [{ role: 'user', content: 'Count.' }],
    });

    expect(answer.choices[0]?.message.content).toBe('One two ');
    expect(model.chats.filter((request) => request.schemaName === null).at(-1)?.body).toMatchObject({ temperature: 0.25, top_p: 0.5 });
  });

  it('throws its own errors', async () => {
    const thrown = async (work: Promise<unknown>): Promise<APIError> =>
      work.then(
        () => expect(true).toBe(false) as never,
        (error: APIError) => error,
      );
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hello' }];
    const noUser = await thrown(client.chat.completions.create({ model: 'qwen3-32b', messages }));
    const tools = await thrown(
      client.chat.completions.create({ model: 'qwen3-32b', user: 'ana', messages, tools: [{ type: 'function', function: { name: 'f' } }] }),
    );
    const wrongKey = await thrown(new OpenAI({ apiKey: 'mpg-wrong', baseURL: system.base, maxRetries: 0 }).models.list());

    expect(noUser).toMatchObject({ status: 400, param: 'user' });
    expect(noUser.message).toContain('user is required');
    expect(tools).toMatchObject({ status: 400, param: 'tools' });
    expect(wrongKey).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('is found by the other endpoints, too', async () => {
    await eventually(async () => expect((await system.recall('ana', 'Which allergy?')).join('\n')).toContain('peanuts'));
  });
});
