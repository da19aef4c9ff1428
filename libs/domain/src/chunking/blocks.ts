/** What a piece of a document is. */
export type BlockKind = 'heading' | 'text' | 'list' | 'table' | 'code';

/** A piece of a document as its author set it off from the rest, in reading order. */
export interface DocumentBlock {
  readonly kind: BlockKind;
  /** Of a heading: 1 is the highest, 6 the lowest; null: not known. Null for every other kind. */
  readonly level: number | null;
  /**
   * Plain text. A list has an item to each line; a table has a row to each line, the cells divided by ` | `, and its header row first;
   * code keeps its lines and indentation.
   */
  readonly text: string;
  /** From 1; null where the format has no pages. */
  readonly page: number | null;
}

/** A part of a document that is indexed and recalled as one. */
export interface Chunk {
  /** The titles above it and its own words; no word of the document is in two chunks, apart from `tableHeader`. */
  readonly text: string;
  /** The titles it stands under, the highest first; they are in the text of the first chunk under them only. */
  readonly headings: readonly string[];
  /** The page it begins on, from 1; null where the format has no pages. */
  readonly page: number | null;
  /** Its place among the chunks of the document, from 0. */
  readonly place: number;
  /** The header row that `text` begins with because a table goes on from the chunk before; null otherwise. */
  readonly tableHeader: string | null;
}
