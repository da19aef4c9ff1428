import { readTimeExpressions } from '../time/index.ts';
import { CHINESE_PREFERENCES } from './chinese-preferences.ts';
import { CHINESE_SLOTS } from './chinese-slots.ts';
import { CHINESE_HEDGE, CHINESE_REPORTED } from './chinese-words.ts';
import type { Clause, SpokenLanguage } from './clauses.ts';
import { draft, firstDraft, type Draft } from './draft.ts';
import { ENGLISH_PREFERENCES } from './english-preferences.ts';
import { ENGLISH_SLOTS } from './english-slots.ts';
import { ENGLISH_HEDGE, ENGLISH_REPORTED } from './english-words.ts';
import { chineseGeneral, englishGeneral } from './general.ts';
import { MASK } from './masking.ts';
import { chinesePerson, englishPerson } from './relations.ts';
import { isInjection, isMetaTalk, isSmallTalk } from './talk.ts';

/** A statement of the speaker: its words, where they stand in the message, and what they were understood to say. */
export interface SpokenStatement {
  /** Self-contained; the quote itself, or the quote with the subject said before it. */
  readonly text: string;
  readonly quote: string;
  readonly draft: Draft;
}

/** The clock is of no use here: only where an expression stands matters. */
const ANY_TIME = 0;
const LONGEST_QUOTED_NAME = 40;
/** A clause beyond this is no plain statement, and the patterns need not look at it. */
const LONGEST_CLAUSE = 400;

const STANDING_WISH =
  /^(?:please |also |and )*(?:from now on|always|never|in (?:the )?future)\b|^(?:请|麻烦)?(?:以后|今后|从现在起|从今以后|每次)/iu;
const OF_YOUR_ANSWERS = /\byour (?:answers?|replies|responses?|messages?)\b|你的?(?:回答|回复)/giu;

const ENGLISH_REMEMBER =
  /^(?:please )?(?:(?:also )?remember|note|keep in mind|bear in mind|don['’]t forget|do not forget|make a note|take note|for the record)(?:,? please)?(?: this)?(?:\s*[:,–—]\s*|\s+that\s+|\s+(?=(?:I|we|my|our)\b))(?<rest>.+)$/iu;
const CHINESE_REMEMBER =
  /^(?:请|帮我|麻烦)?(?:你)?(?:要|也)?(?:记住|记下|记一下|记得|别忘了|不要忘记|牢记)(?:一下|了)?[，,：:\s]*(?<rest>.{4,})$/u;
const NOT_TO_REMEMBER =
  /^(?:to |how |when |what |the (?:last|previous|above)|you(?:r|['’]re)? |everything|all |this|it\b|帮|请|给我|提醒|要|去|把|你|这|那|我说|一件事)/iu;

/** Whether a clause may be taken at its word at all. */
export function isPlainStatement(clause: Clause): boolean {
  const { shadow, language } = clause;
  if (clause.asks || shadow.length > LONGEST_CLAUSE || isSmallTalk(clause.text) || isInjection(shadow)) return false;
  const hedged = language === 'zh' ? CHINESE_HEDGE : ENGLISH_HEDGE;
  const reported = language === 'zh' ? CHINESE_REPORTED : ENGLISH_REPORTED;
  if (hedged.test(shadow) || reported.test(shadow) || hedgesInOther(shadow, language)) return false;
  const judged = STANDING_WISH.test(shadow) ? shadow.replace(OF_YOUR_ANSWERS, '') : shadow;
  return !isMetaTalk(judged) && quotesOnlyNames(shadow);
}

/** In mixed text a hedge of the other language counts as well. */
const hedgesInOther = (shadow: string, language: SpokenLanguage): boolean =>
  language === 'zh' ? /\b(?:if|maybe|perhaps|would|pretend)\b/iu.test(shadow) : /如果|要是|假如|也许|可能|假装/u.test(shadow);

/** A covered quotation is borne only as a name within a clause ("the film “Inception”"). */
function quotesOnlyNames(shadow: string): boolean {
  if (!shadow.includes(MASK)) return true;
  const covered = shadow.match(/\uE000+/gu) ?? [];
  return !shadow.startsWith(MASK) && !/[:：]\s*\uE000/u.test(shadow) && covered.every((quote) => quote.length <= LONGEST_QUOTED_NAME);
}

/** The clause without a time that leads into it ("Last week we moved"), for the patterns that begin at the subject. */
function withoutLeadingTime(text: string): string {
  const first = readTimeExpressions(text, ANY_TIME, 'UTC')[0];
  if (first === undefined || first.start > 8) return text;
  const rest = text.slice(first.end).replace(/^[,，\s]+/u, '');
  return /^(?:I|we|my|our)\b|^(?:我|咱)/iu.test(rest) ? rest : text;
}

/** Slots of which one is always filled: that one value is denied does not say that the known one ended. */
const ALWAYS_FILLED = /^(?:home\.city|work\.role|work\.employer)$/u;
const ENDED = /\b(?:no longer|any ?more|any longer|quit|left|resigned|fired|laid off|stopped)\b|不再|已经不|没有再|了$/iu;

function patternDraft(text: string, language: SpokenLanguage): Draft | null {
  const found = rawDraft(text, language);
  const denies = found !== null && found.negated && found.topicKey !== null && ALWAYS_FILLED.test(found.topicKey) && !ENDED.test(text);
  return denies ? { ...found, topicKey: null, topicValue: null } : found;
}

function rawDraft(text: string, language: SpokenLanguage): Draft | null {
  const bare = withoutLeadingTime(text);
  if (language === 'zh')
    return (
      firstDraft(CHINESE_PREFERENCES, bare) ?? chinesePerson(bare) ?? firstDraft(CHINESE_SLOTS, bare) ?? firstDraft(CHINESE_SLOTS, text)
    );
  return firstDraft(ENGLISH_PREFERENCES, bare) ?? englishPerson(bare) ?? firstDraft(ENGLISH_SLOTS, bare);
}

function remembered(text: string, language: SpokenLanguage): { readonly rest: string; readonly draft: Draft } | null {
  const rest = (language === 'zh' ? CHINESE_REMEMBER : ENGLISH_REMEMBER).exec(text)?.groups?.['rest'];
  if (rest === undefined) return null;
  const understood = patternDraft(rest, language);
  if (understood !== null) return { rest, draft: understood };
  return NOT_TO_REMEMBER.test(rest) ? null : { rest, draft: draft({}) };
}

const ENGLISH_SECOND =
  /,? (?:and|but) (?=(?:also |now |really |still |currently )?(?:work|live|am|love|like|hate|dislike|own|drive|speak|prefer|enjoy|avoid|can['’]t stand|don['’]t (?:like|eat|drink)|never eat|study|have (?:a|two|three|one))\b)/iu;

/** "我" or "我们" where the speaker is the subject, and not their cat or their mother. */
export function chineseSubject(clause: string): string | null {
  const bare = withoutLeadingTime(clause).replace(/^(?:以前|之前|曾经|过去|现在|目前|最近|平时)/u, '');
  const word = /^(?<word>我们|我)(?!的|家|们的|们家)/u.exec(bare)?.groups?.['word'];
  return word === undefined || chinesePerson(bare) !== null ? null : word;
}

/** A clause with one subject and two predicates, cut where both halves are understood; otherwise left whole. */
function halvesOf(text: string, language: SpokenLanguage): readonly SpokenStatement[] | null {
  const cut = language === 'zh' ? /[，,]\s*/u.exec(text) : ENGLISH_SECOND.exec(text);
  if (cut === null) return null;
  const first = text.slice(0, cut.index);
  const second = text.slice(cut.index + cut[0].length);
  const subject = language === 'zh' ? chineseSubject(first) : /^(?:I|we)\b/iu.exec(first)?.[0];
  if (subject === undefined || subject === null) return null;
  const whole = language === 'zh' ? `${subject}${second.replace(/^(?:也|并且|而且|但是?|不过)/u, '')}` : `${subject} ${second}`;
  const one = patternDraft(first, language);
  const other = patternDraft(whole, language);
  if (one === null || other === null || (one.topicKey === null && other.topicKey === null)) return null;
  return [
    { text: first, quote: first, draft: one },
    ...(halvesOf(whole, language) ?? [{ text: whole, quote: second, draft: other }]).map((half) =>
      text.includes(half.quote) ? half : { ...half, quote: second },
    ),
  ];
}

const ENGLISH_LIST =
  /^(?<head>.*?\b(?:like|love|enjoy|adore|hate|dislike|detest|avoid|eat|drink|stand|suggest|recommend|prefer|into|fond of|fan of|allergic)(?: to| eating| drinking| listening to| watching| playing| the)?) (?<list>[^,]+(?:, [^,]+)*,? (?:and|or) [^,]+?)(?<tail>,? (?:very much|a lot|to me|anymore|again))?$/iu;
const CHINESE_LIST =
  /^(?<head>.*?(?:喜欢|热爱|讨厌|不吃|不喝|推荐|爱吃|爱喝)(?:吃|喝|看|听|玩)?)(?<list>[^，,、和]+(?:[、，,和以及与][^，,、和]+)+)$/u;
const LONGEST_ITEM_WORDS = 3;
const LONGEST_CHINESE_ITEM = 6;

/** "action and comedy movies": the first things lack the word that names them. */
const sharesHead = (items: readonly string[]): boolean =>
  /\s(?:movies|films|music|food|games|books|songs|cuisine|restaurants|dishes|sports|novels)$/iu.test(items.at(-1) ?? '') &&
  items.slice(0, -1).every((item) => !item.includes(' '));

/** Several things in one preference, each as a statement of its own, because each can be taken back alone. */
function itemsOf(text: string, language: SpokenLanguage): readonly SpokenStatement[] {
  const groups = (language === 'zh' ? CHINESE_LIST : ENGLISH_LIST).exec(text)?.groups;
  if (groups === undefined) return [];
  const { head = '', list: whole = '' } = groups;
  const list = language === 'zh' && whole.includes('、') ? (whole.split(/[，,]/u)[0] ?? whole) : whole;
  const items = list
    .split(language === 'zh' ? /[、，,和与]|以及/u : /,\s*(?:and |or )?|\s(?:and|or)\s/iu)
    .map((item) => item.trim().replace(/等等?$/u, ''));
  const short = items.every(
    (item) =>
      item !== '' &&
      (language === 'zh'
        ? item.length <= LONGEST_CHINESE_ITEM && !/[我她你是有去]/u.test(item)
        : item.split(/\s+/u).length <= LONGEST_ITEM_WORDS &&
          !/\b(?:I|we|my|it|is|are|am|to|go|went|especially|then|also|so|such)\b/iu.test(item)),
  );
  if (!short || sharesHead(items)) return [];
  const made = items.map((item): SpokenStatement | null => {
    const said = language === 'zh' ? `${head}${item}` : `${head} ${item}`;
    const understood = patternDraft(said, language);
    return understood === null || understood.topicKey === null || understood.about !== null
      ? null
      : { text: said, quote: text, draft: understood };
  });
  return made.every((statement) => statement !== null) ? made : [];
}

/** 我叫刘琳，很高兴认识你: the first piece fills the slot, and what only greets after it is left off. */
function firstPieceOf(text: string): SpokenStatement | null {
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
function aboutFirstPiece(text: string, language: SpokenLanguage): Draft | null {
  const first = language === 'zh' ? text.split(/[，,]/u)[0] : undefined;
  return first === undefined || first === text ? null : chinesePerson(withoutLeadingTime(first));
}

/**
 * What a clause states about the speaker or someone close to them. `subject` is the speaker's "我" or "I" of the clause
 * before in the same sentence, for a clause that leaves it out.
 */
export function statementsIn(clause: Clause, subject: string | null): readonly SpokenStatement[] {
  const { text, language } = clause;
  const kept = remembered(text, language);
  if (kept !== null) return [{ text: kept.rest, quote: kept.rest, draft: kept.draft }];
  const items = itemsOf(text, language);
  if (items.length > 1) return items;
  const halves = halvesOf(text, language);
  if (halves !== null) return halves;
  const piece = language === 'zh' && aboutFirstPiece(text, language) === null ? firstPieceOf(text) : null;
  if (piece !== null) return [piece];
  const own =
    aboutFirstPiece(text, language) ?? patternDraft(text, language) ?? (language === 'zh' ? chineseGeneral(text) : englishGeneral(text));
  if (own !== null) return [{ text, quote: text, draft: own }];
  if (subject === null || language !== 'zh') return [];
  const whole = `${subject}${text}`;
  const carried = patternDraft(whole, language);
  return carried === null ? [] : [{ text: whole, quote: text, draft: carried }];
}
