import { O200kTokenCounter } from './o200k-token-counter.ts';

const counter = new O200kTokenCounter();

describe('O200kTokenCounter', () => {
  it('counts as the o200k vocabulary does', () => {
    expect(counter.count('')).toBe(0);
    expect(counter.count('hello world')).toBe(2);
    expect(counter.count('The quick brown fox jumps over the lazy dog. '.repeat(40).trim())).toBe(400);
  });

  it('takes names of special tokens for text', () => {
    expect(counter.count('<|endoftext|>')).toBeGreaterThan(1);
  });

  it('counts long texts without spaces in pieces, losing nothing and splitting no character', () => {
    const chinese = counter.count('我们去过广州的城市'.repeat(300));
    expect(chinese).toBeGreaterThanOrEqual(1_700);
    expect(chinese).toBeLessThan(1_900);
    expect(counter.count(`a${'😀'.repeat(1_000)}`)).toBe(1 + 1_000 * counter.count('😀'));
    expect(counter.count(' '.repeat(50_000))).toBeGreaterThan(300);
  });

  it.each([
    ['', 0],
    ['hello world', 1],
    ['hello world', 2],
    ['tea '.repeat(500), 500],
    ['tea '.repeat(500), 501],
    ['广州'.repeat(600), 700],
    ['x'.repeat(200_000), 1_000],
  ])('exceeds says what counting says (case %#)', (text, limit) => {
    expect(counter.exceeds(text, limit)).toBe(counter.count(text) > limit);
  });
});
