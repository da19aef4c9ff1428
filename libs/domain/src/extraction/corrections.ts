import type { Message } from '../message.ts';
import { readTimeExpressions } from '../time/index.ts';
import { clausesOf, type Clause } from './clauses.ts';
import type { ShortAnswer } from './short-answers.ts';
import { isPlainStatement, statementsIn } from './statements.ts';

const ENGLISH_TAKES_BACK =
  /^(?:(?:oh|ah|oops|ugh|hm+|no|wait|hold on|sorry|actually|well)[,.!:\s–—-]+)*(?:(?:oops|wait|sorry|correction|typo|scratch that|my (?:bad|mistake)|I (?:meant|misspoke|mistyped))\b)/iu;
const CHINESE_TAKES_BACK = /^(?:啊|哦|呃|等等|抱歉|不好意思|sorry)?[，,\s]*(?:不对|错了|(?:说|写|打|弄|搞|看|记)错了|更正|口误|纠正)/iu;
/** "Chesterfield, not Sheffield", 不是三年级，是四年级 */
const CONTRASTS: readonly RegExp[] = [
  /\b(?:it(?:['’]s| is| was)|I meant|meant|that(?:['’]s| is)) (?<right>[\p{L}\p{N}][\p{L}\p{N} :'’.-]{0,40}?),? (?:and )?not (?:in |on |at |to )?(?<wrong>[\p{L}\p{N}][\p{L}\p{N} :'’-]{0,40}?)(?=[.,!;]|$)/iu,
  /\bnot (?<wrong>[\p{L}\p{N}][\p{L}\p{N} :'’-]{0,40}?),? but (?<right>[\p{L}\p{N}][\p{L}\p{N} :'’-]{0,40}?)(?=[.,!;]|$)/iu,
  /不是(?<wrong>[\p{L}\p{N}]{1,12})[，,]?\s*(?:而)?是(?<right>[\p{L}\p{N}]{1,12})/u,
  /(?<!不)是(?<right>[\p{L}\p{N}]{1,12})[，,]\s*不是(?<wrong>[\p{L}\p{N}]{1,12})/u,
];
/** A number with what it counts: 四年级, 30岁. */
const COUNTED = /(?<number>[\d一二三四五六七八九十百两]+)(?<unit>\p{Script=Han}{1,2})/gu;
const PREPOSITION = /^(?:on|in|at|by|until) /iu;
const LONGEST_CORRECTION = 120;

interface Exchange {
  readonly wrong: string;
  readonly right: string;
}

/** What stands in the statement for which words of the correction. */
function exchangeIn(statement: string, correction: string): Exchange | null {
  for (const pattern of CONTRASTS) {
    const { wrong = '', right = '' } = pattern.exec(correction)?.groups ?? {};
    const at = wrong === '' ? -1 : statement.toLowerCase().indexOf(wrong.toLowerCase());
    if (at >= 0 && right !== '') return { wrong: statement.slice(at, at + wrong.length), right };
  }
  return times(statement, correction) ?? counted(statement, correction);
}

function times(statement: string, correction: string): Exchange | null {
  const [before, ...othersBefore] = readTimeExpressions(statement, 0, 'UTC');
  const [now, ...othersNow] = readTimeExpressions(correction, 0, 'UTC');
  if (before === undefined || now === undefined || othersBefore.length > 0 || othersNow.length > 0) return null;
  const wrong = statement.slice(before.start, before.end);
  const right = correction.slice(now.start, now.end);
  const preposition = PREPOSITION.exec(wrong)?.[0] ?? '';
  return { wrong, right: PREPOSITION.test(right) ? right : `${preposition}${right}` };
}

function counted(statement: string, correction: string): Exchange | null {
  const before = [...statement.matchAll(COUNTED)];
  const fits = [...correction.matchAll(COUNTED)].flatMap((now) =>
    before
      .filter(({ groups, 0: words }) => groups?.['unit'] === now.groups?.['unit'] && words !== now[0])
      .map(({ 0: wrong }): Exchange => ({ wrong, right: now[0] })),
  );
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

/** The statement of the speaker's last message as this one puts it right; null where it puts nothing right, or it is not clear what. */
export function correctionIn(clause: Clause, message: Message, before: readonly Message[]): ShortAnswer | null {
  const correction = message.content.trim();
  if (correction.length > LONGEST_CORRECTION || clause.asks) return null;
  if (!ENGLISH_TAKES_BACK.test(correction) && !CHINESE_TAKES_BACK.test(correction)) return null;
  const said = before.findLast(({ role }) => role === 'user');
  if (said === undefined) return null;
  const corrected = clausesOf(said.content).flatMap((wrong) => correctedOf(wrong, correction));
  const [only, ...others] = corrected;
  if (only === undefined || others.length > 0) return null;
  return { ...only, asked: said, answer: correction };
}

function correctedOf(wrong: Clause, correction: string): readonly Omit<ShortAnswer, 'asked' | 'answer'>[] {
  const exchange = isPlainStatement(wrong) && statementsIn(wrong, null).length === 1 ? exchangeIn(wrong.text, correction) : null;
  if (exchange === null || exchange.wrong === exchange.right) return [];
  const text = wrong.text.replace(exchange.wrong, () => exchange.right);
  const [statement, ...others] = clausesOf(text).flatMap((clause) => statementsIn(clause, null));
  return statement === undefined || others.length > 0 ? [] : [{ text: statement.text, question: wrong.text, drafts: [statement.draft] }];
}
