/** A word that stands for another one wherever it is meant. */
export interface KeywordReplacement {
  readonly from: string;
  readonly to: string;
  /** The sentence it was said in, with the wrong word: only what says the like is meant; null: every memory that has the word. */
  readonly within: string | null;
}

export interface ReplacementReading {
  readonly keywords: KeywordReplacement;
  /** What the sentence states by itself, should no memory have the word; empty: nothing. */
  readonly statement: string;
}

const LONGEST_KEYWORD = 80;
const MOST_WORDS = 8;

const EVERYWHERE = String.raw`(?:,?\s*(?:everywhere|throughout|please|in (?:all|every|each|my|your|the) [\p{L} ]{1,40}))*`;
const WHICH = String.raw`(?:(?:all|every|each|any|the)\s+)?(?:(?:words?|names?|terms?|keywords?|occurrences?(?: of)?|mentions?(?: of)?|instances?(?: of)?)\s+)?`;

const ENGLISH_ORDERS: readonly RegExp[] = [
  new RegExp(String.raw`^(?:replace|substitute|swap)\s+${WHICH}(?<from>.+?)\s+(?:with|by|for)\s+(?<to>.+?)${EVERYWHERE}$`, 'iu'),
  new RegExp(
    String.raw`^(?:change|correct|rename|update|fix|edit|modify)\s+${WHICH}(?<from>.+?)\s+(?:to|into)\s+(?<to>.+?)${EVERYWHERE}$`,
    'iu',
  ),
];
const CHINESE_ORDERS: readonly RegExp[] = [
  /^(?:把|将)(?:(?:所有|全部|里面|记忆(?:里|中)|我的记忆(?:里|中))的?)?(?<from>.+?)(?:都|全部|全都|统一)?(?:改成|改为|改作|换成|换为|替换成|替换为|更正为|更改为|修改为|修改成|纠正为)(?:了)?(?<to>.+?)$/u,
  /^用(?<to>.+?)(?:替换|代替|取代)(?:掉)?(?:(?:所有|全部)的?)?(?<from>.+?)$/u,
  /^(?<from>[^，,不没是]+?)(?:改成|改为|换成|替换成|替换为|更正为)(?<to>.+?)$/u,
];
const ENGLISH_SHOULD = /^(?<from>.+?)\s+should (?:be|have been|read|say)\s+(?:spelled\s+|called\s+|written\s+)?(?<to>.+?)$/iu;
const CHINESE_SHOULD = /^(?<from>.+?)(?:应该|应当|应)(?:是|为|改成|改为|写成|写作|叫)(?<to>.+?)$/u;

/** "It's Robert, not Bob": the subject says nothing of its own. */
const ENGLISH_BARE: readonly RegExp[] = [
  /^(?:(?:it|that|this)(?:['’]s| is| was)\s+)?not\s+(?<from>.+?)(?:,?\s+but(?: rather)?|,(?:\s+(?:it|that|this)(?:['’]s| is| was))?)\s+(?<to>.+?)$/iu,
  /^(?:it|that|this)\s+(?:isn['’]t|wasn['’]t)\s+(?<from>.+?)(?:,?\s+but(?: rather)?|,(?:\s+(?:it|that|this)(?:['’]s| is| was))?)\s+(?<to>.+?)$/iu,
  /^(?:(?:it|that|this)(?:['’]s| is| was| should be)?\s+)?(?:called\s+|named\s+|spelled\s+)?(?<to>.+?),?\s+(?:and\s+)?(?:not|rather than|instead of)\s+(?<from>.+?)$/iu,
];
const CHINESE_BARE: readonly RegExp[] = [
  /^(?:这|那|它)?(?:应该|应当)?(?:是|叫)(?<to>[^，,]+?)[，,]?(?:而)?(?:不是|不叫|并不是)(?<from>.+?)$/u,
  /^(?:这|那|它)?(?:不是|不叫|并不是)(?<from>[^，,]+?)[，,]?(?:而是|应该是|应当是|是|叫|而应该是)(?<to>.+?)$/u,
  /^(?<to>[^，,我你他她]+?)[，,](?:而)?不是(?<from>.+?)$/u,
];

const ENGLISH_WITHIN = /^(?<head>.+?),?\s+(?:and\s+)?(?:not|rather than|instead of)\s+(?<from>.+?)$/iu;
const CHINESE_WITHIN = /^(?<head>.+?)[，,](?:而|并)?不(?:是|叫|在)(?<from>.+?)$/u;
const ENGLISH_ANCHOR =
  /^(?<before>.*(?:^|\s)(?:is|are|was|were|am|\p{L}+['’](?:s|m|re)|called|named|in|at|to|on|from|with|for|as|by|of|like|likes|love|loves|prefer|prefers|have|has|a|an|the)\s+)(?<to>\S.*)$/iu;
const CHINESE_ANCHOR = /^(?<before>.*(?:住在|住|是|叫|姓|在|去|到|用|有|当|养|吃|喝|喜欢|对|为|属))(?<to>.+)$/u;

/** Says of whom it is, so that it is a sentence and no word. */
const ENGLISH_SUBJECT = /^(?:I|we|my|our|your|his|her|their|he|she|they|you)(?:['’]\p{L}+)?\s/iu;
const CHINESE_SUBJECT = /^(?:我|我们|你|他|她|它|这|那)/u;

/** The word to be replaced that a sentence names; null: it names none. */
export function replacementIn(sentence: string): ReplacementReading | null {
  return ordered(sentence) ?? shouldBe(sentence) ?? within(sentence) ?? bare(sentence);
}

function ordered(sentence: string): ReplacementReading | null {
  for (const order of [...ENGLISH_ORDERS, ...CHINESE_ORDERS]) {
    const named = keywordsOf(order.exec(sentence));
    if (named === null) continue;
    // "Change my city to Lyon" names a thing, not a word.
    if (ENGLISH_SUBJECT.test(named.from)) return statedAs(`${capital(named.from)} is ${named.to}`);
    if (/^(?:我|他|她|你)/u.test(named.from)) return statedAs(`${named.from}是${named.to}`);
    return { keywords: { ...named, within: null }, statement: '' };
  }
  return null;
}

function shouldBe(sentence: string): ReplacementReading | null {
  const english = keywordsOf(ENGLISH_SHOULD.exec(sentence));
  const named = english ?? keywordsOf(CHINESE_SHOULD.exec(sentence));
  if (named === null || /^(?:it|that|this)$/iu.test(named.from) || isNegated(named.to)) return null;
  if (ENGLISH_SUBJECT.test(named.from) || CHINESE_SUBJECT.test(named.from) || named.from.includes('的')) return null;
  return { keywords: { ...named, within: null }, statement: '' };
}

function bare(sentence: string): ReplacementReading | null {
  if (ENGLISH_SUBJECT.test(sentence) || /^(?:我|他|她|你)/u.test(sentence)) return null;
  for (const form of [...ENGLISH_BARE, ...CHINESE_BARE]) {
    const named = keywordsOf(form.exec(sentence));
    if (named !== null) return { keywords: { ...named, within: null }, statement: '' };
  }
  return null;
}

function within(sentence: string): ReplacementReading | null {
  const isEnglish = ENGLISH_SUBJECT.test(sentence);
  if (!isEnglish && !/^(?:我|他|她)/u.test(sentence)) return null;
  const found = (isEnglish ? ENGLISH_WITHIN : CHINESE_WITHIN).exec(sentence)?.groups;
  const head = found?.['head'];
  const named = found?.['from'];
  if (head === undefined || named === undefined || isNegated(head)) return null;
  const anchored = (isEnglish ? ENGLISH_ANCHOR : CHINESE_ANCHOR).exec(head)?.groups;
  const before = anchored?.['before'];
  const from = unquoted(named.replace(isEnglish ? /^(?:in|at|to|on|from|with|for|a|an|the)\s+/iu : /^(?:住在|在|去|叫|是)/u, ''));
  const to = unquoted(anchored?.['to'] ?? '');
  if (before === undefined || !isKeyword(from) || !isKeyword(to) || from === to) return null;
  return { keywords: { from, to, within: `${before}${from}` }, statement: head };
}

/** The words of a match; null when they are none. */
function keywordsOf(match: RegExpExecArray | null): { readonly from: string; readonly to: string } | null {
  const from = unquoted(match?.groups?.['from'] ?? '');
  const to = unquoted(match?.groups?.['to'] ?? '');
  return isKeyword(from) && isKeyword(to) && from !== to ? { from, to } : null;
}

/** Nothing in particular is replaced: only the sentence counts. */
const statedAs = (statement: string): ReplacementReading => ({ keywords: { from: '', to: '', within: null }, statement });

const isKeyword = (text: string): boolean =>
  /[\p{L}\p{N}]/u.test(text) && text.length <= LONGEST_KEYWORD && text.split(/\s+/u).length <= MOST_WORDS && !/[，。！？]|,\s/u.test(text);

const isNegated = (text: string): boolean => /\b(?:not|never|no)\b|n['’]t\b|不|没/iu.test(text);

const unquoted = (text: string): string =>
  text
    .trim()
    .replace(/^["'“”‘’「」『』《》`]+|["'“”‘’「」『』《》`]+$/gu, '')
    .trim();

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
