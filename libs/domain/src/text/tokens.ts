import { stemmer } from 'stemmer';
import { foldText, withoutAccents } from './fold.ts';
import { baseOf } from './inflections.ts';

/** A stretch of text that is one word, one number, or a run of characters written without spaces. */
export interface Token {
  readonly kind: 'word' | 'number' | 'run';
  /** Folded, without apostrophes; inner signs spelled out (`cplusplus`, `3dot14`), so that it holds letters and digits only. */
  readonly form: string;
  /** The form reduced to its English stem; numbers and runs as they are. */
  readonly stem: string;
  /** Other stems by which it is found: the parts of `e-mail`, `iphone15`, `ana@example.com`. */
  readonly parts: readonly string[];
  /** True when the text wrote it with a capital letter. */
  readonly capitalised: boolean;
  /** Offset in the folded text, to see what stands between two tokens. */
  readonly start: number;
  readonly end: number;
}

const RUN_SCRIPTS =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々〆\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/** An address is looked for in 64 characters only, as long as its first part may be: otherwise a text without blanks costs the square of its length. */
const ANY_LETTER = `(?:(?![${RUN_SCRIPTS}])[\\p{L}\\p{N}\\p{M}])`;

const patternFor = (letter: string): RegExp =>
  new RegExp(
    [
      `(?<email>(?=[^\\s@]{1,64}@)[a-z0-9][a-z0-9._%+'-]*@[a-z0-9-]+(?:\\.[a-z0-9-]+)+)`,
      `(?<acronym>(?<!${letter})\\p{L}(?:\\.\\p{L})+(?!${letter}))`,
      `(?<number>(?<!${letter})\\d+(?:[.,]\\d+)*(?!${letter}))`,
      `(?<word>${letter}+(?:['-]${letter}+)*(?:\\+\\+|[+#](?!${letter}))?)`,
      `(?<run>(?:[${RUN_SCRIPTS}]|\\p{M})+)`,
    ].join('|'),
    'gu',
  );

const ANY_TOKEN = patternFor(ANY_LETTER);
/** The same for text in ASCII alone, at a third of the cost. */
const ASCII_TOKEN = patternFor('[a-z0-9]');
const ASCII = /^[\x00-\x7f]*$/u;

const UPPER = /^\p{Lu}/u;

const STEM_CACHE_SIZE = 20_000;
const stems = new Map<string, string>();

/** English stem of a folded word; words of other scripts and with digits are left alone. */
export function stemOf(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/u.test(word)) return word;
  let stem = stems.get(word);
  if (stem === undefined) {
    stem = stemmer(baseOf(word));
    if (stems.size >= STEM_CACHE_SIZE) stems.clear();
    stems.set(word, stem);
  }
  return stem;
}

/** Cuts a text into tokens, in order. The same text always gives the same tokens. */
export function tokenise(text: string): readonly Token[] {
  const cleaned = text.normalize('NFKC');
  // The colon letter marks concepts in the index; in a text it is a sign of phonetic script and no letter.
  const folded = foldText(cleaned).replaceAll('ː', ' ');
  // Folding changes no length but in rare letters; then case is not known and nothing counts as a name.
  const cased = cleaned.length === folded.length ? cleaned : folded;
  const tokens: Token[] = [];
  for (const match of folded.matchAll(ASCII.test(folded) ? ASCII_TOKEN : ANY_TOKEN)) {
    const token = tokenOf(match, cased);
    if (token !== null) tokens.push(token);
  }
  return tokens;
}

function tokenOf(match: RegExpMatchArray, cased: string): Token | null {
  const groups = match.groups ?? {};
  const start = match.index ?? 0;
  const end = start + match[0].length;
  const place = { start, end, capitalised: UPPER.test(cased.slice(start, start + 2)) };
  if (groups.run !== undefined) return { kind: 'run', form: groups.run, stem: groups.run, parts: [], ...place };
  if (groups.number !== undefined) return { kind: 'number', ...numberForms(groups.number), ...place };
  if (groups.email !== undefined) return { kind: 'word', ...emailForms(groups.email), ...place };
  if (groups.acronym !== undefined) return { kind: 'word', ...plain(groups.acronym.replaceAll('.', '')), ...place };
  const forms = wordForms(groups.word ?? '');
  return forms.form === '' ? null : { kind: 'word', ...forms, ...place };
}

type Forms = Pick<Token, 'form' | 'stem' | 'parts'>;

const plain = (form: string): Forms => ({ form, stem: stemOf(form), parts: [] });

function numberForms(text: string): Forms {
  const ungrouped = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u.test(text) ? text.replaceAll(',', '') : text;
  const parts = ungrouped.split(/[.,]/u);
  const form = parts.join('dot');
  return { form, stem: form, parts: [] };
}

function emailForms(text: string): Forms {
  const form = text
    .replaceAll('@', 'at')
    .replaceAll('.', 'dot')
    .replace(/[^a-z0-9]/gu, '');
  return {
    form,
    stem: form,
    parts: text
      .replaceAll("'", '')
      .split(/[^a-z0-9]+/u)
      .filter((part) => part.length > 1)
      .map(stemOf),
  };
}

function wordForms(text: string): Forms {
  if (/^[a-z]+$/u.test(text)) return plain(text);
  const bare = withoutAccents(text.replace(/'s$/u, '').replaceAll("'", ''));
  const signs = bare.match(/[+#]+$/u)?.[0] ?? '';
  const letters = signs === '' ? bare : bare.slice(0, -signs.length);
  const pieces = letters.split('-').filter((piece) => piece !== '');
  const joined = pieces.join('') + [...signs].map((sign) => (sign === '+' ? 'plus' : 'sharp')).join('');
  const mixed = pieces.length === 1 && /\d/u.test(joined) && signs === '' ? (joined.match(/\d+|[^\d]+/gu) ?? []) : [];
  const parts = [...(pieces.length > 1 ? pieces : []), ...(mixed.length > 1 ? mixed : [])].filter(
    (piece) => piece.length > 1 || /\d/u.test(piece),
  );
  return { form: joined, stem: signs === '' ? stemOf(joined) : joined, parts: parts.map(stemOf) };
}
