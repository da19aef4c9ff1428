import { keyOf } from './caller.ts';
import { tidyUrl } from './fastify-adapter.ts';
import { readBody } from './read-body.ts';

describe('tidyUrl', () => {
  it.each([
    ['/api//add/message', '/api/add/message'],
    ['//api///chat/', '/api/chat'],
    ['/ping/', '/ping'],
    ['/', '/'],
    ['//', '/'],
    ['/a/?next=//b/', '/a?next=//b/'],
  ])('makes %s %s', (sent, tidy) => {
    expect(tidyUrl(sent)).toBe(tidy);
  });
});

describe('keyOf', () => {
  it.each([
    ['Token mpg-1', 'mpg-1'],
    ['token mpg-1', 'mpg-1'],
    ['Bearer mpg-1', 'mpg-1'],
    ['BEARER   mpg-1 ', 'mpg-1'],
    ['mpg-1', null],
    ['Basic bXBn', null],
    ['Token', null],
    ['Token a b', null],
    [undefined, null],
  ])('reads %j as %j', (header, key) => {
    expect(keyOf(header)).toBe(key);
  });
});

describe('readBody', () => {
  it('reads JSON with a byte order mark and repairs what stores refuse', () => {
    expect(readBody(Buffer.from('\uFEFF{"a": "x\\u0000"}'))).toEqual({ a: 'x\uFFFD' });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['white space', Buffer.from(' \n')],
  ])('takes %s for no body', (_what, bytes) => {
    expect(readBody(bytes)).toBeUndefined();
  });

  it.each([
    ['half a character', Buffer.from([0x7b, 0x22, 0xe4, 0xbd, 0x22, 0x7d]), 'UTF-8'],
    ['half an object', Buffer.from('{"a":'), 'valid JSON'],
    ['a very deep list', Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)), 'nested deeper'],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => readBody(bytes)).toThrow(expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(message) }));
  });

  it('leaves prototypes alone', () => {
    const body = readBody(Buffer.from('{"__proto__": {"admin": true}, "info": {"__proto__": {"admin": true}}}')) as { info: object };

    expect((body as { admin?: unknown }).admin).toBeUndefined();
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});
