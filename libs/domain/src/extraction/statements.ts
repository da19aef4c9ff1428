import { aboutFirstPiece, carriedDraft, chinesePieces, firstPieceOf } from './chinese-pieces.ts';
import { CHINESE_HEDGE, CHINESE_REPORTED } from './chinese-words.ts';
import type { Clause, SpokenLanguage } from './clauses.ts';
import { draft, type Draft } from './draft.ts';
import { ENGLISH_HEDGE, ENGLISH_REPORTED } from './english-words.ts';
import { chineseGeneral, englishGeneral, isAnchored } from './general.ts';
import { itemsOf } from './lists.ts';
import { MASK } from './masking.ts';
import { isInjection, isMetaTalk, isSmallTalk } from './talk.ts';
import { patternDraft, type SpokenStatement } from './understand.ts';

const LONGEST_QUOTED_NAME = 40;
/** Laughter behind the words, and not before them. */
const LAUGHED_AT = /\p{L}[\s，,]{0,3}(?:\b(?:ha(?:ha)+h?|lol|lmao|rofl)\b|哈哈+|[😂🤣])(?=[\s，,.!。！~]*$|[，,])/iu;
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
  if (LAUGHED_AT.test(shadow)) return false;
  const hedged = language === 'zh' ? CHINESE_HEDGE : ENGLISH_HEDGE;
  const reported = language === 'zh' ? CHINESE_REPORTED : ENGLISH_REPORTED;
  if (hedged.test(shadow) || reported.test(shadow) || hedgesInOther(shadow, language)) return false;
  const judged = STANDING_WISH.test(shadow) ? shadow.replace(OF_YOUR_ANSWERS, '') : shadow;
  return !isMetaTalk(judged) && quotesOnlyNames(shadow);
}

/** In mixed text a hedge of the other language counts as well. */
const hedgesInOther = (shadow: string, language: SpokenLanguage): boolean =>
  language === 'zh'
    ? /\b(?:if|maybe|perhaps|would|pretend|hypothetically|theoretically)\b/iu.test(shadow)
    : /如果|要是|假如|假设|理论上|也许|可能|假装/u.test(shadow);

/** A covered quotation is borne only as a name within a clause ("the film “Inception”"). */
function quotesOnlyNames(shadow: string): boolean {
  if (!shadow.includes(MASK)) return true;
  const covered = shadow.match(/\uE000+/gu) ?? [];
  return !shadow.startsWith(MASK) && !/[:：]\s*\uE000/u.test(shadow) && covered.every((quote) => quote.length <= LONGEST_QUOTED_NAME);
}

function remembered(text: string, language: SpokenLanguage): { readonly rest: string; readonly draft: Draft } | null {
  const rest = (language === 'zh' ? CHINESE_REMEMBER : ENGLISH_REMEMBER).exec(text)?.groups?.['rest'];
  if (rest === undefined) return null;
  const understood = patternDraft(rest, language);
  if (understood !== null) return { rest, draft: understood };
  return NOT_TO_REMEMBER.test(rest) ? null : { rest, draft: draft({}) };
}

const ENGLISH_SECOND =
  /,? (?:and|but) (?=(?:also |now |really |still |currently )?(?:moved (?:back )?to|relocated to|joined|got (?:married|engaged|divorced)|work|live|am|love|like|hate|dislike|own|drive|speak|prefer|enjoy|avoid|can['’]t stand|don['’]t (?:like|eat|drink)|never eat|study|have (?:a|two|three|one))\b)/iu;

/** An English clause with one subject and two predicates, cut where both halves are understood; otherwise left whole. */
function halvesOf(text: string): readonly SpokenStatement[] | null {
  const cut = ENGLISH_SECOND.exec(text);
  if (cut === null) return null;
  const first = text.slice(0, cut.index);
  const second = text.slice(cut.index + cut[0].length);
  const subject = /^(?:I|we)\b/iu.exec(first)?.[0];
  if (subject === undefined) return null;
  const whole = `${subject} ${second}`;
  const one = patternDraft(first, 'en');
  const other = patternDraft(whole, 'en');
  if (one === null || other === null || (one.topicKey === null && other.topicKey === null)) return null;
  return [
    { text: first, quote: first, draft: one },
    ...(halvesOf(whole) ?? [{ text: whole, quote: second, draft: other }]).map((half) =>
      text.includes(half.quote) ? half : { ...half, quote: second },
    ),
  ];
}

/** A piece that lists several things, as one statement for each. */
function withItems(piece: SpokenStatement): readonly SpokenStatement[] {
  const items = itemsOf(piece.text, 'zh');
  return items.length > 1 ? items.map((item) => ({ ...item, quote: piece.quote })) : [piece];
}

function chineseStatements(text: string, subject: string | null, mayDropSubject: boolean): readonly SpokenStatement[] {
  const person = aboutFirstPiece(text);
  if (person !== null) return [{ text, quote: text, draft: person }];
  const pieces = chinesePieces(text);
  if (pieces !== null) return pieces.flatMap(withItems);
  const piece = firstPieceOf(text);
  if (piece !== null) return [piece];
  const own = patternDraft(text, 'zh') ?? chineseGeneral(text);
  if (own !== null) return [{ text, quote: text, draft: own }];
  if (subject === null) return mayDropSubject ? droppedSubject(text) : [];
  const shared = chinesePieces(`${subject}${text}`);
  if (shared !== null) return shared.map((one, index) => (index === 0 ? { ...one, quote: one.quote.slice(subject.length) } : one));
  const carried = carriedDraft(subject, text);
  return carried === null ? [] : [{ ...carried, quote: text }];
}

/** Words with which a statement of oneself begins where the subject goes without saying (住在上海, 养了两只猫). */
const CHINESE_OF_ONESELF =
  /^(?:现在|目前|平时|一般|也|还|偶尔|经常|每天|每周|从小)*(?:住在|定居|来自|养了|对.{1,6}过敏|不吃|不喝|吃素|喜欢|讨厌|热爱|打算|计划|准备|在.{2,12}(?:工作|上班|读书|上学)|从事|毕业于|最近在(?:学|备考|准备|练|装修|减)|家里(?:养了|有[一两二三四五几\d老小])|每[天周月年](?!都?不))/u;

/** Of oneself in English, typed without "I": "Started a new job at Philips", "planning to run the marathon in April". */
const ENGLISH_BEGUN =
  /^(?<doing>living in|working (?:at|for|as)|planning to|moving (?:back )?to(?! the next| another| other)|learning|studying|training for|saving (?:up )?for|allergic to|based in)\b|^(?:started (?:a|an|my|our|working|learning|studying|school|university|college|as)|moved|bought|adopted|married|born in|grew up in|graduated|quit)\b/iu;

/** Only with a name or a time in it, and with nobody else spoken of before. */
function begunWithoutI(text: string): readonly SpokenStatement[] {
  const begun = ENGLISH_BEGUN.exec(text);
  if (begun === null || !isAnchored(text) || /\byour?\b/iu.test(text)) return [];
  const whole = `${begun.groups?.['doing'] === undefined ? 'I' : "I'm"} ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  const understood = patternDraft(whole, 'en') ?? englishGeneral(whole);
  return understood === null ? [] : [{ text, quote: text, draft: understood }];
}

/** In Chinese nobody need say 我; only what no other subject could begin with is taken for the speaker's. */
function droppedSubject(text: string): readonly SpokenStatement[] {
  if (!CHINESE_OF_ONESELF.test(text) || /[吧呗]$|^(?:喜欢|讨厌|打算|计划|准备)(?:的|了?吗|就)/u.test(text)) return [];
  const understood = carriedDraft('我', text)?.draft ?? chineseGeneral(`我${text}`);
  return understood === null ? [] : [{ text, quote: text, draft: understood }];
}

/** "my wife is allergic to it": what it is stands in another clause. */
const POINTS_OUTSIDE = /\s(?:it|them|that|this|those|these|one|so|too)$/iu;

/**
 * What a clause states about the speaker or someone close to them. `subject` is the speaker's "我" or "I" of the clause before in
 * the same sentence, for a clause that leaves it out. `mayDropSubject`: nobody else was spoken of before it.
 */
export function statementsIn(clause: Clause, subject: string | null, mayDropSubject = false): readonly SpokenStatement[] {
  const { text, language } = clause;
  const kept = remembered(text, language);
  if (kept !== null) return [{ text: kept.rest, quote: kept.rest, draft: kept.draft }];
  const items = itemsOf(text, language);
  if (items.length > 1) return items;
  if (language === 'zh') return chineseStatements(text, subject, mayDropSubject);
  const halves = halvesOf(text);
  if (halves !== null) return halves;
  const own = patternDraft(text, 'en') ?? englishGeneral(text);
  if (own !== null) return own.about !== null && POINTS_OUTSIDE.test(text) ? [] : [{ text, quote: text, draft: own }];
  if (subject === null || !/^(?:don['’]t|do not|never) \p{L}/iu.test(text)) return mayDropSubject ? begunWithoutI(text) : [];
  const carried = patternDraft(`${subject} ${text}`, 'en');
  return carried === null ? [] : [{ text: `${subject} ${text}`, quote: text, draft: carried }];
}
