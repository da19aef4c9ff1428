import { casual, type ParsedResult } from 'chrono-node/en';
import { isRecurring, sentenceAround } from './direction.ts';
import { addDays, isCivilDate, offsetMinutes, type CivilDate } from './civil.ts';
import {
  daySpan,
  daysSpan,
  monthsSpan,
  overlapsAny,
  weekSpan,
  yearly,
  yearSpan,
  type Direction,
  type FoundSpan,
  type ReadingContext,
  type Span,
} from './span.ts';

const HAS_YEAR = /\b(?:19|20)\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2}\b/u;
const RELATIVE_UNIT = /\b(?<unit>second|minute|hour|day|week|fortnight|month|year)s?\b/iu;
/** Lengths and clocks without a day: a general parser dates them, but they name no date. */
const NOT_A_DATE =
  /^(?:(?:for|within) .*(?:day|week|month|year|hour|minute|second)s?|(?:past|last|next|these|the past|the last|the next) .*(?:days|weeks|months|years|hours|minutes)|(?:right )?now|(?:at )?\d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?)$/iu;
const AMBIGUOUS_SLASHES = /\b(\d{1,2})[/.](\d{1,2})[/.]\d{2,4}\b/u;

type Components = ParsedResult['start'];

const civilOf = (components: Components): CivilDate | null => {
  const year = components.get('year');
  const month = components.get('month');
  const day = components.get('day');
  return year === null || month === null || day === null ? null : { year, month, day };
};

/** 5/6/2026 is May or June, depending on who writes; it is left alone. */
const isAmbiguous = (text: string): boolean => {
  const match = AMBIGUOUS_SLASHES.exec(text);
  return match !== null && Number(match[1]) <= 12 && Number(match[2]) <= 12 && match[1] !== match[2];
};

/** "in two hours" dates what comes; with what is over, or with neither, it tells how long something took. */
function isDuration(text: string, unit: string, direction: Direction): boolean {
  if (/\bago\b|\bback$/iu.test(text)) return false;
  if (/second|minute|hour/u.test(unit)) return !/^in\b/iu.test(text) || direction !== 'future';
  return /^in\b/iu.test(text) && direction === 'past';
}

function relativeSpan(result: ParsedResult, date: CivilDate, context: ReadingContext): Span | null {
  const unit = RELATIVE_UNIT.exec(result.text)?.groups?.['unit']?.toLowerCase();
  if (unit === undefined) return null;
  if (isDuration(result.text, unit, context.directionAt(result.index))) return null;
  const vague = /\b(?:few|couple|several|about|some)\b/iu.test(result.text);
  if (unit === 'year') return yearSpan(date.year, { vague: true });
  if (unit === 'month') return monthsSpan(date.year, date.month, 1, { vague: true });
  if (unit === 'week' || unit === 'fortnight') return weekSpan(date, { vague: true });
  return daySpan(date, { vague });
}

function withClock(span: Span, components: Components): Span {
  if (!components.isCertain('hour')) return span;
  return { ...span, grain: 'minute', minuteOfDay: (components.get('hour') ?? 0) * 60 + (components.get('minute') ?? 0) };
}

function calendarSpan(result: ParsedResult, start: CivilDate, context: ReadingContext): Span | null {
  const said = HAS_YEAR.test(result.text);
  const end = result.end === null || result.end === undefined ? null : civilOf(result.end);
  const casualDay = result.tags().has('parser/ENCasualDateParser') || !/\d/u.test(result.text);
  if (said || casualDay) {
    const traits = { relative: !said };
    return end === null ? withClock(daySpan(start, traits), result.start) : daysSpan(start, addDays(end, 1), traits);
  }
  if (isRecurring(sentenceAround(context.text, result.index))) return null;
  const spanOf = (year: number): Span => {
    const first = { ...start, year };
    return end === null ? daySpan(first) : daysSpan(first, addDays({ ...end, year: year + end.year - start.year }, 1));
  };
  const chosen = yearly(context.today, context.directionAt(result.index), spanOf);
  return isCivilDate(chosen.from) ? withClock(chosen, result.start) : null;
}

function readResult(result: ParsedResult, context: ReadingContext): Span | null {
  if (NOT_A_DATE.test(result.text.trim()) || isAmbiguous(result.text)) return null;
  const start = civilOf(result.start);
  if (start === null) return null;
  if (result.tags().has('result/relativeDate')) return relativeSpan(result, start, context);
  const { start: known } = result;
  if (!known.isCertain('day') || !known.isCertain('month')) return null;
  return calendarSpan(result, start, context);
}

/** Calendar dates, "yesterday", "three days ago" and the like, read by chrono; what the own rules found stays theirs. */
export function findEnglishDates(context: ReadingContext, taken: readonly FoundSpan[]): FoundSpan[] {
  const reference = { instant: new Date(context.referenceMs), timezone: offsetMinutes(context.referenceMs, context.timeZone) };
  const found: FoundSpan[] = [];
  for (const result of casual.parse(context.text, reference)) {
    const end = result.index + result.text.trimEnd().length;
    if (overlapsAny(taken, result.index, end)) continue;
    const span = readResult(result, context);
    if (span !== null) found.push({ start: result.index, end, span });
  }
  return found;
}
