import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  answersStatus,
  fails,
  hangs,
  limits,
  offersNoChoice,
  resets,
  says,
  saysJson,
  type ScriptedReply,
  ScriptedModel,
} from '@continuo/testing';
import { type Answer, events, eventually, System } from '../system.ts';

const NEWLINES_OF_UNICODE = '\u0085\u2028\u2029';
const CHINESE = `你好，安娜！今天想去哪里？😀${NEWLINES_OF_UNICODE}完`;

interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

/** A server with one scripted model, whose answers a test chooses; extraction finds nothing unless told otherwise. */
class Conversation {
  reply: ScriptedReply = says('Well.');
  extraction: (prompt: string) => ScriptedReply | Promise<ScriptedReply> = () => saysJson({ memories: [] });
  readonly model: ScriptedModel;
  readonly system: System;

  private constructor(model: ScriptedModel, system: System) {
    this.model = model;
    this.system = system;
    model.always((request) => (request.schemaName === null ? this.reply : this.extraction(request.prompt)));
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Conversation> {
    const model = await ScriptedModel.start();
    const environment = { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-scripted', CONTINUO_MODEL: 'scripted', ...settings };
    return new Conversation(model, await System.start({ environment }));
  }

  /** With limits on the model's silence that a test can wait for. */
  static async impatient(file: string): Promise<Conversation> {
    const model = await ScriptedModel.start();
    const scripted = { name: 'scripted', base_url: model.baseUrl, timeout_ms: 400, idle_timeout_ms: 400 };
    await writeFile(file, JSON.stringify({ models: [scripted] }));
    return new Conversation(model, await System.start({ environment: { CONTINUO_MODELS_FILE: file } }));
  }

  async close(): Promise<void> {
    await this.system.close();
    await this.model.close();
  }

  chat(body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.system.post('/chat', { user_id: 'ana', conversation_id: 'c', query: 'Hello there', ...body }, headers);
  }

  stream(body: object): Promise<Response> {
    return this.system.stream({ user_id: 'ana', conversation_id: 'c', query: 'Hello there', ...body });
  }

  async streamed(body: object): Promise<readonly StreamEvent[]> {
    const seen: StreamEvent[] = [];
    for await (const event of events(await this.stream(body))) seen.push(event);
    return seen;
  }

  /** Requests for an answer, oldest first; extraction left out. */
  get asked() {
    return this.model.chats.filter((request) => request.schemaName === null);
  }

  async transcript(user: string, conversation: string): Promise<readonly { role: string; content: string }[]> {
    const { body } = await this.system.post('/get/message', { user_id: user, conversation_id: conversation, message_limit_number: 50 });
    return body.data.message_detail_list;
  }
}

let conversation: Conversation;
beforeAll(async () => {
  conversation = await Conversation.start();
});
beforeEach(() => {
  conversation.reply = says('Well.');
});
afterAll(() => conversation.close());

describe('the bytes of a streamed answer', () => {
  it('are ASCII events named message, one JSON each, and end without [DONE]', async () => {
    conversation.reply = says(CHINESE, { pieces: [...CHINESE], split: 'characters' });
    const response = await conversation.stream({ user_id: 'bytes' });
    const bytes = Buffer.from(await response.arrayBuffer());
    const frames = bytes.toString('latin1').split('\n\n');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(bytes.every((byte) => byte < 0x80)).toBe(true);
    expect(frames.pop()).toBe('');
    for (const frame of frames) expect(frame).toMatch(/^event: message\ndata: \{"type":"(text|end)","data":"[^\n\r]*"\}$/);
    const payloads = frames.map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as StreamEvent);
    expect(payloads.map((event) => event.data).join('')).toBe(CHINESE);
    expect(payloads.map((event) => event.type).lastIndexOf('text')).toBe(payloads.length - 2);
    expect(payloads.at(-1)).toEqual({ type: 'end', data: '' });
    expect(bytes.includes('[DONE]')).toBe(false);
  });

  it('tell reasoning apart, before the answer, and keep none of it', async () => {
    conversation.reply = says('Go to Chengdu.', { reasoning: 'She was in Guangzhou and liked the zanzibar.' });
    const seen = await conversation.streamed({ user_id: 'thinker', conversation_id: 'c', query: 'Where to?', async_mode: false });
    const joined = (type: string) =>
      seen
        .filter((event) => event.type === type)
        .map((event) => event.data)
        .join('');
    expect(joined('reasoning')).toBe('She was in Guangzhou and liked the zanzibar.');
    expect(joined('text')).toBe('Go to Chengdu.');
    expect(seen.findIndex((event) => event.type === 'text')).toBeGreaterThan(seen.findLastIndex((event) => event.type === 'reasoning'));

    expect(JSON.stringify(await conversation.transcript('thinker', 'c'))).not.toContain('zanzibar');
    expect(await conversation.system.recall('thinker', 'zanzibar', { relativity: 0 })).not.toContain(expect.stringContaining('zanzibar'));
    await conversation.chat({ user_id: 'thinker', conversation_id: 'c', query: 'And then?' });
    expect(conversation.model.chats.map((request) => request.prompt).join('\n')).not.toContain('zanzibar');
  });

  it('leave reasoning written into the text out of the answer', async () => {
    conversation.reply = says('<think>Hm, a zeppelin.</think>Take the train.', {
      pieces: ['<th', 'ink>Hm, a zep', 'pelin.</thi', 'nk>Take ', 'the train.'],
    });
    const seen = await conversation.streamed({ user_id: 'inline' });
    expect(
      seen
        .filter((event) => event.type === 'text')
        .map((event) => event.data)
        .join('')
        .trim(),
    ).toBe('Take the train.');
    conversation.reply = says('<think>Hm, a zeppelin.</think>Take the train.');
    expect((await conversation.chat({ user_id: 'inline', query: 'And you?' })).body.data.response.trim()).toBe('Take the train.');
  });
});

describe('a model that is silent', () => {
  it('is bridged by comments, between words and before the first one', async () => {
    const patient = await Conversation.start({ CONTINUO_HEARTBEAT_MS: '100' });
    try {
      for (const pieces of [['Back again.'], []]) {
        const bridged = Promise.withResolvers<void>();
        patient.reply = says(pieces.join(''), { pieces, until: bridged.promise });
        const response = await patient.stream({ user_id: `silent-${pieces.length}` });
        let text = '';
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          if (/^:[^\n]*\n\n/mu.test(text)) bridged.resolve();
        }
        expect(text).toMatch(
          pieces.length === 0
            ? /^(:[^\n]*\n\n)+event: message\ndata: /
            : /"Back again\."\}\n\n(:[^\n]*\n\n)+event: message\ndata: \{"type":"end"/,
        );
      }
    } finally {
      await patient.close();
    }
  });

  it('ends in time: with an error reply before the first word, with an error event after it or after a comment', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'continuo-models-'));
    const impatient = await Conversation.impatient(join(folder, 'models.json'));
    try {
      impatient.reply = hangs();
      for (const stream of [false, true]) {
        const { status, body } = await impatient.chat({ user_id: 'waiting', stream });
        expect([status, body.code, body.data, body.message]).toEqual([503, 50_004, null, expect.stringMatching(/did not answer/)]);
      }
      impatient.reply = says('one two three', { ending: 'hang', afterPieces: 2 });
      const seen = await impatient.streamed({ user_id: 'waiting' });
      expect(seen.map((event) => event.type)).toEqual(['text', 'text', 'error', 'end']);
      expect(seen[2]?.data).toMatch(/did not answer/);
      const whole = await impatient.chat({ user_id: 'waiting' });
      expect([whole.status, whole.body.code]).toEqual([503, 50_004]);
    } finally {
      await impatient.close();
      await rm(folder, { recursive: true });
    }
  });
});

describe('a provider in trouble', () => {
  // One success lets the breaker forget, so that a failure is seen as itself.
  afterEach(async () => {
    conversation.reply = says('Fine again.');
    expect((await conversation.chat({ user_id: 'recovered' })).status).toBe(200);
  });

  const FAILURES: readonly (readonly [string, ScriptedReply, number, number, RegExp])[] = [
    ['fails', fails(500), 503, 50_004, /failed with status 500/],
    ['closes the connection', resets(), 503, 50_004, /cannot be reached/],
    ['refuses the key', answersStatus(401, { error: { message: 'Incorrect API key sk-scripted' } }), 500, 50_002, /refuses the key/],
    ['does not know the model', answersStatus(404, { error: { message: 'no such model' } }), 500, 50_002, /status 404/],
    ['limits', limits('7'), 429, 40_300, /limits its requests/],
    ['breaks off before the first word', says('never', { ending: 'cut', afterPieces: 0 }), 503, 50_004, /cannot be reached|cut off/],
    ['answers nothing', offersNoChoice(), 500, 50_002, /scripted/],
  ];

  it.each(FAILURES)('that %s becomes an error reply, streamed or not', async (name, reply, status, code, words) => {
    conversation.reply = reply;
    for (const stream of [false, true]) {
      const response = await (stream
        ? conversation.stream({ user_id: name })
        : fetch(`${conversation.system.base}/chat`, {
            method: 'POST',
            headers: { authorization: `Bearer ${conversation.system.key}`, 'content-type': 'application/json' },
            body: JSON.stringify({ user_id: name, conversation_id: 'c', query: 'Hello there' }),
          }));
      const body = (await response.json()) as { code: number; message: string; data: unknown };
      expect({ stream, status: response.status, code: body.code, data: body.data }).toEqual({ stream, status, code, data: null });
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(body.message).toMatch(words);
      expect(body.message).not.toContain('sk-scripted');
      expect(response.headers.get('retry-after')).toBe(code === 40_300 ? '7' : null);
      conversation.reply = says('Fine again.');
      await conversation.chat({ user_id: 'recovered' });
      conversation.reply = reply;
    }
    expect(await conversation.transcript(name, 'c')).toEqual([]);
  });

  it('that breaks off in the middle ends a stream with an error event, and an unstreamed answer with an error reply', async () => {
    const arrived = Promise.withResolvers<void>();
    conversation.reply = says('one two three', { ending: 'cut', afterPieces: 2, until: arrived.promise });
    const seen: StreamEvent[] = [];
    for await (const event of events(await conversation.stream({ user_id: 'cut' }))) if (seen.push(event) === 2) arrived.resolve();
    expect(seen.map((event) => event.type)).toEqual(['text', 'text', 'error', 'end']);
    expect(seen.map((event) => event.data).slice(0, 2)).toEqual(['one', ' two']);
    expect(seen[2]?.data).toMatch(/cut off/);
    expect(seen[3]?.data).toBe('');

    const flushed = new Promise((resolve) => setTimeout(resolve, 100));
    conversation.reply = says('one two three', { ending: 'cut', afterPieces: 2, until: flushed });
    const answer = await conversation.chat({ user_id: 'cut' });
    expect([answer.status, answer.body.code, answer.body.data]).toEqual([500, 50_002, null]);
    expect(answer.body.message).toMatch(/cut off/);
  });

  it('is left alone after failing repeatedly, and callers are told when to return', async () => {
    const own = await Conversation.start();
    try {
      own.reply = fails(503);
      for (let time = 0; time < 4; time += 1) expect((await own.chat({ user_id: `u${time}` })).status).toBe(503);
      const before = own.asked.length;
      const answer = await own.chat({ user_id: 'later' });
      expect([answer.status, answer.body.code]).toEqual([503, 50_004]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(own.asked).toHaveLength(before);
    } finally {
      await own.close();
    }
  });
});

describe('what a chat passes on to the model', () => {
  const ask = async (body: object) => {
    const before = conversation.asked.length;
    const answer = await conversation.chat({ user_id: 'knobs', query: `Question ${before}`, ...body });
    return { answer, request: conversation.asked[before] };
  };

  it.each(['qwen2.5-72b-instruct', 'qwen2.5-72B-Instruct', 'QWEN3-32B', 'DeepSeek-R1', 'scripted', ' Scripted ', null, ''])(
    'model_name %j is answered by the one model',
    async (name) => {
      const { answer, request } = await ask({ model_name: name });
      expect(answer.status).toBe(200);
      expect(request?.body['model']).toBe('scripted');
    },
  );

  it('refuses a model_name it does not have, by name of the field and before anything is stored', async () => {
    for (const stream of [false, true]) {
      const { answer, request } = await ask({ user_id: 'stranger', model_name: 'gpt-unheard-of', stream });
      expect([answer.status, answer.body.code, answer.body.data]).toEqual([400, 40_000, null]);
      expect(answer.body.message).toMatch(/model_name/);
      expect(request).toBeUndefined();
    }
    expect(await conversation.transcript('stranger', 'c')).toEqual([]);
  });

  it('temperature, top_p and max_tokens, numeric strings included, or the defaults of the contract', async () => {
    const sampling = ({ request }: Awaited<ReturnType<typeof ask>>) => {
      const { temperature, top_p, max_tokens, max_completion_tokens } = request?.body ?? {};
      return { temperature, top_p, max_tokens: max_tokens ?? max_completion_tokens };
    };
    expect(sampling(await ask({ temperature: 0, top_p: 0.5, max_tokens: 77 }))).toEqual({ temperature: 0, top_p: 0.5, max_tokens: 77 });
    expect(sampling(await ask({ temperature: '1.5', top_p: '1', max_tokens: '12' }))).toEqual({
      temperature: 1.5,
      top_p: 1,
      max_tokens: 12,
    });
    expect(sampling(await ask({ temperature: null, top_p: null, max_tokens: null }))).toEqual({
      temperature: 0.7,
      top_p: 0.95,
      max_tokens: 8_192,
    });
  });

  it('accepts and ignores what only older clients send', async () => {
    const { answer } = await ask({
      internet_search: true,
      force_stop: true,
      use_mem_os_cube: true,
      source: 'x',
      include_tool_memory: true,
      tool_memory_limit_number: 6,
      whatever: { a: 1 },
    });
    expect(answer.status).toBe(200);
  });

  it('the newest 20 messages of the conversation, oldest first', async () => {
    const messages = Array.from({ length: 24 }, (_, index) => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: `Message number ${index + 1}.`,
    }));
    await conversation.system.remember('historian', 'long', messages);
    const { request } = await ask({ user_id: 'historian', conversation_id: 'long', query: 'And now?' });
    expect(request?.messages.map((message) => message.content).slice(1)).toEqual([
      ...messages.slice(4).map((message) => message.content),
      'And now?',
    ]);
    expect(request?.messages.map((message) => message.role)).toEqual([
      'system',
      ...messages.slice(4).map((message) => message.role),
      'user',
    ]);
  });

  it('nothing of other conversations, except as memories', async () => {
    await conversation.chat({ user_id: 'twofold', conversation_id: 'one', query: 'Call me Zed.' });
    const { request } = await ask({ user_id: 'twofold', conversation_id: 'two', query: 'Good morning' });
    expect(request?.messages.map((message) => message.role)).toEqual(['system', 'user']);
  });

  it('up to 8,000 tokens of query', async () => {
    const words = (count: number) => 'hello '.repeat(count).trim();
    expect((await ask({ query: words(8_000) })).answer.status).toBe(200);
    const { answer, request } = await ask({ query: words(8_001) });
    expect([answer.status, answer.body.code]).toEqual([400, 40_305]);
    expect(answer.body.message).toMatch(/query/);
    expect(request).toBeUndefined();
  });
});

describe('system_prompt', () => {
  const systemPromptOf = async (prompt: string, user = 'tea') => {
    const before = conversation.asked.length;
    await conversation.chat({
      user_id: user,
      conversation_id: `p${before}`,
      query: 'What tea do I drink?',
      system_prompt: prompt,
      add_message_on_answer: false,
    });
    return String(conversation.asked[before]?.messages[0]?.content);
  };
  beforeAll(() => conversation.system.remember('tea', 'then', [{ role: 'user', content: 'I drink jasmine tea every morning.' }]));

  it('gets the memories in place of every exact {memories}; other braces stay', async () => {
    const prompt = await systemPromptOf(
      'A {persona} of {"json": {}} and { memories }.\nFirst {memories} then {memories}\n{Memories} $& {{x}}',
    );
    expect(prompt).toContain('A {persona} of {"json": {}} and { memories }.');
    expect(prompt).toContain('{Memories} $& {{x}}');
    expect(prompt).not.toContain('{memories}');
    expect(prompt.match(/-\[\d{4}-\d{2}-\d{2} \d{2}:\d{2}\][^\n]*jasmine tea/g)).toHaveLength(2);
  });

  it('gets them appended when it has no place for them', async () => {
    const prompt = await systemPromptOf('Be brief.');
    expect(prompt.startsWith('Be brief.\n')).toBe(true);
    expect(prompt).toMatch(/<memories>[^]*jasmine tea[^]*<\/memories>/);
  });

  it('stays as it is when there is nothing to tell', async () => {
    expect(await systemPromptOf('Be brief.', 'nobody')).toBe('Be brief.');
  });

  it('is the built-in one when blank', async () => {
    expect(await systemPromptOf('  ')).toMatch(/Relevance[^]*jasmine|jasmine[^]*Relevance/);
  });
});

describe('how a turn is kept', () => {
  it('not at all with add_message_on_answer false', async () => {
    const kept = { user_id: 'ghost', conversation_id: 'c', query: 'I live in Reykjavik.', add_message_on_answer: false };
    expect((await conversation.chat(kept)).status).toBe(200);
    expect((await conversation.streamed(kept)).at(-1)?.type).toBe('end');
    expect(await conversation.transcript('ghost', 'c')).toEqual([]);
    expect(await conversation.system.recall('ghost', 'Reykjavik', { relativity: 0 })).toEqual([]);
    expect((await conversation.system.post('/get/memory', { user_id: 'ghost' })).body.data.total).toBe(0);
    expect(conversation.model.chats.filter((request) => request.schemaName !== null && request.prompt.includes('Reykjavik'))).toEqual([]);
  });

  it('with its memories made before the answer with async_mode false', async () => {
    const mined = Promise.withResolvers<ScriptedReply>();
    let asked = false;
    conversation.extraction = (prompt) => {
      if (!prompt.includes('I live in Tromso')) return saysJson({ memories: [] });
      asked = true;
      return mined.promise;
    };
    let answered = false;
    const body = { user_id: 'waiter', conversation_id: 'c', query: 'I live in Tromso.', async_mode: false };
    const answer = conversation.chat(body).finally(() => (answered = true));
    await eventually(() => Promise.resolve(expect(asked).toBe(true)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(answered).toBe(false);
    mined.resolve(saysJson({ memories: [tromso] }));
    expect((await answer).status).toBe(200);
    const { body: memories } = await conversation.system.post('/get/memory', { user_id: 'waiter' });
    expect(memories.data.memory_detail_list.map((item: { memory_key: string }) => item.memory_key)).toEqual(['Home']);
  });

  it('once for all requests with one Idempotency-Key, and refuses the key for another body', async () => {
    const before = conversation.asked.length;
    const key = { 'Idempotency-Key': 'turn-1' };
    conversation.reply = says('The first answer.');
    const first = await conversation.chat({ user_id: 'careful' }, key);
    conversation.reply = says('Another answer.');
    const second = await conversation.chat({ user_id: 'careful' }, key);
    const third = await conversation.chat({ user_id: 'careful', query: 'Something else' }, key);
    expect([first, second].map((answer) => answer.body.data.response)).toEqual(['The first answer.', 'The first answer.']);
    expect([third.status, third.body]).toMatchObject([
      400,
      { code: 40000, message: expect.stringContaining('Idempotency-Key'), data: null },
    ]);
    expect(conversation.asked.length - before).toBe(1);
    expect(await conversation.transcript('careful', 'c')).toHaveLength(2);

    const other = await conversation.chat({ user_id: 'careful' }, { 'Idempotency-Key': 'turn-2' });
    expect(other.body.data.response).toBe('Another answer.');
    expect((await conversation.chat({}, { 'Idempotency-Key': 'k'.repeat(256) })).body.code).toBe(40_000);
  });

  it('in a new conversation, which the answer names, when none is given', async () => {
    const { body } = await conversation.chat({ user_id: 'fresh', conversation_id: null });
    expect(await conversation.transcript('fresh', body.data.conversation_id)).toHaveLength(2);
  });
});

const tromso = {
  kind: 'fact',
  title: 'Home',
  text: 'The user lives in Tromso.',
  quote: 'I live in Tromso',
  message_ids: ['m1'],
  topic_key: 'home.city',
  topic_value: 'Tromso',
  negated: false,
  about: null,
  event_start: null,
  event_end: null,
  entities: ['Tromso'],
  key_phrases: [],
  preference_type: null,
  reasoning: '',
  confidence: 0.9,
};

describe('what a chat recalls, on rules and words alone', () => {
  let system: System;
  const labels = { tags: ['home'], info: { scene: 'moving', room: 7 }, app_id: 'app-1', agent_id: 'agent-1' };
  const respond = async (user: string, query: string, more: object = {}): Promise<string> =>
    (await system.post('/chat', { user_id: user, conversation_id: 'asking', query, add_message_on_answer: false, ...more })).body.data
      .response;

  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system.close());

  it('finds a turn again by the tags, info, app_id and agent_id it was sent with', async () => {
    await system.post('/chat', { user_id: 'ana', conversation_id: 'c', query: 'I live in Lyon.', async_mode: false, ...labels });
    await system.post('/chat', { user_id: 'ana', conversation_id: 'd', query: 'My sister lives in Lyon.', async_mode: false });
    const found = async (filter: object) => ({
      searched: (await system.recall('ana', 'Who lives in Lyon?', { filter })).join('|'),
      listed: JSON.stringify((await system.post('/get/memory', { user_id: 'ana', filter })).body.data.memory_detail_list),
      answered: await respond('ana', 'Who lives in Lyon?', { filter }),
    });
    for (const condition of [
      { tags: { contains: 'home' } },
      { tags: 'home' },
      { scene: 'moving' },
      { room: 7 },
      { app_id: 'app-1' },
      { agent_id: 'agent-1' },
    ]) {
      const { searched, listed, answered } = await found({ and: [condition] });
      for (const text of [searched, listed, answered]) {
        expect([condition, text]).toEqual([condition, expect.stringContaining('Lyon')]);
        expect([condition, text]).toEqual([condition, expect.not.stringContaining('sister')]);
      }
    }
    for (const condition of [
      { tags: { contains: 'work' } },
      { scene: 'refund' },
      { app_id: 'app-2' },
      { agent_id: 'agent-2' },
      { create_time: { lt: '2020-01-01' } },
    ]) {
      const { searched, listed, answered } = await found({ and: [condition] });
      expect([condition, searched, listed]).toEqual([condition, '', '[]']);
      expect([condition, answered]).toEqual([condition, expect.not.stringContaining('Lyon')]);
    }
    expect((await found({ or: [{ and: [{ app_id: 'app-1' }, { scene: 'moving' }] }, { scene: 'none' }] })).answered).toContain('Lyon');
  });

  it('leaves preferences out on demand, and keeps to both limits', async () => {
    await system.remember(
      'eva',
      'c',
      [
        'Never suggest seafood restaurants.',
        'I love quiet restaurants.',
        'I work in a restaurant in Nantes.',
        'My brother owns a restaurant in Brest.',
      ].map((content) => ({ role: 'user', content })),
    );
    const lines = async (more: object) =>
      (await respond('eva', 'Which restaurant?', { relativity: 0, ...more })).split('\n').filter((line) => line.startsWith('- '));
    const isPreference = (line: string) => line.endsWith('(preference)');

    const all = await lines({});
    expect(all.filter(isPreference).length).toBeGreaterThanOrEqual(2);
    expect(all.filter((line) => !isPreference(line)).length).toBeGreaterThanOrEqual(2);
    expect((await lines({ include_preference: false })).filter(isPreference)).toEqual([]);
    expect((await lines({ preference_limit_number: 1 })).filter(isPreference)).toHaveLength(1);
    expect((await lines({ memory_limit_number: 1 })).filter((line) => !isPreference(line))).toHaveLength(1);
    expect(await lines({ relativity: 1 })).toEqual([]);
  });
});
