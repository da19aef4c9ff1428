/// <reference path="./opencc-dictionary.d.ts" />
/// <reference path="./opencc-dictionary.d.ts" />
import traditionalCharacters from 'opencc-js/dict/TSCharacters';

let simplifiedByTraditional: ReadonlyMap<string, string> | undefined;

/** Characters only: phrase tables would cost 15 ms at start and make the folding depend on context. */
function simplifiedCharacters(): ReadonlyMap<string, string> {
  simplifiedByTraditional ??= new Map(
    traditionalCharacters.split('|').map((entry) => {
      const [traditional = '', simplified = ''] = entry.split(' ');
      return [traditional, simplified];
    }),
  );
  return simplifiedByTraditional;
}

const HAN = /\p{Script=Han}/gu;

/** Traditional Chinese characters to simplified, one for one: offsets stay, and so does everything else. */
export function simplifiedHan(text: string): string {
  if (!/\p{Script=Han}/u.test(text)) return text;
  const table = simplifiedCharacters();
  return text.replace(HAN, (character) => {
    const simple = table.get(character);
    return simple === undefined || simple.length !== character.length ? character : simple;
  });
}

/** NFKC, lower case, traditional Chinese characters to simplified. Keeps white space, punctuation and accents. */
export function foldText(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replaceAll('’', "'").replaceAll('‘', "'");
  const table = simplifiedCharacters();
  return folded.replace(HAN, (character) => table.get(character) ?? character);
}

/** Two statements with the same result are the same statement: folded, white space collapsed, ends trimmed. */
export function normaliseText(text: string): string {
  return foldText(text).replace(/\s+/gu, ' ').trim();
}

/** Stronger than {@link normaliseText}: punctuation and symbols count for nothing, unless they are all there is or part of a number or name. */
export function statementKey(text: string): string {
  const normalised = normaliseText(text);
  const key = normalised
    .replaceAll("'", '')
    .replace(/(?<=\d)[.,:/-](?=\d)|(?<=\p{L})[+#]+|(?<!\S)-(?=\d)|[%°$€£¥]/gu, (kept) =>
      [...kept].map((c) => `\u0001${c.charCodeAt(0)}`).join(''),
    )
    .replace(/[^\p{L}\p{M}\p{N}\u0001\s]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .replace(
      /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]) | (?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/gu,
      '',
    )
    .trim();
  return key === '' ? normalised : key;
}

/** Latin, Greek and Cyrillic letters lose their accents; Japanese voicing marks and Indic vowel signs stay. */
export function withoutAccents(word: string): string {
  return /[^\u0000-\u007f]/u.test(word)
    ? word
        .normalize('NFD')
        .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '$1')
        .normalize('NFC')
    : word;
}
