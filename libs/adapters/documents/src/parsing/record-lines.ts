import type { BlockList } from './block-list.ts';

/** Small records are put together up to this many characters, so that a list of a million numbers is no million blocks. */
const BLOCK_CHARACTERS = 1_000;

/** Lines of records, as lists: the lines of one record are never divided. */
export class RecordLines {
  readonly #list: BlockList;
  #lines: string[] = [];
  #characters = 0;

  constructor(list: BlockList) {
    this.#list = list;
  }

  add(record: readonly string[]): void {
    const characters = record.reduce((sum, line) => sum + line.length + 1, 0);
    if (this.#characters + characters > BLOCK_CHARACTERS) this.close();
    for (const line of record) this.#lines.push(line);
    this.#characters += characters;
  }

  close(): void {
    this.#list.add('list', this.#lines.join('\n'));
    this.#lines = [];
    this.#characters = 0;
  }
}
