import { chinesePlaceAt } from './chinese-places.ts';
import type { SpokenLanguage } from './clauses.ts';

const NO_NAME =
  /^(?:I|I['’]\p{L}+|A|An|The|My|Our|We|You|He|She|It|They|This|That|These|Those|And|But|So|Or|If|In|On|At|For|From|To|With|Since|As|When|While|After|Before|Because|Actually|Never|Always|Please|Don['’]t|Do|No|Not|Yes|Remember|Today|Yesterday|Tomorrow|Last|Next|Every|Now|Currently|Recently|Just|Also|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|Mr|Mrs|Ms|Dr|OK|Okay|There|Here|Recommend|Suggest|Tell|Give|Find|Show|Help|Write|Would|Should|Will|Does|Did|Was|Were|Has|Have|Had|Which|What|Where|Who|When|Why|How|Can|Could|Is|Are|Any|Call|Stop|Avoid|Keep|Answer|Reply|Use|Let|Let['’]s|Moved|Got|Usually|Sometimes|Tonight|Most|Some|All|Both|One|Two|Three)$/u;
const ENGLISH_NAME =
  /(?:\b\d+ )?(?<![\p{L}\d])(?:\p{Ll}(?=\p{Lu}))?\p{Lu}[\p{L}\d'’&-]*(?:\s+(?:(?:of|de|la|le|the)\s+)?(?:\p{Lu}[\p{L}\d'’&-]*|\d+))*/gu;

/** "a dog called rex": a name, however it is written. */
const ENGLISH_CALLED = /\b(?:called|named) (?<name>\p{Ll}[\p{L}'’-]{1,20})(?=$|[.,;!)]| (?:and|who|that|which)\b)/gu;

function englishNames(text: string): string[] {
  const called = [...text.matchAll(ENGLISH_CALLED)].map((match) => match.groups?.['name'] ?? '');
  return [...called, ...capitalisedNames(text)];
}

function capitalisedNames(text: string): string[] {
  return [...text.matchAll(ENGLISH_NAME)].flatMap((match) => {
    const words = match[0].split(/\s+/u);
    while (words[0] !== undefined && NO_NAME.test(words[0])) words.shift();
    while (words.length > 0 && NO_NAME.test(words.at(-1) ?? '')) words.pop();
    return words.every((word) => /^\d+$/u.test(word)) ? [] : [words.join(' ').replace(/['’]s$/u, '')];
  });
}

const CHINESE_AFTER =
  /(?:去|(?<!搬|遇|看|听|想|感|得|收|找|达)到|搬到|(?<![现正还都就实存])在|飞往|飞|回|来自|离开|前往)(?:了|过)?(?=[\p{Script=Han}])/gu;
/** What may follow a place; after any other word the name was none. */
const CHINESE_PLACE_ENDS =
  /^(?:$|[，,。、！!？?（(了的和玩]|旅游|旅行|出差|度假|工作|上班|上学|读|念|生活|定居|留学|开会|看|吃|爬|长大|出生|待|住|参加|找|游|市|省|那边|这边|过)/u;
const CHINESE_SUFFIXED =
  /(?:叫做?|住在|在|去|是|读|上|进|选|用)(?<name>[^\P{Script=Han}的有哪了我你在去是一]{2,8}?(?:大学|医院|公司|酒店|市|省|中学|小学|集团|银行|公园|机场))/gu;
const LATIN_IN_CHINESE = /\b[A-Za-z]*[A-Z][A-Za-z\d'-]*(?: [A-Z\d][A-Za-z\d'-]*)*/gu;

/** 一只猫叫咪咪, 一只叫旺财的狗 */
const CHINESE_CALLED = /(?:一[只条匹个]|孩子|[子女]儿?|宠物|[猫狗]|名字)叫做?(?<name>[\p{Script=Han}]{2,3}?)(?=的|$|[，,。、和])/gu;
/** 两个孩子，小明和小红 */
const CHINESE_CHILDREN =
  /(?:孩子|儿子|女儿|只猫|条狗|只狗)[，,：:]\s*(?:分别叫|叫)?(?<names>\p{Script=Han}{2,3}(?:[、和]\p{Script=Han}{2,3})+)(?=$|[，,。])/gu;

function chineseNames(text: string): string[] {
  const placed = [...text.matchAll(CHINESE_AFTER)].flatMap((match) => {
    const rest = text.slice(match.index + match[0].length);
    const place = chinesePlaceAt(rest);
    return place !== null && CHINESE_PLACE_ENDS.test(rest.slice(place.length)) ? [place] : [];
  });
  const suffixed = [...text.matchAll(CHINESE_SUFFIXED)].flatMap((match) => match.groups?.['name'] ?? []);
  const called = [...text.matchAll(CHINESE_CALLED)].map((match) => match.groups?.['name'] ?? '');
  const children = [...text.matchAll(CHINESE_CHILDREN)].flatMap((match) => match.groups?.['names']?.split(/[、和]/u) ?? []);
  const latin = (text.match(LATIN_IN_CHINESE) ?? []).filter((name) => !NO_NAME.test(name));
  return [...placed, ...suffixed, ...called, ...children, ...latin];
}

/** Names of people, places, brands and things in a clause, as written. */
export const entitiesOf = (text: string, language: SpokenLanguage): readonly string[] => [
  ...new Set(language === 'zh' ? chineseNames(text) : englishNames(text)),
];
