import { readTimeExpressions } from '../time/index.ts';

/** The clock is of no use here: only where an expression stands matters. */
const ANY_TIME = 0;
/** How far in a leading time may begin ("On 12 March", "Back in 2019"). */
const LEAD = /^(?:(?:so|just|back|early|late|on|in|at|since|around) ){0,3}/iu;

/** The clause without a time that leads into it ("Last week we moved"), for the patterns that begin at the subject. */
export function withoutLeadingTime(text: string): string {
  const [first, second] = readTimeExpressions(text.slice(0, 60), ANY_TIME, 'UTC');
  if (first === undefined || first.start > Math.max(8, LEAD.exec(text)?.[0].length ?? 0)) return text;
  const follows = second !== undefined && text.slice(first.end, second.start).trim() === '';
  const rest = text.slice(follows ? second.end : first.end).replace(/^[,，\s]+/u, '');
  return /^(?:I|we|my|our)\b|^(?:我|咱)/iu.test(rest) ? rest : text;
}
