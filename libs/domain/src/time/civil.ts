/** A day of the calendar, without a clock or a zone. Months count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Days since 1970-01-01, so that days can be added and compared. */
export const dayNumber = (date: CivilDate): number => Math.floor(Date.UTC(date.year, date.month - 1, date.day) / DAY_MS);

export const fromDayNumber = (number: number): CivilDate => {
  const date = new Date(number * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

export const addDays = (date: CivilDate, days: number): CivilDate => fromDayNumber(dayNumber(date) + days);

/** Moves by whole months; the day is cut to the length of the month arrived at. */
export const addMonths = (date: CivilDate, months: number): CivilDate => {
  const first = new Date(Date.UTC(date.year, date.month - 1 + months, 1));
  const year = first.getUTCFullYear();
  const month = first.getUTCMonth() + 1;
  return { year, month, day: Math.min(date.day, daysInMonth(year, month)) };
};

export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: CivilDate): number => ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;

export const mondayOf = (date: CivilDate): CivilDate => addDays(date, 1 - weekdayOf(date));

export const isCivilDate = (date: CivilDate): boolean =>
  date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= daysInMonth(date.year, date.month);

const two = (number: number): string => String(number).padStart(2, '0');

/** `2026-11-09`. */
export const isoDay = (date: CivilDate): string => `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`;

/** `17:05`. */
export const isoClock = (minuteOfDay: number): string => `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** The wall clock of a zone at an instant, read as if it were UTC. */
function wallClockMs(instantMs: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(instantMs)) part[type] = Number(value);
  return Date.UTC(
    part['year'] ?? 1970,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  );
}

/** How far a zone is ahead of UTC at an instant, in minutes. */
export const offsetMinutes = (instantMs: number, timeZone: string): number =>
  Math.round((wallClockMs(instantMs, timeZone) - Math.floor(instantMs / 1000) * 1000) / MINUTE_MS);

/** The day that a calendar in that zone shows at an instant. */
export const civilDateAt = (instantMs: number, timeZone: string): CivilDate =>
  fromDayNumber(Math.floor(wallClockMs(instantMs, timeZone) / DAY_MS));

/**
 * The instant at which a zone's wall clock shows that day and minute. Where the clock jumps over that minute, the first
 * instant after the jump; where it shows it twice, the first of the two.
 */
export function instantOf(date: CivilDate, timeZone: string, minuteOfDay = 0): number {
  const wall = dayNumber(date) * DAY_MS + minuteOfDay * MINUTE_MS;
  const earlier = wall - offsetMinutes(wall - DAY_MS, timeZone) * MINUTE_MS;
  if (wallClockMs(earlier, timeZone) === wall) return earlier;
  const later = wall - offsetMinutes(wall + DAY_MS, timeZone) * MINUTE_MS;
  // In the gap of a clock put forward neither shows the wall time; the reading before the jump lies after it.
  return wallClockMs(later, timeZone) === wall ? later : earlier;
}
