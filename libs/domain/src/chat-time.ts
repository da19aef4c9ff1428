import { instantOf, isCivilDate } from './time/civil.ts';
import { readTimeExpressions } from './time/read-time.ts';

const MINUTE_MS = 60_000;

/** Numbers below mean no time at all: a bare year, a counter, an unset field. In epoch seconds, March 1973. */
const FIRST_SECONDS = 100_000_000;

/** Numbers below are epoch seconds: as milliseconds they would mean the first months of 1970. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** Times after this are typing errors: the year 3000. */
const LATEST_MS = 32_503_680_000_000;

const WRITTEN =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:[T\s]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/iu;
/** Begins like a date a program wrote; when it is not one, words in it are not to be guessed at. */
const LIKE_WRITTEN = /^\d{4}[-/.]\d/u;
const EPOCH = /^\d{1,14}(?:\.\d+)?$/u;

/**
 * A time as programs write it: `YYYY-MM-DD`, with a clock down to milliseconds, ISO 8601 with or without a zone, epoch seconds or
 * milliseconds as number or text. Without a zone it is read in `timeZone` (IANA). Epoch milliseconds; null: not such a time.
 */
export function parseWrittenTime(value: string | number, timeZone: string): number | null {
  if (typeof value === 'number') return epochTime(value);
  const text = value.trim();
  if (EPOCH.test(text)) return epochTime(Number(text));
  const match = WRITTEN.exec(text);
  return match === null ? null : calendarTime(match, timeZone);
}

/**
 * When a message was said, as a caller gives it: like {@link parseWrittenTime}, or in words, English or Chinese ("yesterday at 3pm",
 * "昨天下午三点"), counted from `now`. Of a stretch of time, its beginning. Null: neither.
 */
export function parseChatTime(value: string | number, now: number, timeZone: string): number | null {
  const written = parseWrittenTime(value, timeZone);
  if (written !== null || typeof value === 'number') return written;
  const text = value.trim();
  if (/^(?:just\s+)?now$|^right now$|^(?:现在|現在|刚刚|剛剛|刚才|剛才)$/iu.test(text)) return now;
  if (LIKE_WRITTEN.test(text) || EPOCH.test(text)) return null;
  const [expression] = readTimeExpressions(text, now, timeZone);
  return expression === undefined || !Number.isFinite(expression.range.from) ? null : expression.range.from;
}

function epochTime(value: number): number | null {
  if (!Number.isFinite(value) || value < FIRST_SECONDS) return null;
  const milliseconds = Math.round(value < FIRST_MILLISECONDS ? value * 1_000 : value);
  return milliseconds <= LATEST_MS ? milliseconds : null;
}

function calendarTime(match: RegExpExecArray, timeZone: string): number | null {
  const number = (group: number): number => Number(match[group] ?? 0);
  const date = { year: number(1), month: number(3), day: number(4) };
  const [hour, minute, second] = [number(5), number(6), number(7)];
  if (date.year < 1900 || !isCivilDate(date) || hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0))
    return null;
  const fraction = Math.floor(Number(`0.${match[8] ?? '0'}`) * 1_000);
  const minuteOfDay = hour * 60 + minute;
  const zone = match[9];
  const start =
    zone === undefined
      ? instantOf(date, timeZone, minuteOfDay)
      : Date.UTC(date.year, date.month - 1, date.day) + (minuteOfDay - zoneMinutes(zone)) * MINUTE_MS;
  const time = start + second * 1_000 + fraction;
  return time <= LATEST_MS ? time : null;
}

/** `+08:00`, `+0800`, `+08` and `Z` in minutes ahead of UTC. */
function zoneMinutes(zone: string): number {
  if (/^[a-z]/iu.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}
