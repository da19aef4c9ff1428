import { randomBytes } from 'node:crypto';
import { decodeBase64 } from './read-base64.ts';

const decoded = (text: string): Buffer => Buffer.concat([...decodeBase64(Buffer.from(text, 'latin1'))]);

describe('reading base64', () => {
  it.each([1, 2, 3, 1_000, 786_431, 786_432, 786_433, 2_500_000])('gives back %i bytes', (size) => {
    const bytes = randomBytes(size);
    expect(decoded(bytes.toString('base64')).equals(bytes)).toBe(true);
    expect(decoded(bytes.toString('base64url')).equals(bytes)).toBe(true);
  });

  it('reads lines, and slashes as some clients escape them in JSON, also where a piece ends', () => {
    const bytes = Buffer.alloc(900_000, 0xff);
    const lines = bytes.toString('base64').replaceAll(/.{76}/gu, (line) => `${line}\r\n`);
    expect(decoded(lines).equals(bytes)).toBe(true);
    for (const shift of ['', 'AAAA', 'A/AA', 'A/AAAAAA', 'A/AAAAAAAAAA']) {
      const text = shift + bytes.toString('base64');
      const escaped = text.replaceAll('/', String.raw`\/`);
      expect(decoded(escaped).equals(Buffer.from(text, 'base64'))).toBe(true);
      const wrapped = text.replaceAll(/.{50}/gu, (line) => String.raw`${line}\n`);
      expect(decoded(wrapped).equals(Buffer.from(text, 'base64'))).toBe(true);
    }
  });

  it('reads characters as some clients spell them in JSON, also where a piece ends', () => {
    const bytes = Buffer.alloc(800_000, Buffer.from('fbefbeffff', 'hex'));
    for (const shift of ['', 'A', 'AA', 'AAA', 'AAAA', 'AAAAA']) {
      const text = `${shift}${bytes.toString('base64')}`.slice(0, 1_060_000).padEnd(1_060_002, '+') + '==';
      const spelt = text
        .replaceAll('+', String.raw`\u002B`)
        .replaceAll('/', String.raw`\u002f`)
        .replaceAll('=', String.raw`\u003d`);
      expect(decoded(spelt).equals(Buffer.from(text, 'base64'))).toBe(true);
    }
    expect(decoded(String.raw`QUJ\u000aD\n`).toString()).toBe('ABC');
  });

  it.each([
    String.raw`QUJD\\u002B`,
    String.raw`QUJD\u012B`,
    String.raw`QUJD\u005cn`,
    '',
    '   ',
    '====',
    'A',
    'QUJDR',
    'QUJD!',
    'QU=JD',
    'QUJD=====',
    '{"a":1}',
    'naïve',
    String.raw`QUJD\x`,
    `${'QUJD'.repeat(400_000)}?`,
  ])('refuses what is none', (text) => {
    expect(() => decoded(text)).toThrow(expect.objectContaining({ code: 'base64_content_invalid' }));
  });
});
