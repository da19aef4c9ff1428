import { spokenLanguage } from '../extraction/clauses.ts';
import { normaliseValue } from '../extraction/draft.ts';
import { patternDraft } from '../extraction/understand.ts';
import type { Candidate } from '../memory.ts';
import { simplifiedHan } from '../text/fold.ts';
import { CHINESE_SINGLE_THINGS, ENGLISH_DEVICES, ENGLISH_SINGLE_THINGS } from './single-things.data.ts';

interface Held {
  readonly topicKey: string;
  readonly topicValue: string;
}

/** A form in which something is said to have one value; null where a closer look says no. */
interface Frame {
  readonly pattern: RegExp;
  /** The slot; a name in braces stands for what the pattern found. */
  readonly slot: string;
}

const NEW = '(?:new |current |present |own )?';
const NOW = '(?: now| currently| usually| normally| always| just)*';
/** What names something: a number, a proper name, a day. "My laptop is slow" fills no slot. */
const NAMING =
  "(?<value>(?:size )?#?\\d[\\d.,:/½-]*(?: ?(?!now\\b)\\p{L}{1,8})?|(?:an? |the )?(?:Dr\\.? |Mr\\.? |Mrs\\.? |Ms\\.? )?\\p{Lu}[\\p{L}\\d.’'-]*(?: [\\p{Lu}\\d][\\p{L}\\d.’'-]*){0,3}|(?:every )?(?:[Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)days?)";
const TAIL = '(?= now\\b| with | on | in | at | and | for |[,.;(]|$)';

const ENGLISH: readonly Frame[] = [
  {
    pattern: new RegExp(
      `^[Mm]y ${NEW}(?<what>${ENGLISH_SINGLE_THINGS})(?:['’]s name)?(?: is|['’]s| takes place| has (?:moved|changed)(?: from .+?)?)${NOW}(?<where> on| at| in| to)?(?: with| by)? ${NAMING}${TAIL}`,
      'u',
    ),
    slot: 'own.{what}',
  },
  {
    pattern: new RegExp(`^I${NOW} have my ${NEW}(?<what>\\p{L}+ (?:class|lesson|course|shift))${NOW} (?:on|at) ${NAMING}${TAIL}`, 'u'),
    slot: 'own.{what}',
  },
  { pattern: new RegExp(`^I${NOW} bank${NOW} (?:with|at) ${NAMING}${TAIL}`, 'u'), slot: 'own.bank' },
  { pattern: new RegExp(`^I${NOW} have my (?:bank )?account${NOW} (?:with|at) ${NAMING}${TAIL}`, 'u'), slot: 'own.bank' },
  { pattern: /^I(?: now)? (?:wear|take|need)(?: an?)? size (?<value>\d[\d.,½]*)(?: in)? shoes?\b/iu, slot: 'own.shoe size' },
  { pattern: /^I(?: now)? (?:wear|take|need) (?:shoes|a shoe) (?:in|of) size (?<value>\d[\d.,½]*)/iu, slot: 'own.shoe size' },
  {
    pattern: new RegExp(
      `^I(?: have| use| own| bought| got| switched to|['’]ve got|['’]m using)${NOW} an? ${NEW}(?<value>\\p{Lu}[\\p{L}\\d -]*?) (?<what>${ENGLISH_DEVICES})\\b`,
      'u',
    ),
    slot: 'own.{what}',
  },
  {
    pattern: new RegExp(`^(?:now )?I${NOW} (?:commute|(?:go|get|travel) to work|go to the office)${NOW} by (?<value>\\p{L}+)\\b`, 'iu'),
    slot: 'own.commute',
  },
  { pattern: new RegExp(`^(?:now )?I${NOW} take the (?<value>\\p{L}+) to (?:work|the office)\\b`, 'iu'), slot: 'own.commute' },
  { pattern: new RegExp(`^(?:now )?I${NOW} (?<value>cycle|bike|walk|drive) to (?:work|the office)\\b`, 'iu'), slot: 'own.commute' },
];

const ALREADY = '(?:现在|目前|如今|已经|平时|一般|通常|每天|都|也)*';
/** Of three kinds: a name or number in other letters, a day, or a short name. What ends in 的 or is measured (很) describes. */
const CHINESE_NAMING =
  '(?<value>[A-Za-z\\d][A-Za-z\\d .:@_-]*[元点码号]?|(?:每?(?:周|星期)[一二三四五六日天末](?:早上|上午|中午|下午|晚上)?)|(?!很|非常|比较|有点|坏|新|旧|黑|白|我|他|她|去年|今年)\\p{Script=Han}{2,8}?)';
const CHINESE_TAIL = '(?:的|了)?(?=$|[，,。；;（(])';

const CHINESE: readonly Frame[] = [
  {
    pattern: new RegExp(
      `^我(?:的|用的|现在用的|现在的)?(?:新)?(?<what>${CHINESE_SINGLE_THINGS})(?:的名字)?${ALREADY}(?<where>是|在|叫|改到|改在|改成|换成|换到|换了|变成|穿)(?:了)?(?:在)?${CHINESE_NAMING}${CHINESE_TAIL}`,
      'u',
    ),
    slot: 'own.{what}',
  },
  {
    pattern: new RegExp(`^我${ALREADY}(?<value>每?(?:周|星期)[一二三四五六日天末])${ALREADY}上(?<what>\\p{Script=Han}{1,4}课)`, 'u'),
    slot: 'own.{what}',
  },
  { pattern: new RegExp(`^我的?(?:鞋子?)?${ALREADY}穿(?<value>\\d[\\d.]*)码(?:的鞋)?`, 'u'), slot: 'own.鞋码' },
  { pattern: new RegExp(`^我${ALREADY}坐(?<value>[\\p{Script=Han}A-Za-z\\d]{2,5}?)(?:去)?(?:上班|通勤)`, 'u'), slot: 'own.commute' },
  { pattern: new RegExp(`^我${ALREADY}(?<value>开车|骑车|走路|骑自行车)(?:去)?(?:上班|通勤)`, 'u'), slot: 'own.commute' },
  { pattern: /^我用的手机(?:现在)?是(?<value>.{2,20})$/u, slot: 'phone.model' },
  {
    pattern: /^(?:以后|今后)?(?:请)?(?:都|就)?(?:叫|称呼)我(?<value>[\p{Script=Han}A-Za-z]{1,8}?)(?:吧|就好|就行|就可以)?$/u,
    slot: 'name.called',
  },
  { pattern: new RegExp(`^我(?:现在|目前)?(?:是)?(?<value>单身|已婚|未婚|离异)`, 'u'), slot: 'marital.status' },
];

/** Habits have a state; that it is kept is one, too. */
const HABITS: readonly (readonly [RegExp, string])[] = [
  [/^我(?:每天|一直|也|还|经常|偶尔|平时)*都?(?:抽烟|吸烟)/u, 'habit.smoking'],
  [/^我(?:每天|一直|也|还|经常|偶尔|平时)*都?喝酒/u, 'habit.drinking'],
];

/** Things whose slot extraction names otherwise. */
const KNOWN_SLOTS: Readonly<Record<string, string>> = { 手机: 'phone.model', 车: 'car' };

/** Nobody says in more words what size their shoes are. */
const LONGEST_FRAMED = 400;
/** Words that say that it is so now, and not what it is. */
const NOW_WORDS = /\b(?:now|currently|these days|nowadays|at the moment|at present)\b|现在|目前|如今/giu;
const NOT_NOW = /\bused to\b|\bno longer\b|\bany ?more\b|\b(?:was|were|will)\b|以前|之前|曾经|过去|不再|不/iu;
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/colour/gu, 'color'],
  [/flavour/gu, 'flavor'],
  [/theatre/gu, 'theater'],
];

/** The candidate with the slot that its words fill, where extraction has named none: what one has one of, and what is so now. */
export function withSlot(candidate: Candidate): Candidate {
  const { topicKey, origin, kind, about, text } = candidate;
  if (topicKey !== null) return { ...candidate, topicKey: SPELLINGS.reduce((key, [other, one]) => key.replace(other, one), topicKey) };
  if (
    origin !== 'user' ||
    about !== null ||
    candidate.negated ||
    (kind !== 'fact' && kind !== 'preference') ||
    text.length > LONGEST_FRAMED ||
    NOT_NOW.test(text)
  )
    return candidate;
  const held = heldIn(text);
  return held === null ? candidate : { ...candidate, ...held };
}

function heldIn(written: string): Held | null {
  const text = simplifiedHan(written.normalize('NFKC')).replace(/\s+/gu, ' ').trim();
  const language = spokenLanguage(text) ?? 'en';
  const plain = text
    .replace(NOW_WORDS, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '')
    .replace(/ (?=[.,]|$)/gu, '')
    .replace(/^我的新|^我新的/u, '我的')
    .replace(/^my new /iu, 'my ')
    .trim();
  const understood = plain === text ? null : patternDraft(plain, language);
  if (
    understood !== null &&
    understood.topicKey !== null &&
    understood.topicValue !== null &&
    !understood.negated &&
    understood.about === null
  )
    return { topicKey: understood.topicKey, topicValue: understood.topicValue };
  for (const [pattern, topicKey] of HABITS) if (pattern.test(text)) return { topicKey, topicValue: 'does' };
  for (const { pattern, slot } of language === 'zh' ? CHINESE : ENGLISH) {
    const groups = pattern.exec(text)?.groups;
    if (groups?.['value'] === undefined) continue;
    const what = (groups['what'] ?? '').toLowerCase().replace(/^(?:new|current) /u, '');
    const value = valueOf(groups['value']);
    const where = groups['where'] ?? '';
    if (isDescription(what, value, where)) return null;
    return {
      topicKey: KNOWN_SLOTS[what] ?? (what === '' ? slot : `${slot.replace('{what}', what)}${aspectOf(value, where)}`),
      topicValue: value,
    };
  }
  return null;
}

/** What it is, where it is and when it is stand side by side: a bank has a name and an address, a flight a number and a day. */
const aspectOf = (value: string, where: string): string =>
  DAY.test(value) ? '.day' : /(?: on| at| in| to)$|[在到]$/u.test(where) ? '.place' : '';
const DAY = /\p{L}days?$|^每?(?:周|星期)[一二三四五六日天末]/u;
const SOMEBODY = /(?:医生|牙医|房东|班主任|导师)$/u;

/** Of people a name is taken alone; and of nothing what it is like, or what became of it. */
const isDescription = (what: string, value: string, where: string): boolean =>
  /人$|^[男女]|[买用送写做修借租]|色$/u.test(value) ||
  (SOMEBODY.test(what) && where === '是' && !/(?:医生|大夫|老师|先生|女士|教授)$/u.test(value));

const valueOf = (value: string): string =>
  normaliseValue(value)
    .replace(/^size /u, '')
    .replace(/(?<=\p{Script=Han})的$/u, '');
