/** What one document may come to; see `DEFAULT_PARSING_LIMITS`. */
export interface ParsingLimits {
  readonly maxPages: number;
  /** Of text, all blocks together. */
  readonly maxCharacters: number;
  readonly maxBlocks: number;
  /** Of an archive such as docx, unpacked, all files together. */
  readonly maxUnpackedBytes: number;
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_PARSING_LIMITS: ParsingLimits = {
  maxPages: 500,
  // No text file has more characters than bytes; formats that unpack are held to the same.
  maxCharacters: 100 * MEBIBYTE,
  maxBlocks: 2_000_000,
  maxUnpackedBytes: 200 * MEBIBYTE,
};

/** Nobody nests deeper for people to read; parsers run out of stack far below what a hostile file can nest. */
export const MAX_DEPTH = 200;
