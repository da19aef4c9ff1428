import type { DocumentBlock } from '@continuo/domain';
import { DEFAULT_PARSING_LIMITS } from './limits.ts';
import { parseDocument } from './parse-document.ts';
import { Refusal } from './refusal.ts';

const parse = (name: string, content: string | Uint8Array, declaredType: string | null = null) =>
  parseDocument({ name, declaredType, bytes: Buffer.from(content as string) }, DEFAULT_PARSING_LIMITS);

/** Blocks as "kind level: text", in short. */
const written = (blocks: readonly DocumentBlock[]): readonly string[] =>
  blocks.map(({ kind, level, text }) => `${kind}${level === null ? '' : ` ${level}`}: ${text}`);
const blocksOf = async (name: string, content: string | Uint8Array): Promise<readonly string[]> =>
  written((await parse(name, content)).blocks);

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('Markdown', () => {
  it('falls into titles, paragraphs, lists, tables and code', async () => {
    const text = [
      '---',
      'title: settings are dropped',
      '---',
      '# Travel policy #',
      'First line',
      'second line.',
      '',
      'Setext title',
      '============',
      '## C#',
      '- one',
      '  still one',
      '- two',
      '',
      '  - three',
      '',
      '> quoted',
      '',
      '| City | Limit |',
      '|------|:-----:|',
      '| Paris | 180 |',
      'after the table',
      '```ts',
      '# no title',
      '  indented();',
      '```',
      '***',
      'Last.',
    ].join('\n');
    const read = await parse('a.md', text);
    expect(read.title).toBe('Travel policy');
    expect(written(read.blocks)).toEqual([
      'heading 1: Travel policy',
      'text: First line\nsecond line.',
      'heading 1: Setext title',
      'heading 2: C#',
      'list: - one still one\n- two\n  - three',
      'text: quoted',
      'table: City | Limit\nParis | 180',
      'text: after the table',
      'code: # no title\n  indented();',
      'text: Last.',
    ]);
  });

  it('is read to the end when code or front matter is never closed', async () => {
    expect(await blocksOf('a.md', '```\nrun();')).toEqual(['code: run();']);
    expect(await blocksOf('a.md', '---\nno: end')).toEqual(['text: no: end']);
  });
});

describe('plain text', () => {
  it('falls into paragraphs, and titles that are underlined or numbered', async () => {
    const text = 'Handbook\r\n========\r\n\r\nOne.\r\nTwo.\r\n\r\nChapter 2 Leave\r\nThree.\r\n\r\n第三章 请假\r\n员工可以请假。\r\n';
    expect(await blocksOf('a.txt', text)).toEqual([
      'heading 1: Handbook',
      'text: One.\nTwo.',
      'heading 2: Chapter 2 Leave',
      'text: Three.',
      'heading 2: 第三章 请假',
      'text: 员工可以请假。',
    ]);
  });

  it('is read in UTF-8, UTF-16, GB18030 and Windows-1252', async () => {
    const chinese = '员工手册：每年三十天年假。';
    const gb18030 = Buffer.from('d4b1b9a4cad6b2e1a3bac3bfc4eac8fdcaaeccecc4eabcd9a1a3', 'hex');
    expect(await blocksOf('a.txt', chinese)).toEqual([`text: ${chinese}`]);
    expect(await blocksOf('a.txt', Buffer.from(`\ufeff${chinese}`, 'utf8'))).toEqual([`text: ${chinese}`]);
    expect(await blocksOf('a.txt', Buffer.from(`\ufeff${chinese}`, 'utf16le'))).toEqual([`text: ${chinese}`]);
    expect(await blocksOf('a.txt', Buffer.from(`\ufeff${chinese}`, 'utf16le').swap16())).toEqual([`text: ${chinese}`]);
    expect(await blocksOf('a.txt', gb18030)).toEqual([`text: ${chinese}`]);
    expect(await blocksOf('a.txt', Buffer.from('Un caf\xe9 pr\xe8s de l\x92op\xe9ra', 'latin1'))).toEqual([
      'text: Un café près de l’opéra',
    ]);
  });

  it('loses control characters and halves of characters, which no store takes', async () => {
    const [block] = (await parse('a.json', JSON.stringify({ a: 'b\u0000c\u0007d\ud800' }))).blocks;
    expect(block?.text).toBe('a: bcd\ufffd');
  });
});

describe('JSON', () => {
  it('becomes a line for each value with its path, and a block for each record', async () => {
    const order = { id: 7, items: [{ name: 'Tea', tags: ['green', 'loose'] }], note: null, paid: true };
    const lines = 'id: 7\nitems[0].name: Tea\nitems[0].tags[0]: green\nitems[0].tags[1]: loose\npaid: true';
    expect(await blocksOf('a.json', JSON.stringify(order))).toEqual([`list: ${lines}`]);
    const long = 'x'.repeat(600);
    expect(await blocksOf('a.json', JSON.stringify([{ a: long }, { b: long }, 'c']))).toEqual([
      `list: [0].a: ${long}`,
      `list: [1].b: ${long}\n[2]: c`,
    ]);
  });

  it('may have one document to a line', async () => {
    expect(await blocksOf('a.json', '{"a":1}\n{"a":2}\n')).toEqual(['list: [0].a: 1\n[1].a: 2']);
    expect(await refusalOf(parse('a.json', '{"a":1}\n{"a":'))).toMatch(/^file_invalid: .*damaged/u);
  });
});

describe('XML', () => {
  it('becomes a line for each element that has text, with its path and attributes', async () => {
    const xml =
      '<?xml version="1.0"?><shop><item id="7"><name>Tea &amp; cake</name><note>Very <b>green</b> tea</note><empty/></item><![CDATA[rest]]></shop>';
    expect(await blocksOf('a.xml', xml)).toEqual([
      'list: shop/item@id: 7\nshop/item/name: Tea & cake\nshop/item/note: Very green tea\nshop: rest',
    ]);
  });

  it('is read in the encoding it declares', async () => {
    const xml = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="GBK"?><a>'),
      Buffer.from('c4eabcd9', 'hex'),
      Buffer.from('</a>'),
    ]);
    expect(await blocksOf('a.xml', xml)).toEqual(['list: a: 年假']);
  });

  it('may have a document type as long as that defines no entity', async () => {
    expect(await blocksOf('a.xml', '<!DOCTYPE a SYSTEM "a.dtd"><a>b</a>')).toEqual(['list: a: b']);
  });
});

describe('what a text is', () => {
  it('its name says, as far as the content bears it', async () => {
    const formatOf = async (name: string, content: string, type: string | null = null): Promise<string> =>
      (await parse(name, content, type)).format;
    expect(await formatOf('a.txt', '{"a": 1}')).toBe('txt');
    expect(await formatOf('a.md', '<a>b</a>')).toBe('md');
    expect(await formatOf('a.md', 'words', 'text/plain')).toBe('md');
    expect(await formatOf('A.MARKDOWN', 'words', 'text/html-like')).toBe('md');
    expect(await formatOf('a.json', '1', 'application/octet-stream')).toBe('json');
    expect(await formatOf('notes 1.2', 'words')).toBe('txt');
    expect(await formatOf('a', '{"a": 1}', 'application/json; charset=utf-8')).toBe('json');
    expect(await formatOf('a', '{"a": 1}', 'text/plain')).toBe('json');
    expect(await refusalOf(parse('a.json', 'no json'))).toMatch(/^file_invalid/u);
    expect(await refusalOf(parse('a.md', '<p>An error page</p>', 'text/html'))).toMatch(/^file_type_unsupported/u);
  });

  it('its limits bound', async () => {
    const bytes = Buffer.from('one\n\ntwo\n\nthree');
    const file = { name: 'a.txt', declaredType: null, bytes };
    expect(await refusalOf(parseDocument(file, { ...DEFAULT_PARSING_LIMITS, maxBlocks: 2 }))).toMatch(/^file_invalid: .*more parts/u);
    expect(await refusalOf(parseDocument(file, { ...DEFAULT_PARSING_LIMITS, maxCharacters: 10 }))).toMatch(/^file_invalid: .*more text/u);
  });
});
