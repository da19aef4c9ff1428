import { AddMessageRequest } from './add-message.contract.ts';
import { ChatRequest } from './chat.contract.ts';
import { DeleteMemoryRequest } from './delete-memory.contract.ts';
import { GetMemoryRequest } from './get-memory.contract.ts';
import { partsOf, textOfContent } from './message.contract.ts';
import { readRequest } from './request-error.ts';
import { SearchMemoryRequest } from './search-memory.contract.ts';

const search = (change: object) => readRequest(SearchMemoryRequest, { user_id: 'ana', query: 'tea', ...change });
const add = (change: object) =>
  readRequest(AddMessageRequest, { user_id: 'ana', messages: [{ role: 'user', content: 'hello' }], ...change });

describe('Tolerance of the wire', () => {
  it('takes null for absent, everywhere', () => {
    const nulls = Object.fromEntries(
      Object.keys(search({}))
        .concat(['filter', 'relativity', 'memory_limit_number', 'source', 'conversation_id'])
        .map((key) => [key, null]),
    );

    expect(readRequest(SearchMemoryRequest, { ...nulls, user_id: 'ana', query: 'tea' })).toEqual({ user_id: 'ana', query: 'tea' });
    expect(
      add({
        tags: null,
        info: null,
        app_id: null,
        agent_id: null,
        messages: [{ role: 'user', content: 'a', chat_time: null, tool_calls: null }],
      }).messages,
    ).toEqual([{ role: 'user', content: 'a' }]);
  });

  it('keeps every condition of a filter, whatever its field is called', () => {
    const filter = JSON.parse('{"__proto__": "x", "constructor": "y"}') as object;
    for (const read of [search({ filter }).filter, readRequest(DeleteMemoryRequest, { filter }).filter]) {
      expect(Object.entries(read ?? {})).toEqual([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]);
    }
  });

  it('ignores unknown fields', () => {
    expect(search({ top_k: 5, anything: { at: 'all' } })).toEqual({ user_id: 'ana', query: 'tea' });
  });

  it.each([
    ['6', 6],
    [' 7 ', 7],
    ['6.0', 6],
    [25, 25],
  ])('reads the limit %j as %j', (sent, read) => {
    expect(search({ memory_limit_number: sent }).memory_limit_number).toBe(read);
  });

  it('lowers limits to the greatest allowed', () => {
    expect(search({ memory_limit_number: 1_000 }).memory_limit_number).toBe(50);
    expect(readRequest(GetMemoryRequest, { user_id: 'ana', size: '500' }).size).toBe(50);
  });

  it('reads numbers and booleans from strings', () => {
    expect(
      readRequest(ChatRequest, { user_id: 'a', query: 'q', temperature: '0.5', relativity: '0', stream: 'True', max_tokens: '100' }),
    ).toMatchObject({
      temperature: 0.5,
      relativity: 0,
      stream: true,
      max_tokens: 100,
    });
  });

  it('reads an optional id that is blank as absent', () => {
    expect(add({ conversation_id: ' ', app_id: '' }).conversation_id).toBeUndefined();
  });

  it('counts characters of ids, not UTF-16 units', () => {
    expect(add({ user_id: '😀'.repeat(100) }).user_id?.[0]).toHaveLength(200);
  });

  it('takes one id or a list for users and agents, and names nobody twice', () => {
    expect(add({ user_id: 'ana', agent_id: 'guide' })).toMatchObject({ user_id: ['ana'], agent_id: ['guide'] });
    expect(add({ user_id: ['ana', 'ben', 'ana'], agent_id: ['guide', ''] })).toMatchObject({
      user_id: ['ana', 'ben'],
      agent_id: ['guide'],
    });
    expect(add({ user_id: null, agent_id: ['guide'] })).toMatchObject({ agent_id: ['guide'] });
  });

  it('reads instructions that are null or blank as absent', () => {
    expect(add({ custom_extract_prompt: { image: 'Read signs.', skill: null, event: ' ' } }).custom_extract_prompt).toEqual({
      image: 'Read signs.',
    });
  });

  it('drops blank and repeated tags', () => {
    expect(add({ tags: ['a', ' ', 'a', 'b'] }).tags).toEqual(['a', 'b']);
  });

  it('keeps any JSON in info', () => {
    expect(add({ info: { a: { b: [1, null] }, c: null } }).info).toEqual({ a: { b: [1, null] }, c: null });
  });
});

describe('Content in parts', () => {
  it('joins text parts and keeps the others as they were sent', () => {
    const content = [
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
      { type: 'text', text: 'there' },
    ];
    const [message] = add({ messages: [{ role: 'user', content }] }).messages;

    expect(textOfContent(message?.content)).toBe('Look\nthere');
    expect(message && partsOf(message)).toEqual({ content });
  });

  it('needs no parts for text alone', () => {
    const [message] = add({ messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] }).messages;

    expect(message && partsOf(message)).toBeNull();
  });

  it('takes an assistant message that only calls tools', () => {
    const tool_calls = [{ id: 'call_1', type: 'function', function: { name: 'find', arguments: '{}' } }];
    const [call, result] = add({
      messages: [
        { role: 'assistant', tool_calls },
        { role: 'tool', tool_call_id: 'call_1', content: [{ type: 'text', text: 'found' }] },
      ],
    }).messages;

    expect(call && partsOf(call)).toEqual({ tool_calls });
    expect(result && partsOf(result)).toEqual({ tool_call_id: 'call_1' });
  });
});
