const VOWEL = /[aeiou]/u;
/** One vowel between consonants at the end of a word of one syllable: it doubles its last letter (run – running). */
const DOUBLES = /^[^aeiou]*[aeiou][^aeiouwxy]$/u;

/**
 * The regular inflections of an English word, itself included, and nothing derived from it: a business is not busy, an engineer is
 * not an engine. A word written as an inflection itself ("fasting") stands for that form alone.
 */
export function inflectionsOf(word: string): readonly string[] {
  if (word.length < 3 || !/^[a-z]+$/u.test(word) || /(?:ing|ed|[^s]s)$/u.test(word)) return [word];
  return [...new Set([word, plural(word), ...verbForms(word)])];
}

const afterConsonant = (word: string): boolean => word.endsWith('y') && !VOWEL.test(word.at(-2) ?? '');

function plural(word: string): string {
  if (afterConsonant(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/u.test(word) ? `${word}es` : `${word}s`;
}

function verbForms(word: string): readonly string[] {
  if (word.endsWith('e')) return [`${word}d`, `${word.endsWith('ee') ? word : word.slice(0, -1)}ing`];
  if (afterConsonant(word)) return [`${word.slice(0, -1)}ied`, `${word}ing`];
  const doubled = `${word}${word.at(-1) ?? ''}`;
  const stems = /[aeiou]l$/u.test(word) ? [word, doubled] : [DOUBLES.test(word) ? doubled : word];
  return stems.flatMap((stem) => [`${stem}ed`, `${stem}ing`]);
}
