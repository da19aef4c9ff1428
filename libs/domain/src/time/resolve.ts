import { addDays, dayNumber, isoClock, isoDay, type CivilDate } from './civil.ts';
import { readSpannedExpressions } from './read-time.ts';
import type { Season, Span } from './span.ts';

const HAN = /\p{Script=Han}/u;
const ALREADY_DATED = /^\s*[(（][^)）]*\d{4}/u;
const DATED_BRACKET = /[(（][^()（）]*\d{4}[^()（）]*[)）]/gu;
const ENGLISH_MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const CHINESE_SEASONS: Readonly<Record<Season, string>> = { spring: '春天', summer: '夏天', autumn: '秋天', winter: '冬天' };

const lastDay = (span: Span): CivilDate => addDays(span.to, -1);
const monthName = (date: CivilDate): string => ENGLISH_MONTHS[date.month - 1] ?? '';

function englishDate(span: Span): string {
  const { from } = span;
  const last = lastDay(span);
  if (span.season !== null) return `${span.season} ${from.year}`;
  if (span.minuteOfDay !== null) return `${isoDay(from)} ${isoClock(span.minuteOfDay)}`;
  if (span.grain === 'week') return `week of ${isoDay(from)}`;
  if (span.grain === 'year') return String(from.year);
  if (span.grain === 'month')
    return from.month === last.month ? `${monthName(from)} ${from.year}` : `${monthName(from)} to ${monthName(last)} ${last.year}`;
  return dayNumber(from) === dayNumber(last) ? isoDay(from) : `${isoDay(from)} to ${isoDay(last)}`;
}

function chineseDate(span: Span): string {
  const { from } = span;
  const last = lastDay(span);
  if (span.season !== null) return `${from.year}年${CHINESE_SEASONS[span.season]}`;
  if (span.minuteOfDay !== null) return `${isoDay(from)} ${isoClock(span.minuteOfDay)}`;
  if (span.grain === 'week') return `${isoDay(from)}起的一周`;
  if (span.grain === 'year') return `${from.year}年`;
  if (span.grain === 'month')
    return from.month === last.month ? `${from.year}年${from.month}月` : `${from.year}年${from.month}月至${last.month}月`;
  return dayNumber(from) === dayNumber(last) ? isoDay(from) : `${isoDay(from)}至${isoDay(last)}`;
}

/**
 * Puts the date meant beside every relative expression, in brackets and in the expression's language; the words themselves
 * stay as they are. Doing it twice changes nothing more.
 */
export function resolveRelativeDates(text: string, referenceMs: number, timeZone: string): string {
  let resolved = '';
  let done = 0;
  const dated = [...text.matchAll(DATED_BRACKET)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
  for (const { start, end, span, relative } of readSpannedExpressions(text, referenceMs, timeZone)) {
    if (dated.some(({ from, to }) => start >= from && end <= to)) continue;
    resolved += text.slice(done, end);
    done = end;
    if (!relative || ALREADY_DATED.test(text.slice(end))) continue;
    resolved += HAN.test(text.slice(start, end)) ? `（${chineseDate(span)}）` : ` (${englishDate(span)})`;
  }
  return resolved + text.slice(done);
}
