import { SaxesParser } from 'saxes';
import { type BlockList, cleanText } from './block-list.ts';

const HEADING = /^h([1-6])$/u;
const BLOCKS = new Set(['p', 'pre', 'div']);

/** Makes blocks of the HTML that mammoth writes, which is well-formed and knows few elements. */
export function readHtml(html: string, list: BlockList): void {
  const reader = new HtmlReader(list);
  const parser = new SaxesParser({ fragment: true, position: false });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => reader.open(name));
  parser.on('text', (text) => reader.text(text));
  parser.on('closetag', ({ name }) => reader.close(name));
  // Word lets characters through that XML does not have.
  parser.write(cleanText(html)).close();
}

/** Lists and tables gather what is inside them and are written when the outermost one ends. */
class HtmlReader {
  readonly #list: BlockList;
  #text = '';
  #items: string[] = [];
  #listDepth = 0;
  #rows: string[] = [];
  #cells: string[] = [];
  #tableDepth = 0;

  constructor(list: BlockList) {
    this.#list = list;
  }

  open(name: string): void {
    if (name === 'br') this.#text += this.#inside ? ' ' : '\n';
    else if (name === 'table') this.#openTable();
    else if (name === 'ul' || name === 'ol') this.#openList();
    else if (name === 'li') this.#closeItem();
    else if (!this.#inside && (HEADING.test(name) || BLOCKS.has(name))) this.#closeText('text');
  }

  text(text: string): void {
    this.#text += text;
  }

  close(name: string): void {
    const level = HEADING.exec(name)?.[1];
    if (this.#tableDepth > 0) this.#closeInTable(name);
    else if (this.#listDepth > 0) this.#closeInList(name);
    else if (level !== undefined) {
      this.#list.heading(Number(level), this.#text);
      this.#text = '';
    } else if (BLOCKS.has(name)) this.#closeText(name === 'pre' ? 'code' : 'text');
  }

  get #inside(): boolean {
    return this.#tableDepth > 0 || this.#listDepth > 0;
  }

  #closeText(kind: 'text' | 'code'): void {
    this.#list.add(kind, this.#text);
    this.#text = '';
  }

  #openTable(): void {
    if (this.#tableDepth === 0 && this.#listDepth === 0) this.#closeText('text');
    this.#tableDepth += 1;
  }

  /** A table inside a table becomes text of the cell it is in. */
  #closeInTable(name: string): void {
    if (name === 'table') this.#tableDepth -= 1;
    const outermost = name === 'table' ? this.#tableDepth === 0 : this.#tableDepth === 1;
    if (!outermost) this.#text += ' ';
    else if (name === 'td' || name === 'th') this.#cells.push(this.#taken());
    else if (name === 'tr') {
      if (this.#cells.some((cell) => cell !== '')) this.#rows.push(this.#cells.join(' | '));
      this.#cells = [];
    } else if (name === 'table') this.#closeTable();
    else this.#text += BLOCKS.has(name) || name === 'li' ? ' ' : '';
  }

  #closeTable(): void {
    if (this.#listDepth > 0) this.#text += ` ${this.#rows.join(' ; ')} `;
    else this.#list.add('table', this.#rows.join('\n'));
    this.#rows = [];
  }

  #openList(): void {
    if (this.#tableDepth > 0) return;
    if (this.#listDepth === 0) this.#closeText('text');
    else this.#closeItem();
    this.#listDepth += 1;
  }

  #closeInList(name: string): void {
    if (name === 'ul' || name === 'ol') {
      this.#closeItem();
      this.#listDepth -= 1;
      if (this.#listDepth === 0) {
        this.#list.add('list', this.#items.join('\n'));
        this.#items = [];
      }
    } else if (name === 'li') this.#closeItem();
    else if (BLOCKS.has(name)) this.#text += ' ';
  }

  #closeItem(): void {
    if (this.#tableDepth > 0) return;
    const item = this.#taken();
    if (item !== '') this.#items.push(`${'  '.repeat(Math.max(0, this.#listDepth - 1))}- ${item}`);
  }

  /** The text gathered so far, on one line. */
  #taken(): string {
    const text = this.#text.replaceAll(/\s+/gu, ' ').trim();
    this.#text = '';
    return text;
  }
}
