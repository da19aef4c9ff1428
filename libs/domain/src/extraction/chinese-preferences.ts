import { draft, slot, type Draft, type DraftRule } from './draft.ts';
import { isFood, preferenceThing } from './things.ts';

const ADVERB =
  '(?:其实|真的|特别|非常|最|很|更|比较|一直|从小|就|都|也|还是|还|又|现在|平时|一般|总是|超级?|挺|太|有点|完全|实在|从来|最近|向来|个人|确实|主要|反而|尤其|绝对|一点都|一点也)*';
const NO_THING = /^(?:你|您|他|她|它|这|那|哪|什么|的|我|大家|一起|和|跟|怎么|上了?$|说|问|知道|看看|试试|一下)/u;
const AFTER = /(?:[，,；;（(]|因为|但|的时候|时|胜过|多过|超过|而不是|，).*$/u;
const END = /(?:了|吧|啊|呀|哦|呢|的了|而已|一点|一些)+$/u;
const LONGEST_THING = 12;

function thingOf(phrase: string): string | null {
  const thing = phrase.replace(AFTER, '').replace(END, '').trim();
  return thing === '' || thing.length > LONGEST_THING || NO_THING.test(thing) ? null : thing;
}

function preferenceOf(phrase: string, value: string, negated = false): Draft | null {
  if (/[、]/u.test(phrase) && !NO_THING.test(phrase)) return draft({ kind: 'preference', negated, spheres: ['preference'] });
  const thing = thingOf(phrase);
  // Several things at once fill no slot: each could be taken back alone.
  if (thing !== null && /[、和与]|以及/u.test(thing)) return draft({ kind: 'preference', negated, spheres: ['preference'] });
  const key = thing === null ? '' : preferenceThing(thing);
  return key === ''
    ? null
    : draft({ kind: 'preference', topicKey: `preference.${key}`, topicValue: value, negated, spheres: ['preference'] });
}

const LANGUAGES: Readonly<Record<string, string>> = {
  中文: 'zh',
  汉语: 'zh',
  普通话: 'zh',
  英文: 'en',
  英语: 'en',
  法语: 'fr',
  法文: 'fr',
  德语: 'de',
  德文: 'de',
  日语: 'ja',
  日文: 'ja',
  韩语: 'ko',
  西班牙语: 'es',
  俄语: 'ru',
  意大利语: 'it',
  葡萄牙语: 'pt',
};
const LANGUAGE = `(?<language>${Object.keys(LANGUAGES).join('|')})`;
const languageDraft = (group: (name: string) => string): Draft =>
  slot('language.answer', LANGUAGES[group('language')] ?? group('language'), { kind: 'preference', spheres: ['language.answer'] });

const ALWAYS = '(?:以后|今后|从现在起|从今以后|之后|往后|从今天起|每次|一直|永远|始终|总是)';

const STANDING: readonly DraftRule[] = [
  { pattern: new RegExp(`${ALWAYS}.{0,10}(?:用|使用|说|讲)${LANGUAGE}`, 'u'), make: languageDraft },
  { pattern: new RegExp(`(?:用|使用)${LANGUAGE}.{0,6}(?:回答|回复|交流|聊).{0,8}${ALWAYS}`, 'u'), make: languageDraft },
  {
    pattern: new RegExp(
      `^(?:请|麻烦)?(?:${ALWAYS})?(?:请|都|也)?(?:别|不要|不用|千万别|不准)(?:再)?(?:给我|向我|跟我)?(?:推荐|介绍|安排|提|建议|发|点|做|放)(?<thing>.+?)(?:给我)?(?:了|吧)?$`,
      'u',
    ),
    make: (group) => preferenceOf(group('thing'), 'avoid'),
  },
  {
    pattern: /^(?:请|但是?|我)?(?:都|绝对|千万|一律)?(?:不要|别放|别加|不要放|不要有)(?<thing>[\p{Script=Han}A-Za-z]{1,6}?)(?:的|类)?$/u,
    make: (group) => (isFood(preferenceThing(group('thing'))) ? preferenceOf(group('thing'), 'avoid') : null),
  },
  {
    pattern: new RegExp(
      `^(?:请|麻烦)?${ALWAYS}(?:请|都|也|就|我)*(?:别|不要|只|都|用|叫|尽量|直接|先|简短|多|少|回答|回复|给我)(?<rest>.+)`,
      'u',
    ),
    make: () => draft({ kind: 'preference', spheres: ['preference'] }),
  },
];

const REVERSALS: readonly DraftRule[] = [
  {
    pattern: /^(?<thing>(?!我|你|他|她|这|那|都|就)[\p{Script=Han}A-Za-z]{1,8}?)(?:现在)?(?:又)(?:可以|能吃|没问题|行)了?(?:了|啦)?$/u,
    make: (group) => preferenceOf(group('thing').replace(/现在$/u, ''), 'allow'),
  },
  {
    pattern: /^(?:现在|以后)?(?:可以|又可以)(?:再|继续)?(?:给我)?推荐(?<thing>[\p{Script=Han}A-Za-z]{1,8}?)(?:给我)?了$/u,
    make: (group) => preferenceOf(group('thing'), 'allow'),
  },
  {
    pattern: /^我(?:现在)?(?:又)?(?:可以|能|敢|开始|会)(?:吃|喝)(?<thing>[\p{Script=Han}A-Za-z]{1,8}?)了$/u,
    make: (group) => preferenceOf(group('thing'), 'allow'),
  },
  {
    pattern: /^我(?:现在)(?:又)?(?:吃|喝)(?<thing>[\p{Script=Han}A-Za-z]{1,8}?)了$/u,
    make: (group) => preferenceOf(group('thing'), 'allow'),
  },
  { pattern: /^我不介意(?<thing>.+)$/u, make: (group) => preferenceOf(group('thing'), 'allow') },
];

const LIKES: readonly DraftRule[] = [
  {
    pattern:
      /^我(?<no>(?:现在|已经)?(?:不再|不))?(?:现在|一直|从小|已经|开始|也|是)*(?:吃素|(?:一?[名个位])?(?<diet>素食主义者|素食者|纯素食者|严格素食者| ?vegetarian| ?vegan))(?<end>了)?/iu,
    make: (group) =>
      slot('diet', /纯|严格|vegan/iu.test(group('diet')) ? 'vegan' : 'vegetarian', {
        kind: 'preference',
        negated: group('no') !== '',
        spheres: ['diet', 'food'],
      }),
  },
  { pattern: /^我吃清真/u, make: () => slot('diet', 'halal', { kind: 'preference', spheres: ['diet', 'food'] }) },
  {
    pattern: /^我最(?:喜欢|爱)(?:吃|喝|看|听|玩)?的?(?<what>[\p{Script=Han}]{0,6}?)(?:就)?是(?<value>.+)$/u,
    make: (group, clause) =>
      slot(
        `preference.favorite.${group('what') || (/吃的/u.test(clause) ? '食物' : '东西')}`,
        group('value').replace(AFTER, '').replace(END, ''),
        { kind: 'preference', spheres: ['preference'] },
      ),
  },
  {
    pattern: new RegExp(`^我(?:们)?${ADVERB}不再(?:喜欢|爱|吃|喝)(?<thing>.+)$`, 'u'),
    make: (group) => preferenceOf(group('thing'), 'dislike', true),
  },
  {
    pattern: new RegExp(
      `^我(?:们)?${ADVERB}(?:不(?:太|怎么|是很|大|是特别|再)?(?:喜欢|爱|感兴趣)|讨厌|厌恶|受不了|忍受不了|反感|接受不了|不能接受|害怕|怕)(?<thing>.+)$`,
      'u',
    ),
    make: (group, clause) =>
      preferenceOf(
        group('thing'),
        'dislike',
        /不[^，]*了$/u.test(clause) && /不(?:再|喜欢|爱)/u.test(clause) && !/受不了|太.*了$/u.test(clause),
      ),
  },
  {
    pattern: new RegExp(
      `^我(?:们)?(?:从来|从|都|也|又|还|一直|基本|现在|平时)*(?:不吃|不喝|不碰|不能吃|不能喝|吃不了|喝不了|避免|忌口|戒了)(?<thing>(?!晚饭|早饭|午饭|东西).+)$`,
      'u',
    ),
    make: (group) => preferenceOf(group('thing'), 'avoid'),
  },
  { pattern: /^(?<thing>[\p{Script=Han}]{1,6}?)我(?:都)?(?:不吃|不喝|不喜欢)$/u, make: (group) => preferenceOf(group('thing'), 'avoid') },
  {
    pattern: new RegExp(`^我(?:们)?${ADVERB}对(?<thing>.+?)(?:很|非常|特别|比较|挺|一直)?感兴趣`, 'u'),
    make: (group) => preferenceOf(group('thing'), 'like'),
  },
  {
    pattern: new RegExp(
      `^我(?:们)?${ADVERB}(?:喜欢|热爱|喜爱|偏爱|钟爱|偏好|爱吃|爱喝|爱看|爱听|爱玩|爱好|酷爱|迷上了?|更喜欢|\\s*(?:love|like)\\s)(?!过)(?:是)?(?<thing>.+)$`,
      'u',
    ),
    make: (group) => preferenceOf(group('thing'), 'like'),
  },
];

/** Explicit preferences in Chinese; standing wishes and changes of mind before plain likes. */
export const CHINESE_PREFERENCES: readonly DraftRule[] = [...STANDING, ...REVERSALS, ...LIKES];
