import { System } from '../system.ts';

const LONG = 'x'.repeat(101);
const MESSAGE = { role: 'user', content: 'I live in Oslo.' };
const ADD = { user_id: 'u', conversation_id: 'c', messages: [MESSAGE] };
const SEARCH = { user_id: 'u', query: 'where?' };
const CHAT = { user_id: 'u', conversation_id: 'c', query: 'where?' };
/** About 45,000 tokens. */
const GIANT = 'memory '.repeat(45_000);

/** What is sent, the contract's code, the status, and what the message must name. */
type Row = readonly [name: string, path: string, body: unknown, code: number, status: number, names: RegExp];

const ROWS: readonly Row[] = [
  ['broken JSON', '/add/message', '{"user_id": ', 40000, 400, /json/i],
  ['an empty body', '/add/message', '', 40000, 400, /body|json/i],
  ['a JSON array', '/add/message', '[]', 40000, 400, /object/i],
  ['a JSON string', '/chat', '"hello"', 40000, 400, /object/i],
  ['a JSON null', '/search/memory', 'null', 40000, 400, /object/i],
  ['broken UTF-8', '/add/message', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 40000, 400, /utf-8/i],
  ['no user', '/add/message', { ...ADD, user_id: undefined }, 40002, 400, /user_id/],
  ['an empty user', '/add/message', { ...ADD, user_id: '' }, 40002, 400, /user_id/],
  ['a user of blanks', '/add/message', { ...ADD, user_id: '   ' }, 40002, 400, /user_id/],
  ['a null user', '/add/message', { ...ADD, user_id: null }, 40002, 400, /user_id/],
  ['a long user', '/add/message', { ...ADD, user_id: LONG }, 40010, 400, /user_id/],
  ['a user object', '/add/message', { ...ADD, user_id: {} }, 40000, 400, /user_id/],
  ['a long conversation', '/add/message', { ...ADD, conversation_id: LONG }, 40011, 400, /conversation_id/],
  ['a conversation object', '/add/message', { ...ADD, conversation_id: { a: 1 } }, 40000, 400, /conversation_id/],
  ['no messages', '/add/message', { ...ADD, messages: undefined }, 40002, 400, /messages/],
  ['an empty list of messages', '/add/message', { ...ADD, messages: [] }, 40003, 400, /messages/],
  ['messages as text', '/add/message', { ...ADD, messages: 'hello' }, 40000, 400, /messages/],
  ['a message as text', '/add/message', { ...ADD, messages: ['hello'] }, 40000, 400, /messages/],
  ['an unknown role', '/add/message', { ...ADD, messages: [{ role: 'wizard', content: 'x' }] }, 40000, 400, /role/],
  ['the role function', '/add/message', { ...ADD, messages: [{ role: 'function', content: 'x' }] }, 40000, 400, /role/],
  ['no role', '/add/message', { ...ADD, messages: [{ content: 'x' }] }, 40002, 400, /role/],
  ['no content', '/add/message', { ...ADD, messages: [{ role: 'user' }] }, 40002, 400, /content/],
  ['content as a number', '/add/message', { ...ADD, messages: [{ role: 'user', content: 7 }] }, 40000, 400, /content/],
  [
    'an unknown content part',
    '/add/message',
    { ...ADD, messages: [{ role: 'user', content: [{ type: 'smell' }] }] },
    40000,
    400,
    /content|type/,
  ],
  ['a text part without text', '/add/message', { ...ADD, messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 40002, 400, /text/],
  ['a time that is none', '/add/message', { ...ADD, messages: [{ ...MESSAGE, chat_time: 'ninety o clock' }] }, 40000, 400, /chat_time/],
  ['a time object', '/add/message', { ...ADD, messages: [{ ...MESSAGE, chat_time: {} }] }, 40000, 400, /chat_time/],
  ['too many tokens', '/add/message', { ...ADD, messages: [{ role: 'user', content: GIANT }] }, 40013, 400, /messages/],
  ['tags as text', '/add/message', { ...ADD, tags: 'travel' }, 40000, 400, /tags/],
  ['tags of numbers', '/add/message', { ...ADD, tags: [{}] }, 40000, 400, /tags/],
  ['info as text', '/add/message', { ...ADD, info: 'x' }, 40000, 400, /info/],
  ['info as a list', '/add/message', { ...ADD, info: [] }, 40000, 400, /info/],
  ['async_mode as a word', '/add/message', { ...ADD, async_mode: 'perhaps' }, 40000, 400, /async_mode/],
  ['an app id object', '/add/message', { ...ADD, app_id: {} }, 40000, 400, /app_id/],
  ['no query', '/search/memory', { user_id: 'u' }, 40002, 400, /query/],
  ['an empty query', '/search/memory', { ...SEARCH, query: '' }, 40002, 400, /query/],
  ['a query object', '/search/memory', { ...SEARCH, query: {} }, 40000, 400, /query/],
  ['a search without a user', '/search/memory', { query: 'x' }, 40002, 400, /user_id/],
  ['a search for a long user', '/search/memory', { ...SEARCH, user_id: LONG }, 40010, 400, /user_id/],
  ['relativity above one', '/search/memory', { ...SEARCH, relativity: 1.5 }, 40012, 400, /relativity/],
  ['relativity below zero', '/search/memory', { ...SEARCH, relativity: -0.1 }, 40012, 400, /relativity/],
  ['relativity as a word', '/search/memory', { ...SEARCH, relativity: 'high' }, 40000, 400, /relativity/],
  ['a limit of zero', '/search/memory', { ...SEARCH, memory_limit_number: 0 }, 40000, 400, /memory_limit_number/],
  ['a limit as a word', '/search/memory', { ...SEARCH, memory_limit_number: 'many' }, 40000, 400, /memory_limit_number/],
  ['an unknown view', '/search/memory', { ...SEARCH, include_memory_view: ['dreams'] }, 40000, 400, /include_memory_view/],
  ['a filter as text', '/search/memory', { ...SEARCH, filter: 'x' }, 40000, 400, /filter/],
  ['an empty and', '/search/memory', { ...SEARCH, filter: { and: [] } }, 40000, 400, /filter/],
  ['an unknown operator', '/search/memory', { ...SEARCH, filter: { and: [{ scene: { near: 'x' } }] } }, 40000, 400, /filter/],
  [
    'a filter time that is none',
    '/search/memory',
    { ...SEARCH, filter: { and: [{ create_time: { gte: 'soonish' } }] } },
    40000,
    400,
    /create_time/,
  ],
  ['and beside another key', '/search/memory', { ...SEARCH, filter: { and: [{ scene: 'x' }], scene: 'y' } }, 40000, 400, /filter/],
  [
    'a filter nested too deep',
    '/search/memory',
    { ...SEARCH, filter: { and: [{ or: [{ and: [{ or: [{ scene: 'x' }] }] }] }] } },
    40000,
    400,
    /filter/,
  ],
  ['a chat without a user', '/chat', { query: 'x' }, 40002, 400, /user_id/],
  ['a chat without a query', '/chat', { user_id: 'u' }, 40002, 400, /query/],
  ['a chat with too long a query', '/chat', { ...CHAT, query: 'memory '.repeat(8_500) }, 40305, 400, /query/],
  ['a chat for a long conversation', '/chat', { ...CHAT, conversation_id: LONG }, 40011, 400, /conversation_id/],
  ['too hot', '/chat', { ...CHAT, temperature: 2.5 }, 40000, 400, /temperature/],
  ['top_p above one', '/chat', { ...CHAT, top_p: 1.1 }, 40000, 400, /top_p/],
  ['no tokens', '/chat', { ...CHAT, max_tokens: 0 }, 40000, 400, /max_tokens/],
  ['stream as a word', '/chat', { ...CHAT, stream: 'maybe' }, 40000, 400, /stream/],
  ['a system prompt object', '/chat', { ...CHAT, system_prompt: {} }, 40000, 400, /system_prompt/],
  ['messages of nobody', '/get/message', { conversation_id: 'c' }, 40002, 400, /user_id/],
  ['messages of no conversation', '/get/message', { user_id: 'u' }, 40002, 400, /conversation_id/],
  [
    'a message limit of zero',
    '/get/message',
    { user_id: 'u', conversation_id: 'c', message_limit_number: 0 },
    40000,
    400,
    /message_limit_number/,
  ],
  ['memories of nobody', '/get/memory', {}, 40002, 400, /user_id/],
  ['page zero', '/get/memory', { user_id: 'u', page: 0 }, 40000, 400, /page/],
  ['size as a word', '/get/memory', { user_id: 'u', size: 'all' }, 40000, 400, /size/],
  ['no task', '/get/status', {}, 40002, 400, /task_id/],
  ['an unknown task', '/get/status', { task_id: 'b1c0a6a2-9e0f-4b57-8f2a-94a5d6a9f001' }, 50131, 404, /task/],
  ['a delete of nothing', '/delete/memory', {}, 40002, 400, /memory_ids|user_id/],
  ['a delete of an empty list', '/delete/memory', { memory_ids: [] }, 40003, 400, /memory_ids/],
  ['a delete of an empty list of a user', '/delete/memory', { memory_ids: [], user_ids: ['u'] }, 40003, 400, /memory_ids/],
  ['a delete of users alone', '/delete/memory', { user_ids: ['u'] }, 40002, 400, /memory_ids|user_id/],
  ['a delete of an unknown memory', '/delete/memory', { memory_ids: ['b1c0a6a2-9e0f-4b57-8f2a-94a5d6a9f001'] }, 40307, 404, /memor/],
  ['a delete of an unknown user', '/delete/memory', { user_id: 'nobody-here' }, 40308, 404, /user/],
  ['an unknown path', '/dream/memory', {}, 50000, 404, /path/],
];

describe('bad input gets its code and a message that names the field', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system.close());

  it.each(ROWS)('%s on %s', async (_name, path, body, code, status, names) => {
    const answer = await system.post(path, body);
    expect({ status: answer.status, code: answer.body.code, data: answer.body.data }).toEqual({ status, code, data: null });
    expect(answer.body.message).toMatch(names);
    expect(answer.body.message).not.toMatch(/\{\d\}/);
  });

  it('refuses an empty filter when strict and takes it for none otherwise', async () => {
    expect((await system.post('/search/memory', { ...SEARCH, filter: {} })).body.code).toBe(0);
    const strict = await System.start({ environment: { CONTINUO_STRICT: 'true' } });
    try {
      const { status, body } = await strict.post('/search/memory', { ...SEARCH, filter: {} });
      expect([status, body]).toMatchObject([400, { code: 40000, message: expect.stringContaining('filter'), data: null }]);
    } finally {
      await strict.close();
    }
  });

  it('refuses a body of fifty megabytes, also to a client that sends it to its end', async () => {
    const { status, body } = await system.post('/add/message', { ...ADD, messages: [{ role: 'user', content: 'x'.repeat(50_000_000) }] });
    expect([status, body.data]).toEqual([413, null]);
  });

  it.each([
    ['no key', {}, 401],
    ['an unknown scheme', { authorization: 'Basic abc' }, 401],
    ['a wrong key', { authorization: 'Token mpg-wrong' }, 401],
  ])('refuses %s', async (_name, headers, status) => {
    const response = await fetch(`${system.base}/search/memory`, {
      method: 'POST',
      body: JSON.stringify(SEARCH),
      headers: { 'content-type': 'application/json', ...headers },
    });
    const body = (await response.json()) as { code: number; data: unknown };
    expect([response.status, body.data]).toEqual([status, null]);
    expect(String(body.code)).toMatch(/^401/);
  });

  it('takes nulls, unknown fields, numbers in quotes, duplicate slashes and a trailing one', async () => {
    const nulls = { filter: null, tags: null, info: null, relativity: null, knowledgebase_ids: null, top_k: 99, memory_limit_number: '5' };
    expect((await system.post('/search/memory', { ...SEARCH, ...nulls })).body).toMatchObject({ code: 0, message: 'ok' });
    expect((await system.post('//search//memory/', SEARCH)).body).toMatchObject({ code: 0, message: 'ok' });
    expect((await system.get('/ping/')).status).toBe(200);
  });

  it('has stored nothing of all this', async () => {
    expect((await system.post('/get/message', { user_id: 'u', conversation_id: 'c' })).body.data.message_detail_list).toEqual([]);
    expect((await system.post('/get/memory', { user_id: 'u' })).body.data.memory_detail_list).toEqual([]);
  });
});
