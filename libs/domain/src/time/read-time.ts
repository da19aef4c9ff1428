import type { TimeRange } from '../memory.ts';
import { simplifiedHan } from '../text/fold.ts';
import { CHINESE_RULES, readChineseClock } from './chinese.ts';
import { civilDateAt, instantOf } from './civil.ts';
import { directionOf, sentenceAround } from './direction.ts';
import { findEnglishDates } from './english-dates.ts';
import { ENGLISH_RULES, readEnglishClock } from './english.ts';
import { findSpans, overlapsAny, type Direction, type FoundSpan, type ReadingContext, type Span, type TimeGrain } from './span.ts';

/** An expression of time in a text, with the stretch it means. */
export interface TimeExpression {
  /** Offsets in the text, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly range: TimeRange;
  readonly grain: TimeGrain;
  /** True when the words leave the exact stretch open. */
  readonly vague: boolean;
  /** True when the words alone do not tell the date ("last week", "June 5th" without its year). */
  readonly relative: boolean;
}

export interface SpannedExpression extends TimeExpression {
  readonly span: Span;
}

const HAN = /\p{Script=Han}/u;
const LATIN_OR_DIGIT = /[A-Za-z\d]/u;
const MINUTE_MS = 60_000;
/** What is read of a text. Nobody names a date beyond it, and the readers' work grows with the length. */
const LONGEST_TEXT = 2_000;

function withClock(found: FoundSpan, text: string): FoundSpan {
  if (found.span.grain !== 'day') return found;
  const clock = readChineseClock(text.slice(found.end)) ?? readEnglishClock(text.slice(found.end));
  if (clock === null) return found;
  return { ...found, end: found.end + clock.length, span: { ...found.span, grain: 'minute', minuteOfDay: clock.minuteOfDay } };
}

function rangeOf(span: Span, timeZone: string): TimeRange {
  const from = instantOf(span.from, timeZone, span.minuteOfDay ?? 0);
  return { from, to: span.minuteOfDay === null ? instantOf(span.to, timeZone) : from + MINUTE_MS };
}

/** As `readTimeExpressions`, with the calendar stretch beside the instants, and a direction for texts that look none. */
export function readSpannedExpressions(
  written: string,
  referenceMs: number,
  timeZone: string,
  whenUnsaid: Direction = 'none',
): readonly SpannedExpression[] {
  const text = simplifiedHan(written.slice(0, LONGEST_TEXT));
  const directions = new Map<string, Direction>();
  const context: ReadingContext = {
    text,
    referenceMs,
    timeZone,
    today: civilDateAt(referenceMs, timeZone),
    directionAt: (offset) => {
      const sentence = sentenceAround(text, offset);
      const direction = directions.get(sentence) ?? directionOf(sentence);
      directions.set(sentence, direction);
      return direction === 'none' ? whenUnsaid : direction;
    },
  };
  const chinese = HAN.test(text) ? findSpans(CHINESE_RULES, context).map((found) => withClock(found, text)) : [];
  const english: FoundSpan[] = [];
  if (LATIN_OR_DIGIT.test(text)) {
    const own = findSpans(ENGLISH_RULES, context)
      .filter((found) => !overlapsAny(chinese, found.start, found.end))
      .map((found) => withClock(found, text));
    english.push(...own, ...findEnglishDates(context, [...chinese, ...own]));
  }
  return [...chinese, ...english]
    .sort((one, other) => one.start - other.start)
    .map(({ start, end, span }) => ({
      start,
      end,
      span,
      range: rangeOf(span, timeZone),
      grain: span.grain,
      vague: span.vague,
      relative: span.relative,
    }));
}

/**
 * Finds the expressions of time in an English, Chinese or mixed text, in the order of the text, not overlapping.
 * Relative ones are counted from `referenceMs` in the IANA zone `timeZone`; weeks begin on Monday. What returns ("every
 * summer") and mere lengths ("for three years") are left out.
 */
export const readTimeExpressions = (text: string, referenceMs: number, timeZone: string): readonly TimeExpression[] =>
  readSpannedExpressions(text, referenceMs, timeZone).map(({ span: _span, ...expression }) => expression);
