import { withoutEmoji } from './emoji.ts';

/** Names of one thing in two languages, so that a change of mind meets its preference in whichever language it is said. */
const FOODS: readonly (readonly string[])[] = [
  ['seafood', 'sea food', '海鲜', '海产'],
  ['meat', '肉', '肉类'],
  ['beef', '牛肉'],
  ['pork', '猪肉'],
  ['lamb', 'mutton', '羊肉'],
  ['chicken', '鸡肉'],
  ['fish', '鱼', '鱼肉'],
  ['coriander', 'cilantro', '香菜'],
  ['spicy', '辣', '辣的', '辣椒', '吃辣', '辛辣'],
  ['sweets', 'sweet', '甜', '甜食', '甜的'],
  ['coffee', '咖啡'],
  ['tea', '茶'],
  ['milk', '牛奶'],
  ['alcohol', '酒'],
  ['beer', '啤酒'],
  ['chocolate', '巧克力'],
  ['hot pot', 'hotpot', '火锅'],
  ['noodle', '面条', '面'],
  ['rice', '米饭'],
  ['durian', '榴莲'],
  ['peanut', '花生'],
  ['nut', '坚果'],
];

const SAME_THING: readonly (readonly string[])[] = [
  ...FOODS,
  ['horror movie', 'horror film', 'scary movie', 'horror', '恐怖片', '恐怖电影'],
  ['jazz', '爵士', '爵士乐'],
  ['classical music', '古典音乐'],
  ['rock music', '摇滚', '摇滚乐'],
  ['music', '音乐'],
  ['movie', 'film', '电影'],
  ['basketball', '篮球'],
  ['football', 'soccer', '足球'],
  ['running', '跑步'],
  ['swimming', '游泳'],
  ['hiking', '徒步', '爬山'],
  ['reading', '看书', '读书', '阅读'],
  ['travelling', 'traveling', 'travel', '旅游', '旅行'],
  ['cat', '猫'],
  ['dog', '狗'],
  ['emoji', '表情', '表情符号'],
];

const canonical = new Map(SAME_THING.flatMap(([name = '', ...others]) => [name, ...others].map((other) => [other, name] as const)));

const foods = new Set(FOODS.map(([name]) => name));

/** Words whose singular ends in -ie. */
const SINGULAR_IN_IE = /^(?:movie|cookie|pie|tie|brownie|smoothie|selfie|veggie|hoodie|zombie|calorie|genie)s$/u;

const singular = (word: string): string =>
  SINGULAR_IN_IE.test(word)
    ? word.slice(0, -1)
    : /(?:ss|us|is|ews|ics)$/u.test(word) || word.length < 4
      ? word
      : word.replace(/(?:(?<=ch|sh|x|ss|o)es|(?<=[^aeiou])ies|s)$/u, (end) => (end === 'ies' ? 'y' : ''));

function englishThing(phrase: string): string {
  const words = phrase
    .toLowerCase()
    .replace(/[’]/gu, "'")
    .replace(
      /^(?:to )?(?:eat|eating|drink|drinking|have|having|try|trying|get|getting|order|ordering|watch|watching|listen(?:ing)? to|use|using|play|playing)\s+/u,
      '',
    )
    .replace(
      /^(?:(?:a|an|the|any|all|some|my|more|most|that|such|too much|lots of|a lot of|anything (?:with|involving|containing)|kinds? of|really|very|eating|drinking)\s+)+/u,
      '',
    )
    .replace(/\s+(?:restaurants?|dishes|places|food|recipes?|options?|meals?|stuff|things|in general|in it|in them)$/u, '')
    .trim();
  return words.split(' ').map(singular).join(' ');
}

const chineseThing = (phrase: string): string =>
  phrase
    .replace(/^(?:去)?(?:吃|喝|看|听|玩|用|打|推荐|点)(?=.)(?!辣$)/u, '')
    .replace(/^(?:任何|各种|所有|一切|那种|这种|关于|有关|一些|太)/u, '')
    .replace(/(?:类的?|之类的?|的?东西|的?食物|的?餐厅|的店|的菜)$/u, '')
    .trim();

/** The thing that a preference is about, as its key: one spelling for one thing, in either language. */
export function preferenceThing(phrase: string): string {
  const text = withoutEmoji(phrase.normalize('NFKC'));
  if (/\p{Script=Han}/u.test(text)) {
    const thing = chineseThing(text);
    return canonical.get(text) ?? canonical.get(thing) ?? thing;
  }
  const thing = englishThing(text);
  return canonical.get(thing) ?? canonical.get(singular(thing)) ?? thing;
}

/** Whether the key of a thing is that of a well-known food or drink, of which "none for me" says enough. */
export const isFood = (thing: string): boolean => foods.has(thing);

const POINTING =
  /^(?:it|them|that|this|these|those|him|her|me|you|so|one|ones|something|anything|nothing|everything|它|它们|他|她|他们|这|那|这个|那个|这些|那些|什么)$/iu;

/** Whether a word names anything at all: no mark, and no pronoun. */
export const namesThing = (thing: string): boolean =>
  /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(thing) && !POINTING.test(thing.trim());
