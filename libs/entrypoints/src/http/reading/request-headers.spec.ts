import type { FastifyRequest } from 'fastify';
import { conversationHeaderOf } from './request-headers.ts';

const named = (id: string): string | null => conversationHeaderOf({ headers: { 'x-conversation-id': id } } as unknown as FastifyRequest);

describe('the thread named in a header', () => {
  it.each(['monday', 'Montag früh: 50% für 你', 'a/b?c=d', '你'.repeat(100)])('is the one of the reply that named it: %s', (id) => {
    expect(named(encodeURIComponent(id))).toBe(id);
  });

  it.each(['monday', '50%', '100%25%', 'a%00b'])('is taken as it is where it is no spelling of a reply: %s', (id) => {
    expect(named(id)).toBe(id);
  });

  it.each(['', ' ', '%20'])('is none when it is blank: "%s"', (id) => {
    expect(named(id)).toBeNull();
  });

  it('may not be too long', () => {
    expect(() => named('x'.repeat(101))).toThrow(expect.objectContaining({ code: 'conversation_id_too_long' }));
  });
});
