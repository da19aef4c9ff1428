import { addDays, addMonths, isCivilDate, mondayOf, weekdayOf, type CivilDate } from './civil.ts';
import { CHINESE_NUMBER, readChineseNumber } from './chinese-numerals.ts';
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
  type ReadingContext,
  type Season,
  type Span,
  type SpanRule,
} from './span.ts';

const YEAR = '(?:(?<year>(?:19|20)\\d\\d年|[〇零一二三四五六七八九]{4}年|大前年|前年|去年|今年|明年|后年)的?)';
const MONTH = '(?<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?';
const DAY = '(?<day>[12]\\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])';
const WHICH = '(?<which>上上|上|这|本|下下|下)';
const YEAR_STEPS: Readonly<Record<string, number>> = { 大前年: -3, 前年: -2, 去年: -1, 今年: 0, 明年: 1, 后年: 2 };
const DAY_STEPS: Readonly<Record<string, number>> = {
  大前: -3,
  前: -2,
  昨: -1,
  今: 0,
  明: 1,
  后: 2,
  大后: 3,
};
const STEPS: Readonly<Record<string, number>> = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 };
const WEEKDAYS = '一二三四五六日';
const SEASONS: Readonly<Record<string, Season>> = { 春: 'spring', 夏: 'summer', 秋: 'autumn', 冬: 'winter' };

interface SaidYear {
  readonly year: number;
  readonly relative: boolean;
}

function yearOf(said: string | undefined, today: CivilDate): SaidYear | null {
  if (said === undefined) return null;
  const step = YEAR_STEPS[said];
  if (step !== undefined) return { year: today.year + step, relative: true };
  const year = readChineseNumber(said.replace('年', ''));
  return year === null || year < 1900 || year > 2100 ? null : { year, relative: false };
}

const recurringAt = (context: ReadingContext, offset: number): boolean => isRecurring(sentenceAround(context.text, offset));

/** A yearly time by the year that was said, or by the way the sentence looks. */
function byYear(match: RegExpExecArray, context: ReadingContext, spanOf: (year: number, relative: boolean) => Span): Span | null {
  const { year, which } = match.groups ?? {};
  const said = yearOf(year, context.today);
  if (said !== null) return spanOf(said.year, said.relative);
  const relativeSpanOf = (of: number): Span => spanOf(of, true);
  if (which !== undefined)
    return yearlyNamed(context.today, which.startsWith('上') ? 'last' : which.startsWith('下') ? 'next' : 'this', relativeSpanOf);
  return recurringAt(context, match.index) ? null : yearly(context.today, context.directionAt(match.index), relativeSpanOf);
}

function readMonthDay(match: RegExpExecArray, context: ReadingContext): Span | null {
  const month = readChineseNumber(match.groups?.['month'] ?? '');
  const day = match.groups?.['day'] === undefined ? null : readChineseNumber(match.groups['day']);
  if (month === null || month < 1 || month > 12 || day === 0) return null;
  const read = byYear(match, context, (year, relative) => {
    if (day === null) return monthsSpan(year, month, 1, { relative });
    return daySpan({ year, month, day }, { relative });
  });
  return read !== null && isCivilDate(read.from) ? read : null;
}

function readWeek(match: RegExpExecArray, { today }: ReadingContext): Span {
  const { which = '', day, weekend } = match.groups ?? {};
  const inWeek = addDays(mondayOf(today), 7 * (STEPS[which] ?? 0));
  if (weekend !== undefined) return weekendSpan(inWeek);
  if (day === undefined) return weekSpan(inWeek);
  return daySpan(addDays(inWeek, WEEKDAYS.indexOf(day === '天' ? '日' : day)));
}

function readWeekday(match: RegExpExecArray, context: ReadingContext): Span | null {
  if (recurringAt(context, match.index)) return null;
  const { day = '' } = match.groups ?? {};
  const direction = context.directionAt(match.index);
  if (day === '末')
    return direction === 'none'
      ? null
      : weekendSpan(direction === 'past' && weekdayOf(context.today) < 6 ? addDays(context.today, -7) : context.today);
  const ahead = (WEEKDAYS.indexOf(day === '天' ? '日' : day) + 1 - weekdayOf(context.today) + 7) % 7;
  return daySpan(addDays(context.today, direction === 'past' ? (ahead === 0 ? -7 : ahead - 7) : ahead));
}

function readMonthStep(match: RegExpExecArray, { today }: ReadingContext): Span | null {
  const { which = '', day } = match.groups ?? {};
  const month = addMonths({ ...today, day: 1 }, STEPS[which] ?? 0);
  if (day === undefined) return monthsSpan(month.year, month.month);
  const date = { ...month, day: readChineseNumber(day) ?? 0 };
  return isCivilDate(date) ? daySpan(date) : null;
}

function readDistance(match: RegExpExecArray, { today }: ReadingContext): Span | null {
  const { count = '', unit = '', side = '' } = match.groups ?? {};
  const number = count === '半' ? 0.5 : count.startsWith('几') ? 3 : readChineseNumber(count);
  if (number === null || number > 500) return null;
  const vague = count.startsWith('几');
  const step = side.includes('前') ? -number : number;
  if (unit === '天') return daySpan(addDays(today, step), { vague });
  if (/周|星期|礼拜/u.test(unit)) return weekSpan(addDays(today, step * 7), { vague: true });
  if (unit.includes('月') || number === 0.5) {
    const month = addMonths({ ...today, day: 1 }, unit === '年' ? step * 12 : step);
    return monthsSpan(month.year, month.month, 1, { vague: true });
  }
  return yearSpan(today.year + step, { vague: true });
}

const holidayRules: readonly SpanRule[] = HOLIDAYS.map(({ chinese, spanOf }) => ({
  pattern: new RegExp(`${YEAR}?(?:(?<which>上|这|本|下)个?)?(?:${chinese})`, 'gu'),
  read: (match, context) => byYear(match, context, (year, relative) => ({ ...spanOf(year), relative })),
}));

/** Chinese expressions of time, the longer forms first. */
export const CHINESE_RULES: readonly SpanRule[] = [
  ...holidayRules,
  { pattern: new RegExp(`(?<![每个\\d一二三四五六七八九十])${YEAR}?${MONTH}(?:${DAY}[日号])?`, 'gu'), read: readMonthDay },
  {
    pattern: new RegExp(`(?:${YEAR}|(?<which>上|这|本|下)个?)?(?<season>[春夏秋冬])(?:天|季|日)`, 'gu'),
    read: (match, context) => {
      const { year, which, season = '' } = match.groups ?? {};
      if (year === undefined && which === undefined && context.directionAt(match.index) === 'none') return null;
      return byYear(match, context, (of, relative) => seasonSpan(of, SEASONS[season] ?? 'spring', relative));
    },
  },
  {
    pattern: new RegExp(`(?<!以)${WHICH}(?:个)?(?:周|星期|礼拜)(?:(?<day>[一二三四五六日天])|(?<weekend>末))?`, 'gu'),
    read: readWeek,
  },
  { pattern: /(?<![上下这本每个一二两三四五六七八九十几\d])(?:周|星期|礼拜)(?<day>[一二三四五六日天末])(?!年|岁)/gu, read: readWeekday },
  { pattern: new RegExp(`${WHICH}个?月(?:${DAY}[日号])?(?!份?(?:饼|亮|光))`, 'gu'), read: readMonthStep },
  {
    pattern: new RegExp(
      `(?<count>${CHINESE_NUMBER}|半|几十?)(?<unit>天|个?(?:周|星期|礼拜)|个?月|年)(?:多)?(?<side>之前|之后|以前|以后|前|后)(?!途)`,
      'gu',
    ),
    read: readDistance,
  },
  {
    pattern: new RegExp(`${YEAR}(?<end>年?[初底末])?`, 'gu'),
    read: (match, { today }) => {
      const said = yearOf(match.groups?.['year'], today);
      if (said === null) return null;
      const end = match.groups?.['end'];
      if (end === undefined) return yearSpan(said.year, { relative: said.relative });
      return monthsSpan(said.year, end.endsWith('初') ? 1 : 12, 1, { vague: true, relative: said.relative });
    },
  },
  {
    pattern: /(?<step>大前|大后|前|昨|今|明|后)(?:天|日(?!本)|(?=[早晚]))(?:早上|晚上|[早晚](?!会|餐|饭))?/gu,
    read: (match, { today }) => daySpan(addDays(today, DAY_STEPS[match.groups?.['step'] ?? ''] ?? 0)),
  },
  {
    pattern: /(?<![月\d])(?<day>[12]\d|3[01]|[1-9])号(?!线|楼|店|房|门|床|桌|院|馆|厅|台|车|码)/gu,
    read: (match, context) => {
      const direction = context.directionAt(match.index);
      if (direction === 'none' || recurringAt(context, match.index)) return null;
      const day = Number(match.groups?.['day']);
      const step = direction === 'past' ? (day > context.today.day ? -1 : 0) : day < context.today.day ? 1 : 0;
      const date = { ...addMonths({ ...context.today, day: 1 }, step), day };
      return isCivilDate(date) ? daySpan(date) : null;
    },
  },
  {
    pattern: /(?<!\d)(?<year>(?:19|20)\d\d)[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)/gu,
    read: (match) => {
      const date = { year: Number(match.groups?.['year']), month: Number(match.groups?.['month']), day: Number(match.groups?.['day']) };
      return isCivilDate(date) ? daySpan(date, { relative: false }) : null;
    },
  },
];

const CLOCK = new RegExp(
  `^的?(?<half>凌晨|早上|上午|中午|下午|傍晚|晚上)?(?<hour>${CHINESE_NUMBER})[点时](?:(?<thirty>半)|(?<minute>${CHINESE_NUMBER})分?)?`,
  'u',
);

/** A clock time that follows a day ("明天下午三点"): how many characters it takes, and its minute of the day. */
export function readChineseClock(rest: string): { readonly length: number; readonly minuteOfDay: number } | null {
  const match = CLOCK.exec(rest);
  const hour = readChineseNumber(match?.groups?.['hour'] ?? '');
  if (match === null || hour === null || hour > 24) return null;
  const { half, thirty, minute } = match.groups ?? {};
  const later = hour < 12 && half !== undefined && /下午|傍晚|晚上/u.test(half) ? 12 : 0;
  const minutes = thirty !== undefined ? 30 : minute === undefined ? 0 : (readChineseNumber(minute) ?? 0);
  return { length: match[0].length, minuteOfDay: ((hour + later) % 24) * 60 + Math.min(minutes, 59) };
}
