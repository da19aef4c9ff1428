import type { TimeRange } from '../memory.ts';
import { readSpannedExpressions } from './read-time.ts';

/** The time a query asks about. `about`: when something was said, when it happened, or either. */
export interface TimeWindow {
  readonly range: TimeRange;
  readonly about: 'said' | 'event' | 'either';
}

const SAID =
  /\b(?:sa(?:y|id)|tell|told|mention(?:ed)?|talk(?:ed)? about|discuss(?:ed)?|chat(?:ted)?|ask(?:ed)?|bring up|brought up)\b|说|聊|提到|提过|谈|告诉|问过|讲/iu;
const EVENT =
  /\b(?:do|did|doing|done|go|went|going|gone|visit(?:ed)?|travel(?:l?ed)?|happen(?:ed)?|eat|ate|buy|bought|see|saw|meet|met|watch(?:ed)?|plan(?:s|ned)?|move[ds]?|stay(?:ed)?|attend(?:ed)?|start(?:ed)?|finish(?:ed)?)\b|做|去|干|吃|买|看|玩|见|发生|住|参加|搬|计划|打算|安排/iu;
const RECENT =
  /\b(?:recently|lately|these days|(?:the )?(?:past|last) few (?<unit>days|weeks|months|years))\b|最近|近来|近期|这几天|前几天|这些天/iu;
const OPEN_END = /(?:\bsince|\bafter|\bfrom)\s*$|^(?:之后|以后|以来|过后)/iu;
const OPEN_START = /\b(?:before|until|till|prior to)\s*$|^(?:之前|以前)/iu;
const DAY_MS = 86_400_000;
const RECENT_DAYS: Readonly<Record<string, number>> = { days: 7, weeks: 30, months: 120, years: 1100 };

function aboutOf(query: string): TimeWindow['about'] {
  if (SAID.test(query)) return 'said';
  return EVENT.test(query) ? 'event' : 'either';
}

function recentRange(query: string, nowMs: number): TimeRange | null {
  const match = RECENT.exec(query);
  if (match === null) return null;
  const days = RECENT_DAYS[match.groups?.['unit']?.toLowerCase() ?? ''] ?? (/天/u.test(match[0]) ? 10 : 30);
  return { from: nowMs - days * DAY_MS, to: nowMs + 1 };
}

/**
 * Reads the time that a query names, in English or Chinese, as a window to prefer, never to filter by; null when it names none.
 * "since" and "before" open the window on one side. A time that gives no direction is looked for in the past first.
 */
export function readTimeWindow(query: string, nowMs: number, timeZone: string): TimeWindow | null {
  const expressions = readSpannedExpressions(query, nowMs, timeZone, 'past');
  const first = expressions[0];
  const last = expressions.at(-1);
  if (first === undefined || last === undefined) {
    const recent = recentRange(query, nowMs);
    return recent === null ? null : { range: recent, about: aboutOf(query) };
  }
  const before = query.slice(0, first.start);
  const matched = query.slice(first.start, last.end);
  const after = query.slice(last.end);
  let range: TimeRange = { from: Math.min(first.range.from, last.range.from), to: Math.max(first.range.to, last.range.to) };
  if (OPEN_START.test(before) || OPEN_START.test(after) || /^(?:before|until|till)\b/iu.test(matched))
    range = { from: 0, to: first.range.from };
  else if (OPEN_END.test(before) || OPEN_END.test(after) || /^(?:since|after|from)\b/iu.test(matched))
    range = { from: first.range.from, to: Math.max(nowMs + 1, last.range.to) };
  return { range, about: aboutOf(query) };
}
