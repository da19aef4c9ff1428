import { chineseGeneral } from './general.ts';
import type { Draft } from './draft.ts';
import { chinesePerson } from './relations.ts';
import { isSmallTalk } from './talk.ts';
import { withoutLeadingTime } from './leading-time.ts';
import { chineseSubject, patternDraft, type SpokenStatement } from './understand.ts';

/** Begins a predicate of its own even where no pattern knows it; most other words may as well go on with the piece before. */
const NEW_PREDICATE =
  /^(?:也|还|都)?(?:养了|每天|每周|每年|经常|平时|周末|打算|计划|准备|从事|毕业|想去|想学|正在|会(?:说|弹|唱|画|写|做|游|骑))/u;
const CONNECTING = /^(?:并且|而且|但是?|不过|同时|然后|另外)/u;

/** What a piece without a subject says of the speaker; null where it may only go on with the piece before. */
export function carriedDraft(subject: string, piece: string): { readonly text: string; readonly draft: Draft } | null {
  const bare = piece.replace(CONNECTING, '');
  const text = `${subject}${bare}`;
  const draft =
    patternDraft(text, 'zh') ??
    (bare.startsWith('也') ? patternDraft(`${subject}${bare.slice(1)}`, 'zh') : null) ??
    (NEW_PREDICATE.test(bare) ? chineseGeneral(text) : null);
  // 新菜，叫做回锅肉: what is called so is the thing before.
  if (draft === null || draft.about !== null || draft.topicKey === 'name') return null;
  return { text, draft };
}

interface Group {
  readonly prefix: string;
  readonly start: number;
  end: number;
  readonly draft: Draft;
}

/**
 * A clause whose pieces share one subject (我住在上海，在腾讯工作), cut before each piece that is understood with the subject
 * alone; what is not stays with the piece before it, so that nothing is lost. Null where there is nothing to cut.
 */
export function chinesePieces(clause: string): readonly SpokenStatement[] | null {
  const pieces = [...clause.matchAll(/[^，,]+/gu)].map((match) => ({ start: match.index, text: match[0] }));
  const first = pieces[0];
  const subject = first === undefined ? null : chineseSubject(first.text);
  if (first === undefined || subject === null) return null;
  const own = patternDraft(first.text, 'zh') ?? chineseGeneral(first.text);
  if (own === null) return null;
  const groups: Group[] = [{ prefix: '', start: 0, end: first.text.length, draft: own }];
  for (const { start, text } of pieces.slice(1)) {
    const carried = carriedDraft(subject, text.trim());
    const end = start + text.length;
    const last = groups.at(-1);
    if (carried === null && last !== undefined) last.end = end;
    else if (carried !== null) {
      const skipped = text.length - carried.text.length + subject.length;
      groups.push({ prefix: subject, start: start + skipped, end, draft: carried.draft });
    }
  }
  if (groups.length < 2) return null;
  return groups.map(({ prefix, start, end, draft }) => {
    const quote = clause.slice(start, end).trim();
    return { text: `${prefix}${quote}`, quote, draft };
  });
}

/** 我叫刘琳，很高兴认识你: the first piece fills the slot, and what only greets after it is left off. */
export function firstPieceOf(text: string): SpokenStatement | null {
  const first = text.split(/[，,]/u)[0] ?? '';
  if (first === text) return null;
  const understood = patternDraft(first, 'zh');
  if (understood === null) return null;
  const rest = text.slice(first.length + 1);
  return /[你您]|认识|高兴|开心/u.test(rest) || isSmallTalk(rest)
    ? { text: first, quote: first, draft: understood }
    : { text, quote: text, draft: understood };
}

/** 我女儿叫小美，今年五岁: the first piece says whom it is about, the rest stays with it. */
export function aboutFirstPiece(text: string): Draft | null {
  const first = text.split(/[，,]/u)[0];
  return first === undefined || first === text ? null : chinesePerson(withoutLeadingTime(first));
}
