import { addDays, addMonths, dayNumber, mondayOf, type CivilDate } from './civil.ts';

export type TimeGrain = 'minute' | 'day' | 'week' | 'month' | 'season' | 'year';
export type Season = 'spring' | 'summer' | 'autumn' | 'winter';
/** Which way the sentence looks when a name of a time ("in March") does not say it itself. */
export type Direction = 'past' | 'future' | 'none';

/** A stretch of days in a calendar; `to` is exclusive. */
export interface Span {
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly grain: TimeGrain;
  /** True when the words leave the exact stretch open ("about two weeks ago", a season, a holiday without its year). */
  readonly vague: boolean;
  /** True when the words alone do not tell the date. */
  readonly relative: boolean;
  /** Minute of the day `from`, where a clock time was said. */
  readonly minuteOfDay: number | null;
  readonly season: Season | null;
}

interface SpanTraits {
  readonly vague?: boolean;
  readonly relative?: boolean;
}

const span = (from: CivilDate, to: CivilDate, grain: TimeGrain, traits: SpanTraits = {}): Span => ({
  from,
  to,
  grain,
  vague: traits.vague ?? false,
  relative: traits.relative ?? true,
  minuteOfDay: null,
  season: null,
});

export const daySpan = (day: CivilDate, traits?: SpanTraits): Span => span(day, addDays(day, 1), 'day', traits);
export const daysSpan = (from: CivilDate, to: CivilDate, traits?: SpanTraits): Span => span(from, to, 'day', traits);
export const weekSpan = (day: CivilDate, traits?: SpanTraits): Span => span(mondayOf(day), addDays(mondayOf(day), 7), 'week', traits);
export const weekendSpan = (day: CivilDate, traits?: SpanTraits): Span =>
  span(addDays(mondayOf(day), 5), addDays(mondayOf(day), 7), 'day', traits);
export const yearSpan = (year: number, traits?: SpanTraits): Span =>
  span({ year, month: 1, day: 1 }, { year: year + 1, month: 1, day: 1 }, 'year', traits);

/** Whole months, one or several. */
export const monthsSpan = (year: number, month: number, count = 1, traits?: SpanTraits): Span => {
  const first = { year, month, day: 1 };
  return span(first, addMonths(first, count), 'month', traits);
};

const SEASON_START: Readonly<Record<Season, number>> = { spring: 3, summer: 6, autumn: 9, winter: 12 };

/** Three whole months, as the northern half of the world counts them; a winter carries the year in which it begins. */
export const seasonSpan = (year: number, season: Season, relative: boolean): Span => ({
  ...monthsSpan(year, SEASON_START[season], 3, { vague: true, relative }),
  grain: 'season',
  season,
});

/** The one of a yearly series that the sentence looks at: the newest begun, or the first that is not over. */
export function yearly(today: CivilDate, direction: Direction, spanOf: (year: number) => Span): Span {
  const now = dayNumber(today);
  const candidates = [-2, -1, 0, 1, 2].map((step) => spanOf(today.year + step));
  const found =
    direction === 'past'
      ? candidates.findLast((candidate) => dayNumber(candidate.from) <= now)
      : candidates.find((candidate) => dayNumber(candidate.to) > now);
  return found ?? spanOf(today.year);
}

/** "last", "this" or "next" of a yearly series. */
export function yearlyNamed(today: CivilDate, which: 'last' | 'this' | 'next', spanOf: (year: number) => Span): Span {
  const now = dayNumber(today);
  const candidates = [-2, -1, 0, 1, 2].map((step) => spanOf(today.year + step));
  if (which === 'last') return candidates.findLast((candidate) => dayNumber(candidate.to) <= now) ?? spanOf(today.year - 1);
  if (which === 'next') return candidates.find((candidate) => dayNumber(candidate.from) > now) ?? spanOf(today.year + 1);
  return candidates.find((candidate) => dayNumber(candidate.from) <= now && dayNumber(candidate.to) > now) ?? spanOf(today.year);
}

/** What a rule knows when it reads an expression. */
export interface ReadingContext {
  readonly text: string;
  readonly today: CivilDate;
  readonly timeZone: string;
  readonly referenceMs: number;
  /** Which way the sentence around an offset looks. */
  readonly directionAt: (offset: number) => Direction;
}

export interface SpanRule {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, context: ReadingContext) => Span | null;
}

export interface FoundSpan {
  readonly start: number;
  readonly end: number;
  readonly span: Span;
}

/** Runs the rules in order; an earlier rule's finding keeps its place in the text. */
export function findSpans(rules: readonly SpanRule[], context: ReadingContext): FoundSpan[] {
  const found: FoundSpan[] = [];
  for (const rule of rules) {
    for (const match of context.text.matchAll(rule.pattern)) {
      const start = match.index;
      const end = start + match[0].trimEnd().length;
      if (overlapsAny(found, start, end)) continue;
      const read = rule.read(match, context);
      if (read !== null) found.push({ start, end, span: read });
    }
  }
  return found;
}

export const overlapsAny = (found: readonly FoundSpan[], start: number, end: number): boolean =>
  found.some((other) => start < other.end && end > other.start);
