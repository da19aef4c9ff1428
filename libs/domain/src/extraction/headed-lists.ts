import { entitiesOf } from './entities.ts';
import { draft, GENERAL_CONFIDENCE, type Draft } from './draft.ts';
import { MASK } from './masking.ts';
import { isMetaTalk } from './talk.ts';
import type { SpokenStatement } from './understand.ts';

/** "my setup:" above a list, or "我的口味：偏辣": what follows is the speaker's own. */
const OWN_HEAD =
  /^[ \t]*(?:(?:and|also|here (?:is|are)|here['’]s) )?(?<head>(?:my|our) [\p{L}][\p{L} -]{1,38}|我们?的 ?[\p{Script=Han}\p{L}][\p{Script=Han}\p{L} ]{0,14})[ \t]*[:：][ \t]*(?<value>[^\n]{0,120})$/iu;
const ITEM = /^[ \t]*(?:[-*•·▪◦+][ \t]*|\d{1,2}[.)、][ \t]*)(?<item>[^\n]{2,120})$/u;
const LABELLED = /^[ \t]*(?:[-*•·][ \t]*)?(?<text>[\p{L}][\p{L} ]{0,20}?[ \t]*[:：][ \t]*[^\s:：][^\n]{0,80})$/u;
/** Heads of what is asked, supposed, or shown to be worked on. */
const NO_OWN_HEAD =
  /^(?:(?:my|our) (?:\p{L}+ )?(?:questions?|problems?|issues?|tasks?|code|functions?|essay|text|story|poem|draft|novel|characters?|answers?|options?|query|request|prompts?|input|output|errors?|logs?|letter|email|message|translation|homework|assignment|notes?|example|sentences?|thoughts?|guess|point)|我们?的 ?(?:问题|代码|任务|作文|故事|小说|角色|草稿|答案|选项|请求|提示词?|报错|日志|邮件|作业|翻译|例句|句子|想法|意思|文章|论文))$/iu;
/** A thing that is wanted or not, said without a subject. */
const WANTED = /^(?:no|prefer|avoid|never|always|only|don['’]?t)\b|^(?:不要|别|只要|只用|优先|喜欢|讨厌|避免)|\bonly$/iu;
const MOST_ITEMS = 20;
const LONGEST_ITEM = 100;

/** A line of a list under a heading of the speaker's own: the heading and the line, as they were said. */
export interface HeadedItem extends SpokenStatement {
  readonly language: 'en' | 'zh';
  /** Where the line stands in the message; nothing else is made of it. */
  readonly start: number;
  readonly end: number;
}

const draftOf = (item: string, language: 'en' | 'zh'): Draft =>
  draft({ kind: WANTED.test(item) ? 'preference' : 'fact', confidence: GENERAL_CONFIDENCE, entities: entitiesOf(item, language) });

const HAN = /\p{Script=Han}/u;
const languageOf = (text: string): 'en' | 'zh' => (HAN.test(text) ? 'zh' : 'en');

/** Whether an item can be taken at its word, and says nothing with a subject of its own. */
const isThing = (item: string): boolean =>
  item.length <= LONGEST_ITEM &&
  !item.includes(MASK) &&
  /[\p{L}\p{N}]/u.test(item) &&
  !/[?？]|^(?:I|we|my|our|he|she|they|it|you|if)\b|^(?:我|你|您|他|她|如果)|[你您]|\b(?:you|your)\b/iu.test(item) &&
  !isMetaTalk(item);

/** The items of lists that stand under "my …:", each with its heading. */
export function headedItems(shadow: string): readonly HeadedItem[] {
  const found: HeadedItem[] = [];
  let head: string | null = null;
  let offset = 0;
  for (const line of shadow.split('\n')) {
    const start = offset;
    offset += line.length + 1;
    if (line.trim() === '' || found.length >= MOST_ITEMS) continue;
    const own = OWN_HEAD.exec(line)?.groups;
    if (own !== undefined) {
      head = NO_OWN_HEAD.test(own['head'] ?? '') ? null : (own['head'] ?? null);
      continue;
    }
    if (head === null) continue;
    const said = ITEM.exec(line)?.groups?.['item'] ?? '';
    const labelled = LABELLED.exec(line)?.groups?.['text'] ?? '';
    const bare = (labelled === '' ? said : labelled).replace(/[\s.。;；,，]+$/u, '');
    const owner: string = head;
    if (bare === '') head = null;
    if (bare === '' || !isThing(bare)) continue;
    const text = labelled === '' ? `${owner}${HAN.test(owner) ? '：' : ': '}${bare}` : bare;
    const at = start + line.indexOf(bare);
    found.push({ text, quote: bare, draft: draftOf(bare, languageOf(bare)), language: languageOf(text), start: at, end: at + bare.length });
  }
  return found;
}

/** A heading says nothing without what stands under it. */
export const isHeading = (content: string, end: number): boolean => /^[ \t]*[:：][ \t]*(?:\n|$)/u.test(content.slice(end, end + 20));
