import { isClauseStart, isHalfSubject } from './clause-start.ts';
import { isUnfinished } from './unfinished.ts';
import { CHINESE_ASKS, CHINESE_CLAUSE_START, CHINESE_LEADING } from './chinese-words.ts';
import { ENGLISH_ASKS, ENGLISH_CLAUSE_BREAK, ENGLISH_LEADING, ENGLISH_QUESTION_BREAK } from './english-words.ts';
import { blankEmoji, EMOJI } from './emoji.ts';
import { MASK, shadowOf, type Stretch } from './masking.ts';

export type SpokenLanguage = 'en' | 'zh';

/** A clause cut out of a message, without the words that merely lead into it. */
export interface Clause extends Stretch {
  /** Verbatim. */
  readonly text: string;
  /** The same with quoted words covered. */
  readonly shadow: string;
  readonly language: SpokenLanguage;
  readonly asks: boolean;
  /** What was stripped before it in its sentence ("because", "actually"). */
  readonly lead: string;
  /** Which sentence of the message it belongs to. */
  readonly sentence: number;
}

const TITLE = /\b(?:mr|mrs|ms|dr|st|prof|vs|e\.g|i\.e)$/iu;
const LIST_NUMBER = /(?:^|\n)\s*\d{1,2}$/u;
/** A full stop after one of these ends a sentence only before a capital letter. */
const ABBREVIATION = /(?:\b(?:etc|no|jr|sr|inc|ltd|co|approx|dept)|\b\p{Lu})$/iu;
const GIVES_REASON = /^(?:because|since|given that|now that|seeing that)\b/iu;
const HAN = /\p{Script=Han}/gu;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const LATIN_WORD = /\p{Script=Latin}+/gu;

/** English or Chinese; null for a sentence in another script, which the rules leave alone. */
export function spokenLanguage(text: string): SpokenLanguage | null {
  if (
    KANA.test(text) ||
    /[\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Greek}]/u.test(
      text,
    )
  )
    return null;
  const han = text.match(HAN)?.length ?? 0;
  const words = text.match(LATIN_WORD)?.length ?? 0;
  if (han === 0) return words === 0 ? null : 'en';
  return han >= words ? 'zh' : 'en';
}

interface Sentence extends Stretch {
  readonly asks: boolean;
}

/** He said: “I live on Mars.” What follows the closing mark is a sentence of its own. */
const endsQuotedSentence = (shadow: string, content: string, index: number): boolean =>
  shadow.charAt(index) === MASK &&
  shadow.charAt(index + 1) !== MASK &&
  (/[。！？]/u.test(content.charAt(index - 1)) ||
    (/[.!?]/u.test(content.charAt(index - 1)) && /^\s+\p{Lu}/u.test(content.slice(index + 1, index + 8))));

function isSentenceEnd(shadow: string, index: number): boolean {
  const character = shadow.charAt(index);
  if (/[\n。！？；!?;…]/u.test(character)) return true;
  if (character !== '.') return false;
  if (!/^(?:$|[\s)\]]|[*_~]+(?:\s|$)|\p{Extended_Pictographic})/u.test(shadow.slice(index + 1, index + 6))) return false;
  const before = shadow.slice(Math.max(0, index - 8), index);
  if (TITLE.test(before) || LIST_NUMBER.test(shadow.slice(Math.max(0, index - 4), index))) return false;
  return !ABBREVIATION.test(before) || /^\s*$|^\s+\p{Lu}/u.test(shadow.slice(index + 1));
}

function sentencesOf(shadow: string, content: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  for (let index = 0; index <= shadow.length; index += 1) {
    if (index < shadow.length && endsQuotedSentence(shadow, content, index)) {
      sentences.push({ start, end: index, asks: false });
      start = index + 1;
      continue;
    }
    if (index < shadow.length && !isSentenceEnd(shadow, index)) continue;
    let end = index;
    let asks = false;
    while (end < shadow.length && isSentenceEnd(shadow, end)) {
      asks ||= /[?？]/u.test(shadow.charAt(end));
      end += 1;
    }
    if (shadow.slice(start, index).trim() !== '') sentences.push({ start, end: index, asks });
    start = end;
    index = end - 1 < index ? index : end - 1;
  }
  return sentences;
}

const ENGLISH_SELF = /^(?:(?:and|but|so|also|because) )*(?:I|I['’]\p{L}+|my|we|our)(?![\p{L}\p{N}])/iu;

const CHINESE_BREAK = new RegExp(`[，,]\\s*|——|${EMOJI}+\\s*`, 'gu');
/** "I love cats 🐱 My dog is called Rex" */
const EMOJI_BREAK = new RegExp(`${EMOJI}\\s*(?=(?:I|we|my|our)(?:['’]\\p{L}+)? )`, 'giu');

function chineseBreaks(sentence: string, asks: boolean): number[] {
  const breaks: number[] = [];
  const commas = [...sentence.matchAll(CHINESE_BREAK)].map((match) => match.index + match[0].length);
  for (const [number, after] of commas.entries()) {
    const next = commas[number + 1];
    const piece = sentence.slice(after, next ?? sentence.length).replace(/[，,]\s*$/u, '');
    const starts = CHINESE_CLAUSE_START.test(piece) || CHINESE_ASKS.test(piece) || ENGLISH_SELF.test(piece);
    if (starts || (asks && next === undefined)) breaks.push(after);
  }
  return breaks;
}

/** Typed without any marks: "i live in lyon i work at ikea". Only what can be no relative clause. */
const RUN_ON =
  /(?<!\b(?:and|but|so|or|that|where|what|which|who|when|while|if|because|since|as|than|how|why|think|say|said|hope|wish|guess|feel|believe|know|sure|before|after|until|unless|like|though|now|city|town|place|house|flat|country|area|apartment|building|street)) (?=i (?:live in(?! (?:is|was|has|and|now|are|with)\b)|work (?:at|as|for|in)|moved to|am an?|['’]?m an?|have (?:an?|one|two|three|no)) \p{L})/gu;

function englishBreaks(sentence: string, asks: boolean): number[] {
  const patterns = asks ? [ENGLISH_CLAUSE_BREAK, ENGLISH_QUESTION_BREAK] : [ENGLISH_CLAUSE_BREAK];
  const found = [...patterns, EMOJI_BREAK, RUN_ON].flatMap((pattern) =>
    [...sentence.matchAll(pattern)].map((match) => match.index + match[0].length),
  );
  const offsets = [...new Set(found)].sort((one, other) => one - other);
  return offsets.filter(
    (offset, index) =>
      isClauseStart(sentence.slice(offset, offsets[index + 1] ?? sentence.length)) &&
      !isHalfSubject(sentence.slice(offsets[index - 1] ?? 0, offset)),
  );
}

const HAS_HAN = /\p{Script=Han}/u;
const HAS_WORDS = /[A-Za-z]{2,}\s+[A-Za-z]/u;

/** Where the pieces of a sentence begin, as offsets into it; a mixed one is cut by the ways of both languages. */
function breaksOf(sentence: string, language: SpokenLanguage, asks: boolean): number[] {
  const chinese = language === 'zh' || HAS_HAN.test(sentence) ? chineseBreaks(sentence, asks && language === 'zh') : [];
  const english = language === 'en' || HAS_WORDS.test(sentence) ? englishBreaks(sentence, asks && language === 'en') : [];
  return [...new Set([...chinese, ...english])].sort((one, other) => one - other);
}

/** In mixed text a clause is in the language of its subject. */
const ownLanguage = (clause: string, language: SpokenLanguage): SpokenLanguage =>
  ENGLISH_SELF.test(clause) ? 'en' : /^(?:我|咱|他|她|你|请|别)/u.test(clause) ? 'zh' : language;

const LEADING_MARKS = new RegExp(
  `^(?:\\[[ xX]\\]\\s|\\.{2,}|[\\s,，、:：;\\-*•·▪◦–—"”’()（）\\[\\]【】{}¡¿_~～…«»→\\p{So}]|${EMOJI})*(?:\\d{1,2}[.)、]\\s+(?:[\\s*_¡¿(（]|${EMOJI})*)?`,
  'u',
);
const TRAILING_MARK = new RegExp(`(?:[\\s,，、:：;~～.\\-–—(（*»]|${EMOJI})$`, 'u');

/** Of a keycap. */
const LONGEST_MARK = 3;

/** A closing bracket whose opening one was left off before the clause. */
function endsInLoneBracket(text: string): boolean {
  const pair = ['()', '（）', '[]', '【】'].find((brackets) => text.endsWith(brackets.charAt(1)));
  return pair !== undefined && text.split(pair.charAt(1)).length > text.split(pair.charAt(0)).length;
}

function lengthWithoutTrail(text: string): number {
  let rest = text;
  for (;;) {
    const mark = TRAILING_MARK.exec(rest.slice(-LONGEST_MARK))?.[0] ?? (endsInLoneBracket(rest) ? rest.slice(-1) : '');
    // "My favourite emoji is 🍕"
    if (mark === '' || (/\p{Extended_Pictographic}/u.test(mark) && isUnfinished(rest.slice(0, -mark.length).trim()))) return rest.length;
    rest = rest.slice(0, -mark.length);
  }
}

function stripLead(text: string, language: SpokenLanguage): number {
  const [pattern, other] = language === 'zh' ? [CHINESE_LEADING, ENGLISH_LEADING] : [ENGLISH_LEADING, CHINESE_LEADING];
  let stripped = 0;
  for (let round = 0; round < 4; round += 1) {
    const rest = text.slice(stripped);
    const lead = (pattern.exec(rest) ?? other.exec(rest))?.[0] ?? '';
    if (lead === '') break;
    stripped += lead.length;
  }
  return stripped;
}

function clauseOf(content: string, shadow: string, piece: Stretch, traits: Pick<Clause, 'asks' | 'language' | 'sentence'>): Clause | null {
  const raw = shadow.slice(piece.start, piece.end);
  const indent = LEADING_MARKS.exec(raw)?.[0].length ?? 0;
  const lead = stripLead(blankEmoji(raw.slice(indent)), traits.language);
  const start = piece.start + indent + lead;
  const end = start + lengthWithoutTrail(raw.slice(indent + lead));
  if (end <= start) return null;
  const own = shadow.slice(start, end);
  const language = ownLanguage(own, traits.language);
  const asksItself = (language === 'zh' ? CHINESE_ASKS : ENGLISH_ASKS).test(own);
  return {
    start,
    end,
    text: content.slice(start, end),
    shadow: own,
    lead: raw.slice(0, indent + lead),
    sentence: traits.sentence,
    language,
    asks: traits.asks || asksItself,
  };
}

/**
 * Cuts a message into clauses. Only the last clause of a sentence that ends with a question mark asks by that mark; the
 * ones before it state, unless their own form asks.
 */
export function clausesOf(content: string): readonly Clause[] {
  const shadow = shadowOf(content);
  return sentencesOf(shadow, content).flatMap((sentence, number) => {
    const text = shadow.slice(sentence.start, sentence.end);
    const language = spokenLanguage(text);
    if (language === null) return [];
    const starts = [0, ...breaksOf(text, language, sentence.asks)];
    return starts.flatMap((offset, index) => {
      const next = starts[index + 1];
      const piece = { start: sentence.start + offset, end: next === undefined ? sentence.end : sentence.start + next };
      const clause = clauseOf(content, shadow, piece, {
        language,
        asks: sentence.asks && next === undefined && !(index > 0 && GIVES_REASON.test(text.slice(offset))),
        sentence: number,
      });
      return clause === null ? [] : [clause];
    });
  });
}
