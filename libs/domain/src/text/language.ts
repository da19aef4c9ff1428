import type { Language } from '../memory.ts';

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const HAN = /\p{Script=Han}/gu;
const LATIN_WORD = /\p{Script=Latin}[\p{Script=Latin}\p{M}'’]*/gu;
const OTHER_LETTER = /(?![\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])\p{L}/gu;

/** Words frequent in other languages written in Latin letters and not in English. */
const FOREIGN_WORDS = new Set(
  (
    'der die das und ist nicht ich mein meine wir habe ein eine mit für auf wohne heiße gerne el los las una uno es está estoy soy mi mis que con para por muy vivo tengo gusta ' +
    "le les des je suis mon ma mes nous avec pour dans est j’ai j'ai pas une habite il gli che sono non mio mia della abito os um uma meu minha moro não het een ik niet van mijn"
  ).split(' '),
);
const ENGLISH_WORDS = new Set(
  "the a an i is are was were to of in on at for and my you your me we it that this have has had do does did not what which who when where how with am be can will would should don't i'm".split(
    ' ',
  ),
);

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** The language a text is mainly written in. Text without letters, and short text without a sign of another language, is English. */
export function detectLanguage(text: string): Language {
  const normalised = text.normalize('NFKC');
  const kana = count(normalised, KANA);
  const han = count(normalised, HAN);
  const words = normalised.toLowerCase().match(LATIN_WORD) ?? [];
  const others = count(normalised, OTHER_LETTER);
  // A Chinese word has about 1.7 characters; a name in Latin letters does not turn a Chinese sentence English.
  const eastAsianWords = (kana + han) / 1.7;
  if (eastAsianWords > 0 && eastAsianWords >= words.length * 0.7 && eastAsianWords >= others / 5) {
    return kana >= 2 && kana >= han * 0.2 ? 'ja' : 'zh';
  }
  if (others / 5 > words.length) return 'other';
  return isForeign(words) ? 'other' : 'en';
}

function isForeign(words: readonly string[]): boolean {
  const foreign = words.filter((word) => FOREIGN_WORDS.has(word)).length;
  const english = words.filter((word) => ENGLISH_WORDS.has(word)).length;
  return foreign >= 2 && foreign > english;
}
