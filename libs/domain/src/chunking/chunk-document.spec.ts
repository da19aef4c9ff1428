import type { BlockKind, Chunk, DocumentBlock } from './blocks.ts';
import { chunkDocument } from './chunk-document.ts';
import { sizeOf } from './size.ts';

const block = (kind: BlockKind, text: string, extra: Partial<DocumentBlock> = {}): DocumentBlock => ({
  kind,
  text,
  level: null,
  page: null,
  ...extra,
});
const heading = (text: string, level: number | null, page: number | null = null): DocumentBlock => block('heading', text, { level, page });

/** The words of a chunk that are its own. */
const ownText = ({ text, tableHeader }: Chunk): string => {
  if (tableHeader === null) return text;
  expect(text.startsWith(`${tableHeader}\n`)).toBe(true);
  return text.slice(tableHeader.length);
};
const withoutSpace = (text: string): string => text.replaceAll(/\s+/gu, '');

describe('chunkDocument', () => {
  it('begins a chunk at every title and names the titles above', () => {
    const chunks = chunkDocument([
      heading('Handbook', 1, 1),
      block('text', 'What everyone needs to know.', { page: 1 }),
      heading('Leave', 2, 2),
      heading('Parental leave', 3, 2),
      block('text', 'Sixteen weeks, paid.', { page: 3 }),
      heading('Expenses', 2, 4),
      block('text', 'Send receipts by the 25th.', { page: 4 }),
    ]);
    expect(chunks).toEqual([
      {
        text: 'Handbook\n\nWhat everyone needs to know.',
        headings: ['Handbook'],
        page: 1,
        place: 0,
        tableHeader: null,
      },
      {
        text: 'Leave\n\nParental leave\n\nSixteen weeks, paid.',
        headings: ['Handbook', 'Leave', 'Parental leave'],
        page: 2,
        place: 1,
        tableHeader: null,
      },
      { text: 'Expenses\n\nSend receipts by the 25th.', headings: ['Handbook', 'Expenses'], page: 4, place: 2, tableHeader: null },
    ]);
  });

  it('keeps paragraphs together as long as they fit', () => {
    const paragraphs = Array.from({ length: 6 }, (_, index) => `Paragraph ${index} ${'word '.repeat(70)}ends.`);
    const chunks = chunkDocument(paragraphs.map((text) => block('text', text)));
    expect(chunks.length).toBe(2);
    expect(chunks[0]?.text.split('\n\n')).toEqual(paragraphs.slice(0, 3));
  });

  it('cuts a long paragraph between its sentences', () => {
    const sentences = Array.from({ length: 60 }, (_, index) => `Sentence ${index} says that item ${index} costs ${index}.50 dollars.`);
    const chunks = chunkDocument([block('text', sentences.join(' '))]);
    expect(chunks.length).toBeGreaterThan(1);
    for (const { text } of chunks) expect(text).toMatch(/^Sentence .* dollars\.$/su);
  });

  it('cuts Chinese text between its sentences, and counts a character twice', () => {
    const sentences = Array.from({ length: 80 }, (_, index) => `第${index}条规定员工每年可以享受带薪年假若干天。`);
    const chunks = chunkDocument([block('text', sentences.join(''))]);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { text } of chunks) {
      expect(text.length).toBeLessThanOrEqual(620);
      expect(text).toMatch(/^第.*。$/su);
    }
  });

  it('cuts a sentence that is longer than a chunk between words, and a word between characters', () => {
    const long = `${'alpha beta gamma '.repeat(200)}and ${'x'.repeat(3_000)}😀${'y'.repeat(100)}. ${'𝐚'.repeat(2_001)}`;
    const chunks = chunkDocument([block('text', long)]);
    for (const { text } of chunks) {
      expect(sizeOf(text)).toBeLessThanOrEqual(1_200);
      expect(text.isWellFormed()).toBe(true);
    }
    expect(chunks[0]?.text).toMatch(/(alpha|beta|gamma)$/u);
    expect(chunks.map(({ text }) => withoutSpace(text)).join('')).toBe(withoutSpace(long));
  });

  it('gives a table that goes on its header row', () => {
    const header = 'Country | Rate | Since';
    const rows = Array.from({ length: 100 }, (_, index) => `Country number ${index} | ${index} % | ${1900 + index}`);
    const chunks = chunkDocument([block('table', [header, ...rows].join('\n'))]);
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks[0]?.tableHeader).toBeNull();
    for (const chunk of chunks) expect(chunk.text.startsWith(`${header}\n`)).toBe(true);
    for (const chunk of chunks.slice(1)) expect(chunk.tableHeader).toBe(header);
    expect(chunks.flatMap(({ text }) => text.split('\n').slice(1))).toEqual(rows);
  });

  it('keeps list items and lines of code whole', () => {
    const items = Array.from({ length: 60 }, (_, index) => `- Item ${index}. It has two sentences. They belong together.`);
    const lines = Array.from({ length: 60 }, (_, index) => `    const value${index} = compute(${index}); // one. Two.`);
    const chunks = chunkDocument([block('list', items.join('\n')), heading('Code', 1), block('code', lines.join('\n'))]);
    const all = chunks.flatMap(({ text }) => text.split('\n'));
    for (const line of [...items, ...lines]) expect(all).toContain(line);
  });

  it('makes no chunk of white space, and none of nothing', () => {
    expect(chunkDocument([])).toEqual([]);
    expect(chunkDocument([block('text', ' \n\t '), block('table', '\n')])).toEqual([]);
  });

  it('keeps a title without a body', () => {
    expect(chunkDocument([heading('Only a title', 2)]).map(({ text }) => text)).toEqual(['Only a title']);
  });

  it('has every word of a random document in exactly one chunk, in order and within the size', () => {
    const random = seeded(20_261);
    for (let round = 0; round < 800; round += 1) {
      const blocks = randomDocument(random);
      const maxSize = 16 + Math.floor(random() * 400);
      const chunks = chunkDocument(blocks, { maxSize });
      expect(chunks.map((chunk) => withoutSpace(ownText(chunk))).join('')).toBe(blocks.map(({ text }) => withoutSpace(text)).join(''));
      expect(chunks.map(({ place }) => place)).toEqual(chunks.map((_, index) => index));
      for (const { text } of chunks) {
        expect(text.trim()).not.toBe('');
        // Body, titles up to half as much, and the line breaks between them.
        expect(sizeOf(text)).toBeLessThanOrEqual(maxSize * 1.5 + breaksOf(text));
      }
    }
  });

  it('never cuts a word that fits into a chunk, nor a character', () => {
    const random = seeded(7);
    for (let round = 0; round < 300; round += 1) {
      const words = Array.from({ length: 200 }, () => 'abcdefghij'.slice(Math.floor(random() * 9)) + (random() < 0.1 ? '\u00fc' : ''));
      const chunks = chunkDocument([block('text', words.join(' '))], { maxSize: 20 + Math.floor(random() * 60) });
      expect(chunks.flatMap(({ text }) => text.split(/\s+/u))).toEqual(words);
    }
  });
});

const breaksOf = (text: string): number => text.match(/\n/gu)?.length ?? 0;

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const KINDS: readonly BlockKind[] = ['heading', 'text', 'text', 'list', 'table', 'code'];
const WORDS = [
  ...'alpha beta gamma delta epsilon 项目 预算 会议 。 ， . ! ? 😀 e\u0301 | \n \t 3.14 Dr. https://example.org/a?b=c'.split(' '),
  '\n\n',
  ' ',
];

function randomDocument(random: () => number): DocumentBlock[] {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  return Array.from({ length: Math.floor(random() * 12) }, () => {
    const kind = pick(KINDS);
    const length = Math.floor(random() ** 2 * 120);
    const text = Array.from({ length }, () => (random() < 0.02 ? 'z'.repeat(Math.floor(random() * 500)) : pick(WORDS))).join(
      random() < 0.5 ? ' ' : '',
    );
    return block(kind, text, { level: kind === 'heading' && random() < 0.8 ? 1 + Math.floor(random() * 6) : null });
  });
}
