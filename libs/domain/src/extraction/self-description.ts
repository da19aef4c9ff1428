import { draft, slot, type Draft } from './draft.ts';
import { cityOf } from './english-places.ts';
import type { Stretch } from './masking.ts';
import { preferenceThing } from './things.ts';
import { patternDraft } from './understand.ts';

/** A line of a profile that someone writes of themself: "- City: Lyon". */
export interface ProfileLine extends Stretch {
  readonly text: string;
  readonly value: string;
  readonly language: 'en' | 'zh';
  readonly draft: Draft;
}

type Reader = (value: string) => Draft | null;

const place =
  (key: string): Reader =>
  (value) =>
    slot(key, cityOf(value), { spheres: ['home'], entities: [value] });

const plain =
  (...spheres: readonly string[]): Reader =>
  () =>
    draft({ spheres });

const aged: Reader = (value) => {
  const age = /^(?<age>\d{1,3})(?:岁| years old)?$/u.exec(value)?.groups?.['age'];
  return age === undefined ? null : slot('age', age);
};

const diet: Reader = (value) =>
  patternDraft(`I am ${value}`, 'en') ?? patternDraft(`我吃${value}`, 'zh') ?? draft({ kind: 'preference', spheres: ['diet', 'food'] });

const allergy: Reader = (value) =>
  /[,，、]|\band\b|^(?:none?|no|无|没有)$/iu.test(value)
    ? null
    : slot(`health.allergy.${preferenceThing(value)}`, preferenceThing(value), { spheres: ['health', 'food'] });

const KEYS: readonly (readonly [RegExp, Reader])[] = [
  [/^(?:(?:full |my )?name|姓名|名字|我的名字)$/iu, (value) => slot('name', value, { entities: [value] })],
  [/^(?:age|年龄)$/iu, aged],
  [
    /^(?:city|location|home|residence|lives? in|living in|based in|城市|所在地|所在城市|住址|居住地|现居(?:地)?|坐标)$/iu,
    place('home.city'),
  ],
  [/^(?:hometown|from|origin|籍贯|老家|家乡)$/iu, place('origin')],
  [/^(?:job|occupation|profession|work|role|job title|职业|工作|岗位)$/iu, (value) => slot('work.role', value, { spheres: ['work'] })],
  [/^(?:employer|company|公司|单位)$/iu, (value) => slot('work.employer', value, { spheres: ['work'], entities: [value] })],
  [/^(?:diet|dietary (?:needs|preferences?|restrictions?)|饮食|饮食习惯|忌口)$/iu, diet],
  [/^(?:allergy|allergies|allergic to|过敏|过敏源|过敏史)$/iu, allergy],
  [/^(?:birthday|date of birth|born|生日|出生日期)$/iu, (value) => slot('birthday', value, { spheres: ['birthday'] })],
  [/^(?:hobby|hobbies|interests?|爱好|兴趣|兴趣爱好)$/iu, plain('hobby')],
  [/^(?:languages?|语言)$/iu, plain('language')],
  [/^(?:pets?|宠物)$/iu, plain('pet')],
  [/^(?:family|kids|children|家庭|孩子)$/iu, plain('family')],
  [/^(?:marital status|婚姻状况)$/iu, (value) => slot('marital.status', value, { spheres: ['family'] })],
];

const LINE =
  /^[ \t]*(?:[-*•·][ \t]*|\d{1,2}[.)、][ \t]*)?(?<text>(?<key>[\p{L} ]{1,24}?)[ \t]*[:：][ \t]*(?<value>[^\s:：][^\n:：]{0,80}?))[ \t]*[.。]?$/u;
/** What may stand above such lines, when they are about the speaker. */
const LEAD =
  /^(?:(?:hi|hello|hey|你好|您好)[\s,，.。!！]*)*(?:(?:a bit |some facts )?about me|my (?:profile|details|data|info(?:rmation)?)|me|关于我|我的(?:资料|信息|情况|档案)|自我介绍|个人(?:资料|信息)|here (?:are|is) (?:some )?(?:facts about me|my (?:profile|details|info(?:rmation)?))|remember(?: this)?(?: about me)?|记住)?[\s:：。.!！]*$/iu;
/** Keys of a request rather than of a person. */
const REQUEST_KEY =
  /^(?:task|question|goal|format|tone|topic|subject|title|input|output|role play|character|context|customer|client|patient|user|任务|问题|要求|目标|主题|标题|角色|客户|患者|用户)$/iu;
const FEWEST_LINES = 2;
const MOST_LINES = 40;

/**
 * The lines of a profile, when that is all the message is: several keys of what people tell of themselves, and above them
 * nothing but a heading of the speaker's own. Among other words such lines may describe anyone.
 */
export function profileLines(shadow: string): readonly ProfileLine[] {
  const found: ProfileLine[] = [];
  let offset = 0;
  for (const line of shadow.split('\n').slice(0, MOST_LINES)) {
    const start = offset;
    offset += line.length + 1;
    if (line.trim() === '') continue;
    const groups = line.length > 160 ? undefined : LINE.exec(line)?.groups;
    const { key = '', value = '', text = '' } = groups ?? {};
    const reader = KEYS.find(([pattern]) => pattern.test(key.trim()))?.[1];
    if ((groups === undefined && !LEAD.test(line.trim())) || REQUEST_KEY.test(key.trim())) return [];
    // Other keys may stand among them, but not at their head: there they tell what the lines are for.
    if (groups !== undefined && reader === undefined && (found.length === 0 || key.trim().split(/\s+/u).length > 3)) return [];
    const understood = reader?.(value.trim()) ?? null;
    if (understood === null) continue;
    const at = start + line.indexOf(text);
    found.push({
      start: at,
      end: at + text.length,
      text,
      value: value.trim(),
      language: /\p{Script=Han}/u.test(text) ? 'zh' : 'en',
      draft: understood,
    });
  }
  return found.length < FEWEST_LINES ? [] : found;
}
