import { addDays, fromDayNumber, weekdayOf, dayNumber, type CivilDate } from './civil.ts';
import { daysSpan, monthsSpan, type Span } from './span.ts';

const days = (from: CivilDate, count: number): Span => daysSpan(from, addDays(from, count), { vague: true });
const fixed =
  (month: number, day: number, count = 1) =>
  (year: number): Span =>
    days({ year, month, day }, count);

const lunarFormat = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });
const lunarDays = new Map<string, CivilDate>();

/** Where the new moon falls within minutes of midnight in Beijing, the calendar of ICU is a day off. */
const CORRECTED: ReadonlyMap<string, CivilDate> = new Map([
  ['2027-1-1', { year: 2027, month: 2, day: 6 }],
  ['2030-1-1', { year: 2030, month: 2, day: 3 }],
]);

/** The day of a Chinese lunar date in a Gregorian year; `searchFrom` is a month in or before which it never falls early. */
function lunarDay(year: number, lunarMonth: number, lunarDayOfMonth: number, searchFrom: number): CivilDate {
  const key = `${year}-${lunarMonth}-${lunarDayOfMonth}`;
  const known = CORRECTED.get(key) ?? lunarDays.get(key);
  if (known !== undefined) return known;
  const first = dayNumber({ year, month: searchFrom, day: 1 });
  for (let number = first; number < first + 90; number += 1) {
    const parts = lunarFormat.formatToParts(number * 86_400_000);
    const month = parts.find((part) => part.type === 'month')?.value;
    const day = parts.find((part) => part.type === 'day')?.value;
    if (month === String(lunarMonth) && day === String(lunarDayOfMonth)) {
      const found = fromDayNumber(number);
      lunarDays.set(key, found);
      return found;
    }
  }
  return { year, month: searchFrom, day: 1 };
}

const thanksgiving = (year: number): Span => {
  const first = { year, month: 11, day: 1 };
  return days(addDays(first, ((4 - weekdayOf(first) + 7) % 7) + 21), 1);
};

const months =
  (month: number, count: number) =>
  (year: number): Span =>
    monthsSpan(year, month, count, { vague: true });

export interface Holiday {
  readonly english: string;
  readonly chinese: string;
  readonly spanOf: (year: number) => Span;
}

/** Names are alternatives of a regular expression. Days off are those usual in the country the name belongs to. */
export const HOLIDAYS: readonly Holiday[] = [
  { english: 'summer (?:vacation|holidays?|break)', chinese: '暑假|暑期', spanOf: months(7, 2) },
  { english: 'winter (?:vacation|holidays?|break)', chinese: '寒假', spanOf: months(1, 2) },
  {
    english: 'national day(?: holidays?| week)?|october holidays?|golden week',
    chinese: '国庆(?:节|长假|假期|黄金周)?|十一(?:长假|黄金周|假期)',
    spanOf: fixed(10, 1, 7),
  },
  {
    english: "(?:chinese|lunar) new year(?:['’]s(?: day)?)?|spring festival(?: holidays?)?",
    chinese: '春节(?:假期|长假|期间)?|过年',
    spanOf: (year) => days(lunarDay(year, 1, 1, 1), 7),
  },
  { english: "new year['’]s eve", chinese: '跨年夜', spanOf: fixed(12, 31) },
  { english: "new year['’]s(?: day)?", chinese: '元旦', spanOf: fixed(1, 1) },
  { english: "valentine['’]s(?: day)?", chinese: '情人节', spanOf: fixed(2, 14) },
  { english: 'labou?r day holidays?', chinese: '五一(?:劳动节|假期|长假|小长假)?|劳动节', spanOf: fixed(5, 1, 5) },
  { english: 'dragon boat festival', chinese: '端午(?:节)?', spanOf: (year) => days(lunarDay(year, 5, 5, 5), 1) },
  { english: 'mid-autumn festival', chinese: '中秋(?:节)?', spanOf: (year) => days(lunarDay(year, 8, 15, 9), 1) },
  { english: 'halloween', chinese: '万圣节', spanOf: fixed(10, 31) },
  { english: 'thanksgiving', chinese: '感恩节', spanOf: thanksgiving },
  { english: 'christmas eve', chinese: '平安夜', spanOf: fixed(12, 24) },
  { english: 'christmas(?: day| holidays?)?', chinese: '圣诞(?:节)?', spanOf: fixed(12, 25) },
];
