import { connect } from 'node:net';
import { ErrorReply } from '@continuo/contracts';
import { createLog } from '@continuo/platform';
import { KEY, serve, type Served } from './http-server.ts';

const authorized = { authorization: `Token ${KEY}` };

describe('Bad requests over HTTP', () => {
  let served: Served;
  const lines: string[] = [];

  beforeAll(async () => {
    served = await serve({
      settings: { maxBodyBytes: 100_000 },
      log: createLog({ level: 'debug', format: 'json', write: (line) => lines.push(line) }),
    });
  });

  afterAll(() => served.close());

  const send = async (path: string, init: RequestInit) => {
    const response = await served.raw(path, init);
    return { status: response.status, body: ErrorReply.parse(await response.json()), headers: response.headers };
  };
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    send(path, { method: 'POST', headers: { ...authorized, 'content-type': 'application/json', ...headers }, body });

  it.each([
    ['no body', '', 400, 40000, 'empty'],
    ['white space', ' \n', 400, 40000, 'empty'],
    ['half an object', '{"user_id": "ana"', 400, 40000, 'valid JSON'],
    ['no JSON', 'user_id=ana', 400, 40000, 'valid JSON'],
    ['null', 'null', 400, 40000, 'empty'],
    ['a list', '[]', 400, 40000, 'JSON object'],
    ['a string', '"hi"', 400, 40000, 'JSON object'],
    ['a number', '5', 400, 40000, 'JSON object'],
    ['an empty object', '{}', 400, 40002, 'messages'],
    ['a very deep body', `{"user_id": "ana", "messages": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400, 40000, 'nested'],
    [
      'a giant body',
      JSON.stringify({ user_id: 'ana', messages: [{ role: 'user', content: 'x'.repeat(200_000) }] }),
      413,
      40305,
      'too large',
    ],
    [
      'too many tokens',
      JSON.stringify({ user_id: 'ana', messages: [{ role: 'user', content: 'x'.repeat(40_001) }] }),
      400,
      40013,
      'messages',
    ],
    [
      'a bad time',
      JSON.stringify({ user_id: 'ana', messages: [{ role: 'user', content: 'x', chat_time: 'banana' }] }),
      400,
      40000,
      'messages[0].chat_time',
    ],
    [
      'a knowledge base',
      JSON.stringify({ user_id: 'ana', messages: [{ role: 'user', content: 'x' }], allow_knowledgebase_ids: ['kb'] }),
      400,
      50123,
      'allow_knowledgebase_ids',
    ],
  ])('refuses an add of %s', async (_what, body, status, code, named) => {
    const reply = await post('/add/message', body);

    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect(reply.body.message).toContain(named);
  });

  it('refuses broken UTF-8 instead of storing something else', async () => {
    const reply = await post('/add/message', new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]));

    expect([reply.status, reply.body.code]).toEqual([400, 40000]);
    expect(reply.body.message).toContain('UTF-8');
  });

  it.each([
    ['/search/memory', { user_id: 'ana', query: 'x'.repeat(40_001) }, 40305],
    ['/chat', { user_id: 'ana', query: 'x'.repeat(8_001) }, 40305],
    ['/chat', { user_id: 'ana', query: 'x'.repeat(8_001), stream: true }, 40305],
    ['/search/memory', { user_id: 'ana', query: 'tea', filter: { and: [] } }, 40000],
    ['/search/memory', { user_id: 'ana', query: 'tea', filter: { knowledgebase: { app_id: 'a' } } }, 40000],
    ['/search/memory', { user_id: 'ana', query: 'tea', knowledgebase_ids: ['kb'] }, 50123],
    ['/search/memory', { user_id: 'ana', query: 'tea', knowledgebase_ids: ['all', 'kb'] }, 40000],
    ['/chat', { user_id: 'ana', query: 'tea', filter: { nonsense_time: 'x' } }, 40000],
    ['/chat', { user_id: 'ana', query: 'tea', relativity: 3, stream: true }, 40012],
    ['/delete/memory', {}, 40002],
    ['/delete/memory', { user_ids: ['ana'], memory_ids: [] }, 40003],
    ['/delete/memory', { filter: {} }, 40000],
    ['/delete/memory', { user_id: 'ana', agent_id: 'guide' }, 40071],
  ])('refuses %s with %j', async (path, body, code) => {
    const reply = await post(path, JSON.stringify(body));

    expect([reply.status, reply.body.code]).toEqual([400, code]);
  });

  it.each([
    ['a long key for repeats', { 'idempotency-key': 'k'.repeat(256) }],
    [
      'too many ids to explain',
      { 'x-continuo-debug': 'explain', 'x-continuo-explain-ids': Array.from({ length: 51 }, (_, n) => n).join(',') },
    ],
  ])('refuses %s in a header', async (_what, headers) => {
    const reply = await post('/chat', JSON.stringify({ user_id: 'ana', query: 'tea' }), headers as Record<string, string>);

    expect([reply.status, reply.body.code]).toEqual([400, 40000]);
  });

  it('refuses to leave out a signal that does not exist, and names those that do', async () => {
    const headers = { 'x-continuo-debug': 'explain', 'x-continuo-without': 'date,luck' };
    const reply = await post('/search/memory', JSON.stringify({ user_id: 'ana', query: 'tea' }), headers);

    expect([reply.status, reply.body.code]).toEqual([400, 40000]);
    expect(reply.body.message).toContain('neighbours');
  });

  it('lets everything but an empty filter through when lenient', async () => {
    const { status } = await served.post('/search/memory', { user_id: 'ana', query: 'tea', filter: {}, knowledgebase_ids: ['all'] });

    expect(status).toBe(200);
  });

  it('reads JSON whatever its content type says', async () => {
    const body = JSON.stringify({ user_id: 'ana', query: 'tea' });
    const plain = await served.raw('/search/memory', { method: 'POST', headers: { ...authorized, 'content-type': 'text/plain' }, body });
    const form = await served.raw('/search/memory', {
      method: 'POST',
      headers: { ...authorized, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });

    expect([plain.status, form.status]).toEqual([200, 200]);
  });

  it.each([
    ['no header', {}, 40100],
    ['no scheme', { authorization: KEY }, 40100],
    ['another scheme', { authorization: `Basic ${KEY}` }, 40100],
    ['an empty key', { authorization: 'Token ' }, 40100],
    ['a wrong key', { authorization: 'Token mpg-wrong' }, 40132],
  ])('answers 401 to %s, before it looks at the body', async (_what, headers, code) => {
    const reply = await send('/add/message', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body: '{',
    });

    expect([reply.status, reply.body.code]).toEqual([401, code]);
  });

  it.each(['Token', 'token', 'Bearer', 'bearer', 'BEARER'])('takes the key with the scheme %s', async (scheme) => {
    const response = await served.raw('/ping', { headers: { authorization: `${scheme} ${KEY}` } });

    expect(response.status).toBe(200);
  });

  it('wants the key however the address is spelt', async () => {
    const response = await served.raw(`${served.url}/%61pi/openmem/v1/ping`, {});

    expect(response.status).toBe(401);
  });

  it.each([
    ['an unknown path', '/nothing/here', 'GET', 404],
    ['an unknown path with a body', '/nothing/here', 'POST', 404],
    ['a path outside', '/../../..//wherever', 'GET', 404],
    ['a wrong method', '/add/message', 'GET', 405],
    ['another wrong method', '/ping', 'POST', 405],
    ['a deletion by method', '/get/memory/m-1', 'DELETE', 405],
    ['a broken escape', '/get/memory/%E0%A4%A', 'GET', 400],
    ['an endless id', `/get/memory/${'x'.repeat(2_000)}`, 'GET', 400],
  ])('wraps %s', async (_what, path, method, status) => {
    const reply = await send(path, { method, headers: authorized, ...(method === 'POST' ? { body: '{}' } : {}) });

    expect(reply.status).toBe(status);
    expect(reply.body.data).toBeNull();
    expect(reply.headers.get('allow')).toBe(status === 405 ? (path === '/add/message' ? 'POST' : 'GET') : null);
  });

  it('answers what is no HTTP with an envelope, too', async () => {
    const { port } = new URL(served.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('this is not HTTP\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);

    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/u);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 40000, data: null });
  });

  it('logged no bug, and nothing that was sent', () => {
    expect(lines.filter((line) => line.includes('request_broke'))).toEqual([]);
    expect(lines.join('')).not.toMatch(/banana|xxxx|mpg-/u);
    expect(lines.join('')).toContain('request_refused');
  });

  it('reached no use case with any of it', () => {
    expect(served.behind.calls.map((call) => call.name)).toEqual(expect.not.arrayContaining(['add', 'delete', 'forget', 'chat']));
  });
});
