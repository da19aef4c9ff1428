import type { Chunk } from './blocks.ts';
import { sizeOf } from './size.ts';

/** Text that goes into one chunk whole. */
export interface Piece {
  readonly text: string;
  /** What divides it from the piece before, where that is in the same chunk. */
  readonly glue: '' | '\n' | '\n\n';
  readonly page: number | null;
}

/** The chunk that is being filled, and those before it. */
export class OpenChunk {
  readonly maxSize: number;
  readonly #chunks: Chunk[] = [];
  readonly #path: { readonly level: number; readonly title: string }[] = [];
  #text = '';
  #page: number | null = null;
  #titleSize = 0;
  #bodySize = 0;
  #hasBody = false;
  #tableHeader: string | null = null;

  constructor(maxSize: number) {
    this.maxSize = maxSize;
  }

  get halfFull(): boolean {
    return this.#bodySize * 2 >= this.maxSize;
  }

  /** Titles do not count: a chunk of nothing but a title helps nobody. */
  fits(text: string): boolean {
    return !this.#hasBody || this.#bodySize + sizeOf(text) <= this.maxSize;
  }

  /** A title: it ends what stood under the one before. */
  enter(level: number, title: Piece): void {
    const size = sizeOf(title.text);
    if (this.#hasBody || this.#titleSize + size > this.maxSize / 2) this.close();
    while ((this.#path.at(-1)?.level ?? 0) >= level) this.#path.pop();
    this.#path.push({ level, title: title.text });
    this.#append(title);
    this.#titleSize += size;
  }

  add(piece: Piece): void {
    this.#append(piece);
    this.#bodySize += sizeOf(piece.text) + piece.glue.length;
    this.#hasBody = true;
  }

  /** Begins the next chunk, with the header row of a table that goes on there. */
  close(tableHeader: string | null = null): void {
    this.#write();
    this.#text = tableHeader ?? '';
    this.#tableHeader = tableHeader;
    this.#bodySize = tableHeader === null ? 0 : sizeOf(tableHeader) + 1;
  }

  finish(): readonly Chunk[] {
    this.#write();
    return this.#chunks;
  }

  #append({ text, glue, page }: Piece): void {
    const first = this.#text === '' || this.#text === this.#tableHeader;
    if (first) this.#page = page;
    // The space that a sentence was cut at belongs to neither half; the indentation of code does.
    const own = first && glue === '' ? text.trimStart() : text;
    this.#text += !first ? `${glue}${own}` : this.#text === '' ? own : `\n${own}`;
  }

  #write(): void {
    const text = this.#text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();
    if (text !== '' && text !== this.#tableHeader) {
      this.#chunks.push({
        text,
        headings: this.#path.map(({ title }) => title),
        page: this.#page,
        place: this.#chunks.length,
        tableHeader: this.#tableHeader,
      });
    }
    this.#text = '';
    this.#titleSize = 0;
    this.#bodySize = 0;
    this.#hasBody = false;
    this.#tableHeader = null;
  }
}
