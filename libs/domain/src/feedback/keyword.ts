import { remember } from '../text/remember.ts';

/** Scripts written without spaces: there a word is found wherever its characters stand. */
const RUN = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}`;
const WORD = String.raw`[[\p{L}\p{M}\p{N}_]--[${RUN}]]`;

/**
 * Whether a text has the keyword: as whole words in scripts with spaces, anywhere in the others, in any case.
 */
export const hasKeyword = (text: string, keyword: string): boolean => keyword !== '' && text.search(patternOf(keyword)) >= 0;

/** The text with the keyword replaced wherever it stands; everything else stays as it was. */
export const replaceKeyword = (text: string, keyword: string, by: string): string =>
  keyword === '' ? text : text.replace(patternOf(keyword), () => by);

/** The same through every string of a JSON value; names of members stay. */
export function replaceKeywordIn<Value>(value: Value, keyword: string, by: string): Value {
  if (typeof value === 'string') return replaceKeyword(value, keyword, by) as Value;
  if (Array.isArray(value)) return value.map((each: unknown) => replaceKeywordIn(each, keyword, by)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, replaceKeywordIn(each as unknown, keyword, by)])) as Value;
}

const KEYWORDS_REMEMBERED = 50;
const LONGEST_KEYWORD = 100;

/** One keyword is looked for in every memory of a subject. */
const patternOf = remember(
  (keyword): RegExp => {
    const escaped = keyword
      .normalize('NFC')
      .trim()
      .replace(/[\\^$.*+?()[\]{}|/]/gu, (character) => `\\${character}`)
      .replace(/\s+/gu, String.raw`\s+`);
    const word = new RegExp(`^${WORD}$`, 'v');
    const characters = [...keyword.trim()];
    const before = word.test(characters[0] ?? '') ? `(?<!${WORD})` : '';
    const after = word.test(characters.at(-1) ?? '') ? `(?!${WORD})` : '';
    return new RegExp(`${before}${escaped}${after}`, 'giv');
  },
  KEYWORDS_REMEMBERED,
  LONGEST_KEYWORD,
);
