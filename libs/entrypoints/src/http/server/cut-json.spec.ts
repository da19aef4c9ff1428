import { cutJson } from './cut-json.ts';

const LONG = 'QUJD'.repeat(10_000);
const cut = (value: unknown) => cutJson(Buffer.from(JSON.stringify(value)));

describe('cutting long strings out of JSON', () => {
  it('leaves a text without long strings as it is', () => {
    const value = { name: 'a "quoted" name \\', file: [{ content: 'QUJD' }], empty: '' };
    expect(cut(value).text).toBe(JSON.stringify(value));
  });

  it('puts placeholders for long strings and keeps what they stand for', () => {
    const { text, contentOf, isCut } = cut({ id: 'b', file: [{ content: LONG }, { content: `${LONG}=` }] });
    const read = JSON.parse(text) as { id: string; file: { content: string }[] };
    expect(text.length).toBeLessThan(300);
    expect(read.id).toBe('b');
    expect(read.file.map(({ content }) => contentOf(content)?.toString())).toEqual([LONG, `${LONG}=`]);
    expect(read.file.every(({ content }) => isCut(content))).toBe(true);
    expect(isCut('b')).toBe(false);
  });

  it('knows a quote inside a string from its end', () => {
    const tricky = `${LONG}\\"${LONG}\\\\`;
    const { text, contentOf } = cut({ content: tricky, after: '\\"' });
    const read = JSON.parse(text) as { content: string; after: string };
    expect(JSON.parse(`"${contentOf(read.content)?.toString()}"`)).toBe(tricky);
    expect(read.after).toBe('\\"');
  });

  it('has nothing for a placeholder that a caller makes up', () => {
    const { text, contentOf } = cut({ content: LONG, name: '00000000-0000-4000-8000-000000000000:0' });
    expect(contentOf((JSON.parse(text) as { name: string }).name)).toBeUndefined();
  });

  it.each(['', '{"content":"', `{"content":"${LONG}`, `{"content":"${LONG}\\"`, '"', 'no json'])(
    'leaves what is no JSON no JSON',
    (body) => {
      expect(() => JSON.parse(cutJson(Buffer.from(body)).text) as unknown).toThrow();
    },
  );

  it('keeps characters of several bytes around what it cuts', () => {
    const { text } = cut({ before: '日本語', content: LONG, after: 'é🎉' });
    expect(JSON.parse(text)).toMatchObject({ before: '日本語', after: 'é🎉' });
  });
});
