import { CHINESE_ASKS, CHINESE_CLAUSE_START, CHINESE_LEADING } from './chinese-words.ts';
import { ENGLISH_ASKS, ENGLISH_CLAUSE_BREAK, ENGLISH_LEADING, ENGLISH_QUESTION_BREAK } from './english-words.ts';
import { shadowOf, type Stretch } from './masking.ts';

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

function isSentenceEnd(shadow: string, index: number): boolean {
  const character = shadow.charAt(index);
  if (/[\n。！？；!?;…]/u.test(character)) return true;
  if (character !== '.') return false;
  const next = shadow.charAt(index + 1);
  if (next !== '' && !/[\s)\]]/u.test(next)) return false;
  const before = shadow.slice(Math.max(0, index - 8), index);
  if (TITLE.test(before) || LIST_NUMBER.test(shadow.slice(Math.max(0, index - 4), index))) return false;
  return !ABBREVIATION.test(before) || /^\s*$|^\s+\p{Lu}/u.test(shadow.slice(index + 1));
}

function sentencesOf(shadow: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  for (let index = 0; index <= shadow.length; index += 1) {
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

/** Where the pieces of a sentence begin, as offsets into it. */
function breaksOf(sentence: string, language: SpokenLanguage, asks: boolean): number[] {
  if (language === 'zh') {
    const breaks: number[] = [];
    for (const match of sentence.matchAll(/[，,]\s*|——/gu)) {
      const after = match.index + match[0].length;
      const rest = sentence.slice(after);
      const piece = /^[^，,]*/u.exec(rest)?.[0] ?? '';
      const last = !/[，,]/u.test(rest);
      if (CHINESE_CLAUSE_START.test(piece) || CHINESE_ASKS.test(piece) || (asks && last)) breaks.push(after);
    }
    return breaks;
  }
  const patterns = asks ? [ENGLISH_CLAUSE_BREAK, ENGLISH_QUESTION_BREAK] : [ENGLISH_CLAUSE_BREAK];
  const found = patterns.flatMap((pattern) => [...sentence.matchAll(pattern)].map((match) => match.index + match[0].length));
  return [...new Set(found)].sort((one, other) => one - other);
}

function stripLead(text: string, language: SpokenLanguage): number {
  const pattern = language === 'zh' ? CHINESE_LEADING : ENGLISH_LEADING;
  let stripped = 0;
  for (let round = 0; round < 4; round += 1) {
    const lead = pattern.exec(text.slice(stripped))?.[0] ?? '';
    if (lead === '') break;
    stripped += lead.length;
  }
  return stripped;
}

function clauseOf(content: string, shadow: string, piece: Stretch, traits: Pick<Clause, 'asks' | 'language' | 'sentence'>): Clause | null {
  const raw = shadow.slice(piece.start, piece.end);
  const indent = /^[\s,，、:：;\-*•–—"”’)]*(?:\d{1,2}[.)、]\s+)?/u.exec(raw)?.[0].length ?? 0;
  const lead = stripLead(raw.slice(indent), traits.language);
  const start = piece.start + indent + lead;
  const end = start + raw.slice(indent + lead).replace(/[\s,，、:：;~～.\-–—(（]+$/u, '').length;
  if (end <= start) return null;
  const own = shadow.slice(start, end);
  const asksItself = (traits.language === 'zh' ? CHINESE_ASKS : ENGLISH_ASKS).test(own);
  return {
    start,
    end,
    text: content.slice(start, end),
    shadow: own,
    lead: raw.slice(0, indent + lead),
    ...traits,
    asks: traits.asks || asksItself,
  };
}

/**
 * Cuts a message into clauses. Only the last clause of a sentence that ends with a question mark asks by that mark; the
 * ones before it state, unless their own form asks.
 */
export function clausesOf(content: string): readonly Clause[] {
  const shadow = shadowOf(content);
  return sentencesOf(shadow).flatMap((sentence, number) => {
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
