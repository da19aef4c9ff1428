import { foldText } from '../text/fold.ts';
import type { Statement } from '../memory.ts';
import { isPast, nearDuplicate, sameWords, timesIn } from '../text/near-duplicate.ts';
import { tokenise } from '../text/tokens.ts';
import { PLAINER } from './plainer.data.ts';

/** What a statement says, without what the same thing may be said with or without. */
export interface Claim {
  /** Stems and Chinese characters that carry it, in order. */
  readonly words: readonly string[];
  /** What stands behind each of the words: how a text goes on after it. */
  readonly behind: readonly string[];
  /** Negations and times, as one string: two claims that differ in it never say the same. */
  readonly tone: string;
  readonly times: string;
  /** True when it says that it has come to an end; the end itself is in none of the words. */
  readonly ends: boolean;
  /** True when it denies once what `affirmed` says. */
  readonly denies: boolean;
  /** The words without what denies them. */
  readonly affirmed: readonly string[];
}

const CEASES =
  /\b(?:no longer|any ?more|any longer|(?:stopped|quit|gave up|given up|done with)(?= \p{L}+ing\b))\b|不再|再也不|再也没有?|已经不|没有再|戒掉?(?=[了\p{Script=Han}])/gu;
const DENIES = /\b(?:do|does|am|is|are|was|were|have|has|can|will) not\b|\b(?:do|does|is|are|was|were|have|has|ca|wo)n't\b/gu;
const NEGATIONS =
  /\b(?:not|no|never|none|cannot|without|nobody|nothing|neither|nor|hardly|\p{L}+n't)\b|从来?不|[不没无未]|(?<!特)别|非(?!常)/gu;
/** What comes and goes without a difference, besides what marks a time. */
const FILLERS = new Set(
  `a an the i im ive am is are be been my me we our it its so very really quite just also too well oh ok okay please actually basically
  simply then there do does did have has had will would can own named name called call at on in still currently now already user was were`.split(
    /\s+/u,
  ),
);
const CHINESE_FILLERS =
  /现在|目前|如今|一直|已经|平时|其实|真的|非常|特别|一[只条部台个辆名位款张]|养了?|有(?=一?[只条个])|名字|用户|我们?|家(?=的)|用(?=的)|好(?=了)|[的了也很吧啊呢呀啦嘛哦都就是在里叫]/gu;

/** The claim of a text; of many that are compared it is worth keeping. */
export function claimOf(text: string): Claim {
  const folded = foldText(text).replace(/\s+/gu, ' ').trim();
  const ends = folded.search(CEASES) >= 0;
  const plain = plainly(ends ? folded.replace(CEASES, ' ').replace(DENIES, ' ') : folded);
  const { words, behind, past } = wordsOf(plain);
  const denials = (plain.match(NEGATIONS) ?? []).length;
  const times = [...timesIn(plain), ...past].join(' ');
  const affirmed = denials === 0 ? words : wordsOf(plainly(plain.replace(DENIES, ' ').replace(NEGATIONS, ' '))).words;
  return {
    words,
    behind,
    tone: `${denials} ${times}`,
    times,
    ends,
    denies: denials === 1,
    affirmed: affirmed.filter((word) => word !== 'again' && word !== '又'),
  };
}

const plainly = (text: string): string =>
  PLAINER.reduce((so, [other, plain]) => so.replace(other, plain), text.replace(/\s+/gu, ' ').replace(HAN_BLANKS, '').trim());

const HAN_BLANKS = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;

function wordsOf(plain: string): Pick<Claim, 'words' | 'behind'> & { readonly past: readonly string[] } {
  const words: string[] = [];
  const behind: string[] = [];
  const past: string[] = [];
  const add = (word: string, end: number): void => {
    words.push(word);
    behind.push(plain.slice(end).trimStart());
  };
  for (const { kind, form, stem, end } of tokenise(plain)) {
    if (kind === 'run') {
      for (const { index, 0: character } of keptOf(form)) add(character, end - form.length + index + 1);
    } else if (!FILLERS.has(form)) {
      const bare = plain.slice(0, end).endsWith("'s") ? stem.replace(/s$/u, '') : stem;
      add(bare, end);
      if (isPast(form)) past.push(bare);
    }
  }
  return { words, behind, past };
}

/** The characters of a run that are no part of a filler, with their places. */
function keptOf(run: string): readonly RegExpExecArray[] {
  const kept = run.replace(CHINESE_FILLERS, (filler) => ' '.repeat(filler.length));
  return [...kept.matchAll(/\S/gu)];
}

/** True when two claims say the same: equal words in the same order, or with one phrase moved from an end to the other. */
export function repeats(one: Claim, other: Claim): boolean {
  if (one.ends !== other.ends || one.tone !== other.tone) return false;
  return sameWords(one.words, other.words);
}

/** How a text goes on that adds to what it has said and limits nothing of it. */
const GOES_ON =
  /^[)）]?\s*(?:[,，;；(（–—]|(?:with|in|at|on|for|from(?! (?:next|tomorrow|now|then|mon|tues|wednes|thurs|fri|satur|sun|\d))|because|since|and|who|which|where|near|close|by|during|every|especially|like|via|as|to|of|together|\p{L}+ly|\d+|two|three|four|five|six)\b)/u;
const LIMITS =
  /\b(?:not|no|never|\p{L}+n't|without|until|unless|if|except|but|or|instead|only|before|when|while|used|than|rather|sometimes|starting|next|tomorrow|soon)\b|[不没无未只或但]|(?<!特)别|非(?!常)|除非|如果|直到|以前|之前|可是/u;

/** True when one claim is the other with more said behind it, which takes nothing back. */
export function saysMore(fuller: Claim, plain: Claim): boolean {
  if (fuller.ends || plain.ends || plain.words.length < 2 || fuller.words.length <= plain.words.length) return false;
  if (!plain.words.every((word, index) => fuller.words[index] === word)) return false;
  const more = fuller.behind[plain.words.length - 1] ?? '';
  return GOES_ON.test(more) && !LIMITS.test(more) && fuller.tone.startsWith(plain.tone);
}

/** True when one says that what the other says has come to an end. */
export const isEndOf = (end: Claim, claim: Claim): boolean =>
  end.ends && !claim.ends && end.tone === claim.tone && (sameWords(end.words, claim.words) || startsWith(claim.words, end.words));

/** True when one denies just what the other says of the same time. */
export const contradicts = (one: Claim, other: Claim): boolean =>
  one.denies !== other.denies && !one.ends && !other.ends && one.times === other.times && sameWords(one.affirmed, other.affirmed);

const startsWith = (longer: readonly string[], shorter: readonly string[]): boolean =>
  shorter.length > 1 && shorter.every((word, index) => longer[index] === word);

/** True when the words of a candidate say what a memory says, or more or less of it: no model has to be asked. */
export function isAlreadySaid(memory: Pick<Statement, 'text' | 'negated'>, candidate: Pick<Statement, 'text' | 'negated'>): boolean {
  if (memory.negated !== candidate.negated) return false;
  const [known, said] = [claimOf(memory.text), claimOf(candidate.text)];
  return nearDuplicate(memory.text, candidate.text) || repeats(known, said) || saysMore(known, said) || saysMore(said, known);
}
