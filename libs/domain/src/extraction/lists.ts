import type { SpokenLanguage } from './clauses.ts';
import { patternDraft, type SpokenStatement } from './understand.ts';

const ENGLISH_LIST =
  /^(?<head>[^,]*?\b(?:like|love|enjoy|adore|hate|dislike|detest|avoid|eat|drink|stand|suggest|recommend|prefer|into|fond of|fan of|allergic)(?: to| eating| drinking| listening to| watching| playing| the)?) (?<list>[^,]+(?:, [^,]+)*,? (?:and|or) [^,]+?)(?<tail>,? (?:very much|a lot|to me|anymore|again))?$/iu;
const CHINESE_LIST =
  /^(?<head>.*?(?:喜欢|热爱|讨厌|不吃|不喝|推荐|爱吃|爱喝)(?:吃|喝|看|听|玩)?)(?<list>[^，,、和]+(?:[、，,和以及与][^，,、和]+)+)$/u;
/** 我对花生和虾过敏 */
const CHINESE_ALLERGIES = /^(?<head>我[\p{Script=Han}]{0,4}?对)(?<list>[^，,、和]{1,6}(?:[、和与][^，,、和]{1,6})+?)(?<tail>都?过敏)$/u;
const LONGEST_ITEM_WORDS = 3;
const LONGEST_CHINESE_ITEM = 6;
/** A remark after the list that may be left off (五花八门吧). */
const LONGEST_REMARK = 7;
/** Words that make a piece of a Chinese list a predicate of its own rather than one more thing. */
const CHINESE_PREDICATE = /[我她你是有去不没也都还但住在想要会对很太觉得]|喜欢|讨厌|因为|所以|[好美大多少高低贵棒爽差]$/u;
const CHINESE_VERB_ENDS = /(?<=喜欢|热爱|讨厌|爱)(?:吃|喝|看|听|玩)$/u;
const CHINESE_VERB_BEGINS = /^(?:吃|喝|看|听|玩|打|弹|唱|跳|画|写|读|做|逛|踢|游)(?=.)/u;

/** "action and comedy movies": the first things lack the word that names them. */
const sharesHead = (items: readonly string[]): boolean =>
  /\s(?:movies|films|music|food|games|books|songs|cuisine|restaurants|dishes|sports|novels)$/iu.test(items.at(-1) ?? '') &&
  items.slice(0, -1).every((item) => !item.includes(' '));

const isItem = (item: string, language: SpokenLanguage): boolean =>
  item !== '' &&
  (language === 'zh'
    ? item.length <= LONGEST_CHINESE_ITEM && !CHINESE_PREDICATE.test(item)
    : item.split(/\s+/u).length <= LONGEST_ITEM_WORDS &&
      !/\b(?:I|we|my|it|is|are|am|to|go|went|especially|then|also|so|such|live|work|love|like|hate|have|had|own|drive|can|never|neither|not)\b/iu.test(
        item,
      ));

const isRemark = (tail: string): boolean => tail === '' || (tail.length <= LONGEST_REMARK && !/[我不也还没去想]|喜欢|爱|讨厌/u.test(tail));

/** A thing with the words that lead into the list; one with a verb of its own takes the place of theirs (喜欢吃火锅、看电影). */
function withHead(head: string, item: string, language: SpokenLanguage): string {
  if (language !== 'zh') return `${head} ${item}`;
  return CHINESE_VERB_BEGINS.test(item) ? `${head.replace(CHINESE_VERB_ENDS, '')}${item}` : `${head}${item}`;
}

/** Several things in one preference, each as a statement of its own, because each can be taken back alone. */
export function itemsOf(text: string, language: SpokenLanguage): readonly SpokenStatement[] {
  const groups = (language === 'zh' ? (CHINESE_ALLERGIES.exec(text) ?? CHINESE_LIST.exec(text)) : ENGLISH_LIST.exec(text))?.groups;
  if (groups === undefined) return [];
  const { head = '', list: whole = '', tail = '' } = groups;
  const list = language === 'zh' && whole.includes('、') ? (whole.split(/[，,]/u)[0] ?? whole) : whole;
  // What follows the list would be lost with it; and commas alone part clauses as well as things.
  const remark = whole.slice(list.length);
  if (language === 'zh' && (!isRemark(remark) || !/[、和与]|以及|(?:[，,].*){2}/u.test(list))) return [];
  const items = list
    .split(language === 'zh' ? /[、，,]\s*(?:和|与|以及)?|和|与|以及/u : /,\s*(?:and |or )?|\s(?:and|or)\s/iu)
    .map((item) => item.trim().replace(/等等?$/u, ''));
  if (!items.every((item) => isItem(item, language)) || sharesHead(items)) return [];
  const made = items.map((item): SpokenStatement | null => {
    const said = `${withHead(head, item, language)}${language === 'zh' ? tail : ''}`;
    const understood = patternDraft(said, language);
    return understood === null || understood.topicKey === null || understood.about !== null
      ? null
      : { text: said, quote: text, draft: understood };
  });
  return made.every((statement) => statement !== null) ? made : [];
}
