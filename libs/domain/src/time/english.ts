import { addDays, addMonths, isCivilDate, mondayOf, weekdayOf, type CivilDate } from './civil.ts';
import { isRecurring, sentenceAround } from './direction.ts';
import { HOLIDAYS } from './holidays.ts';
import {
  daySpan,
  monthsSpan,
  seasonSpan,
  weekendSpan,
  weekSpan,
  yearly,
  yearlyNamed,
  yearSpan,
  type Direction,
  type ReadingContext,
  type Season,
  type Span,
  type SpanRule,
} from './span.ts';

type Which = 'last' | 'this' | 'next';

const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const MONTHS = `${MONTH_NAMES.join('|')}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec`;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const YEAR = '(?:19|20)\\d\\d';
const WHICH = 'last|past|previous|this|current|next|coming|upcoming';

const monthNumber = (name: string): number => MONTH_NAMES.findIndex((month) => month.startsWith(name.toLowerCase().slice(0, 3))) + 1;

const whichOf = (word: string): Which => (/last|past|previous/iu.test(word) ? 'last' : /next|coming/iu.test(word) ? 'next' : 'this');

const seasonOf = (word: string): Season => {
  const lower = word.toLowerCase();
  return lower === 'fall' ? 'autumn' : (lower as Season);
};

const recurringAt = (context: ReadingContext, offset: number): boolean => isRecurring(sentenceAround(context.text, offset));

/** "last week", "next month", "this weekend". */
function period(unit: string, which: Which, today: CivilDate): Span {
  const step = which === 'last' ? -1 : which === 'next' ? 1 : 0;
  if (unit === 'week') return weekSpan(addDays(today, step * 7));
  if (unit === 'weekend') return weekendSpan(addDays(today, step * 7));
  if (unit === 'year') return yearSpan(today.year + step);
  const month = addMonths({ ...today, day: 1 }, step);
  return monthsSpan(month.year, month.month);
}

/** "on Friday" by the way the sentence looks; "last Friday" is the newest past one, "next Friday" that of next week. */
function weekday(name: string, which: Which | null, direction: Direction, today: CivilDate): Span {
  const wanted = WEEKDAYS.indexOf(name.toLowerCase()) + 1;
  const ahead = (wanted - weekdayOf(today) + 7) % 7;
  if (which === 'next') return daySpan(addDays(mondayOf(today), 7 + wanted - 1));
  if (which === 'this') return daySpan(addDays(mondayOf(today), wanted - 1));
  if (which === 'last' || direction === 'past') return daySpan(addDays(today, ahead === 0 ? -7 : ahead - 7));
  return daySpan(addDays(today, ahead));
}

function dayOfMonth(day: number, direction: Direction, today: CivilDate): Span | null {
  const inMonth = { ...today, day };
  const step = direction === 'past' ? (day > today.day ? -1 : 0) : day < today.day ? 1 : 0;
  const moved = { ...addMonths({ ...inMonth, day: 1 }, step), day };
  return isCivilDate(moved) ? daySpan(moved) : null;
}

function readSeason(match: RegExpExecArray, context: ReadingContext): Span | null {
  const { which, season = '', year } = match.groups ?? {};
  const spanOf = (of: number): Span => seasonSpan(of, seasonOf(season), true);
  if (year !== undefined) return seasonSpan(Number(year), seasonOf(season), false);
  if (which !== undefined) return yearlyNamed(context.today, whichOf(which), spanOf);
  const direction = context.directionAt(match.index);
  if (direction === 'none' || recurringAt(context, match.index)) return null;
  return yearly(context.today, direction, spanOf);
}

const holidayRules: readonly SpanRule[] = HOLIDAYS.map(({ english, spanOf }) => ({
  pattern: new RegExp(
    `\\b(?:(?<which>${WHICH}) )?(?:${english})\\b(?:,? (?:of |in )?(?<year>${YEAR}))?(?: (?<yearStep>last|this|next) year)?`,
    'giu',
  ),
  read: (match, context) => {
    const { which, year, yearStep } = match.groups ?? {};
    if (year !== undefined) return spanOf(Number(year));
    if (yearStep !== undefined) return spanOf(context.today.year + { last: -1, this: 0, next: 1 }[whichOf(yearStep)]);
    if (which !== undefined) return yearlyNamed(context.today, whichOf(which), spanOf);
    return recurringAt(context, match.index) ? null : yearly(context.today, context.directionAt(match.index), spanOf);
  },
}));

function readMonth(match: RegExpExecArray, context: ReadingContext): Span | null {
  const { which, month = '', year, yearStep } = match.groups ?? {};
  const number = monthNumber(month);
  const spanOf = (of: number): Span => monthsSpan(of, number);
  if (year !== undefined) return monthsSpan(Number(year), number, 1, { relative: false });
  if (yearStep !== undefined) return spanOf(context.today.year + { last: -1, this: 0, next: 1 }[whichOf(yearStep)]);
  if (which !== undefined) return yearlyNamed(context.today, whichOf(which), spanOf);
  return recurringAt(context, match.index) ? null : yearly(context.today, context.directionAt(match.index), spanOf);
}

/** Expressions that a general date parser reads wrongly or not at all: periods, seasons, holidays, months, weekdays, years. */
export const ENGLISH_RULES: readonly SpanRule[] = [
  ...holidayRules,
  {
    pattern: new RegExp(`\\b(?<which>${WHICH}) (?<unit>week|month|year|weekend)\\b(?! of\\b)`, 'giu'),
    read: (match, context) => {
      const { which = '', unit = '' } = match.groups ?? {};
      const rolling = /\b(?:the|this) past$/iu.test(context.text.slice(0, match.index + which.length).slice(-9));
      const read = period(unit.toLowerCase(), whichOf(which), context.today);
      return rolling ? { ...read, vague: true } : read;
    },
  },
  {
    pattern: /\b(?:over|at|on) the weekend\b/giu,
    read: (match, context) => {
      const direction = context.directionAt(match.index);
      if (direction === 'none' || recurringAt(context, match.index)) return null;
      const over = direction === 'past' && weekdayOf(context.today) < 6;
      return weekendSpan(over ? addDays(context.today, -7) : context.today);
    },
  },
  {
    pattern: new RegExp(`\\b(?:(?<which>last|this|next) )(?<season>spring|summer|autumn|fall|winter)\\b`, 'giu'),
    read: readSeason,
  },
  {
    pattern: new RegExp(`\\b(?<season>spring|summer|autumn|fall|winter)(?: of)? (?<year>${YEAR})\\b`, 'giu'),
    read: readSeason,
  },
  {
    pattern:
      /\b(?:in|during|over|for|by|until) (?:the )?(?<season>spring|summer|autumn|fall|winter)\b(?! (?:sports|olympics|clothes|camp|school))/giu,
    read: readSeason,
  },
  {
    pattern: new RegExp(
      `\\b(?:(?:early|late|mid) |mid-)?(?<!\\d(?:st|nd|rd|th)?(?: of)? )(?<month>${MONTHS})\\.?,?(?: of)? (?<year>${YEAR})\\b`,
      'giu',
    ),
    read: readMonth,
  },
  {
    pattern: new RegExp(
      `\\b(?:(?<which>last|this|next|coming)|in|since|until|till|by|during|early|late|mid|around) (?:early |late |mid-?)?(?<month>${MONTHS})\\b(?!\\.? \\d)(?: (?<yearStep>last|this|next) year)?`,
      'giu',
    ),
    read: readMonth,
  },
  {
    pattern: new RegExp(`\\b(?:(?<which>last|this|next|coming) )?(?<day>${WEEKDAYS.join('|')})\\b(?!,? (?:${MONTHS})\\b)`, 'giu'),
    read: (match, context) => {
      if (recurringAt(context, match.index)) return null;
      const { which, day = '' } = match.groups ?? {};
      return weekday(day, which === undefined ? null : whichOf(which), context.directionAt(match.index), context.today);
    },
  },
  {
    pattern: /\bthis (?:morning|afternoon|evening)\b/giu,
    read: (_match, { today }) => daySpan(today),
  },
  {
    pattern: new RegExp(
      `\\b(?:in|since|during|until|from|around|by|before|after) (?<year>${YEAR})\\b(?![-/:.]\\d|,\\d| (?:words|dollars|euros|people|steps|calories|characters|pages|km)\\b)`,
      'giu',
    ),
    read: (match) => yearSpan(Number(match.groups?.['year']), { relative: false }),
  },
  {
    pattern: /\bon the (?<day>\d{1,2})(?:st|nd|rd|th)\b(?! (?:of|floor|day|time|try|page))/giu,
    read: (match, context) =>
      recurringAt(context, match.index) ? null : dayOfMonth(Number(match.groups?.['day']), context.directionAt(match.index), context.today),
  },
];

const CLOCK = /^,? at (?<hour>\d{1,2})(?::(?<minute>[0-5]\d))?(?: ?(?<half>[ap])\.?m\b)?/iu;

/** A clock time that follows a day ("next Friday at 5pm"): how many characters it takes, and its minute of the day. */
export function readEnglishClock(rest: string): { readonly length: number; readonly minuteOfDay: number } | null {
  const match = CLOCK.exec(rest);
  const hour = Number(match?.groups?.['hour']);
  if (match === null || hour > 23 || (match.groups?.['half'] === undefined && match.groups?.['minute'] === undefined)) return null;
  const later = match.groups['half']?.toLowerCase() === 'p' && hour < 12 ? 12 : 0;
  return { length: match[0].length, minuteOfDay: (hour + later) * 60 + Number(match.groups['minute'] ?? 0) };
}
