const CJK_START = 0x2e80;
const CJK_END = 0x9fff;
const HANGUL_START = 0xac00;
const COMPATIBILITY_END = 0xffef;
const HANGUL_END = 0xd7af;
const COMPATIBILITY_START = 0xf900;

/**
 * How much of a chunk a text takes, in Latin characters. A Chinese, Japanese or Korean character counts as two: it carries more, and
 * models read it as about as many tokens as two to four Latin ones.
 */
export function sizeOf(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) if (isWide(text.charCodeAt(index))) size += 1;
  return size;
}

const isWide = (code: number): boolean =>
  code >= CJK_START &&
  (code <= CJK_END || (code >= HANGUL_START && code <= HANGUL_END) || (code >= COMPATIBILITY_START && code <= COMPATIBILITY_END));
