const VOWEL = /[aeiou]/u;
/** One vowel between consonants at the end of a word of one syllable: it doubles its last letter (run – running). */
const DOUBLES = /^[^aeiou]*[aeiou][^aeiouwxy]$/u;

/** Past forms that no rule gives, after their base form. */
const IRREGULAR =
  'run ran; eat ate eaten; drink drank drunk; drive drove driven; fly flew flown; swim swam swum; sing sang sung; sleep slept; wake woke woken; buy bought; bring brought; teach taught; catch caught; break broke broken; speak spoke spoken; write wrote written; ride rode ridden; wear wore worn; choose chose chosen; sell sold; lose lost; win won; spend spent; build built; meet met; pay paid; grow grew grown; begin began begun; draw drew drawn; hurt hurt; fall fell fallen; steal stole stolen; send sent; leave left; lend lent; feed fed; read read; cut cut; quit quit; sew sewn; dream dreamt; learn learnt; burn burnt; child children; wife wives; knife knives; foot feet; tooth teeth; mouse mice; person people';
const formsOfBase = new Map(
  IRREGULAR.split('; ').map((entry) => {
    const [base = '', ...forms] = entry.split(' ');
    return [base, forms] as const;
  }),
);
const baseOfForm = new Map([...formsOfBase].flatMap(([base, forms]) => forms.map((form) => [form, base] as const)));

/** The base of an irregular form ("ran" – "run"); any other word as it is. */
export const baseOf = (word: string): string => baseOfForm.get(word) ?? word;

/**
 * The inflections of an English word, itself included, and nothing derived from it: a business is not busy, an engineer is
 * not an engine. A word written as an inflection itself ("fasting") stands for that form alone.
 */
export function inflectionsOf(word: string): readonly string[] {
  if (word.length < 3 || !/^[a-z]+$/u.test(word) || /(?:ing|ed|[^s]s)$/u.test(word)) return [word];
  return [...new Set([word, plural(word), ...verbForms(word), ...(formsOfBase.get(word) ?? [])])];
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
