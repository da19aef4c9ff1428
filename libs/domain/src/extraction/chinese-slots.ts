import { chineseNameAt, chinesePlaceAt } from './chinese-places.ts';
import { draft, slot, type Draft, type DraftRule } from './draft.ts';
import { CHINESE_OCCUPATION } from './occupations.data.ts';
import { readChineseNumber } from '../time/chinese-numerals.ts';
import { placeValue } from './places.ts';
import { preferenceThing } from './things.ts';

const I = '我(?:们|们家)?';
const TIME = '(?:[\\p{Script=Han}\\d]{1,8}?)?';
const ADVERB = '(?:自己|本人|现在|目前|如今|一直|已经|也|都|就|刚|刚刚|最近|今年|还|终于|平时|正式|从小|又|正|主要)*';

const placed = (name: string | null): readonly string[] => (name === null ? [] : [name]);

/** Where one stays for a while is no home. */
const LODGING = /酒店|宾馆|民宿|旅馆|客栈|青旅|宿舍|附近|楼/u;

function homeDraft(rest: string, negated: boolean): Draft | null {
  if (LODGING.test(rest)) return null;
  const place = chinesePlaceAt(rest) ?? chineseNameAt(rest);
  return place === null ? null : slot('home.city', placeValue(place), { negated, spheres: ['home'], entities: [place] });
}

const HOME: readonly DraftRule[] = [
  {
    pattern: new RegExp(`^(?:以前|之前|曾经|过去)?${I}(?:以前|之前|曾经|过去|曾)(?:是)?(?:住|生活)(?:在|过)(?<rest>.+)`, 'u'),
    make: (group) => draft({ negated: true, spheres: ['home'], entities: placed(chinesePlaceAt(group('rest'))) }),
  },
  {
    pattern: new RegExp(`^(?:以前|之前|曾经|过去|小时候)${I}(?:住|生活)(?:在|过)(?<rest>.+)`, 'u'),
    make: (group) => draft({ negated: true, spheres: ['home'], entities: placed(chinesePlaceAt(group('rest'))) }),
  },
  {
    pattern: new RegExp(`^${TIME}${I}${ADVERB}(?<no>不再|不|没有再|已经不)(?:住|生活)在?(?<rest>.+?)了?$`, 'u'),
    make: (group) => homeDraft(group('rest'), true),
  },
  {
    pattern: new RegExp(`^${TIME}${I}(?:家)?${ADVERB}(?:住在|住(?![过的了院不得着校进])|定居在?|生活在|家在|居住在)(?<rest>.+)`, 'u'),
    make: (group) => homeDraft(group('rest'), false),
  },
  {
    pattern: new RegExp(`^${TIME}${I}${ADVERB}在(?<rest>[\\p{Script=Han}A-Za-z ]{2,12}?)(?:住|居住|生活|定居)(?!过|院|酒店|宾馆)`, 'u'),
    make: (group) => homeDraft(group('rest'), false),
  },
  {
    pattern: new RegExp(`^${TIME}${I}(?<when>.{0,14}?)(?:搬家?到|搬去|搬来|移居到?|迁到|搬回)了?(?<rest>.+)`, 'u'),
    make: (group, clause) => {
      const ahead = /要|会|将|打算|计划|准备|想|明年|下个?月|下周|即将/u.test(group('when')) || /^(?:明年|下个?月|下周)/u.test(clause);
      return ahead ? draft({ spheres: ['home'], entities: placed(chinesePlaceAt(group('rest'))) }) : homeDraft(group('rest'), false);
    },
  },
  {
    pattern: /^我(?:的)?老家(?:在|是)(?<rest>.+)/u,
    make: (group) =>
      slot('origin', placeValue(chinesePlaceAt(group('rest')) ?? group('rest')), {
        spheres: ['home'],
        entities: placed(chinesePlaceAt(group('rest'))),
      }),
  },
  {
    pattern: /^我(?:是|来自)(?<place>[\p{Script=Han}]{2,5}?)(?:人|的)?$/u,
    make: (group, clause) =>
      clause.endsWith('人') || clause.startsWith('我来自')
        ? slot('origin', placeValue(group('place')), { entities: [group('place')], spheres: ['origin'] })
        : null,
  },
  {
    pattern: /^我(?:出生在|在.{2,8}(?:出生|长大))/u,
    make: (_group, clause) =>
      draft({ spheres: ['home', 'birthday'], entities: placed(chinesePlaceAt(clause.replace(/^我(?:出生在|在)/u, ''))) }),
  },
];

const WORK: readonly DraftRule[] = [
  {
    pattern: new RegExp(
      `^${TIME}${I}${ADVERB}(?<no>不再|不)?在(?<name>[\\p{Script=Han}A-Za-z\\d ]{2,16}?)(?:(?<![换找做的份些项])工作|上班|任职|就职)(?!的(?:问题|压力|事)|上|中)(?<end>.*)$`,
      'u',
    ),
    make: (group) => {
      const name = group('name').trim();
      if (
        /^(?:思考|考虑|忙|努力|认真|准备|寻找|家|一家|公司|外面|那|这|国|当前|目前|现在|自己|某|同|本|北京|上海|广州|深圳|杭州|成都|武汉|南京)|[的]|(?:城市|地方|行业|领域|方面)$/u.test(
          name,
        )
      )
        return draft({ spheres: ['work'] });
      return slot('work.employer', name, { negated: group('no') !== '', spheres: ['work'], entities: [name] });
    },
  },
  {
    pattern: new RegExp(
      `^${TIME}${I}${ADVERB}.{0,6}?(?:跳槽到|入职|加入)了?(?<name>[\\p{Script=Han}A-Za-z\\d ]{2,14}?)(?:了|工作|公司)?$`,
      'u',
    ),
    make: (group, clause) =>
      /想|打算|计划|准备|要|会/u.test(clause.replace(group('name'), ''))
        ? null
        : slot('work.employer', group('name'), { spheres: ['work'], entities: [group('name')] }),
  },
  {
    pattern: new RegExp(`^我${ADVERB}(?<no>不再|不)?(?:是|做|当)(?:了)?(?:一?[名个位])?(?<role>${CHINESE_OCCUPATION})(?:了)?$`, 'u'),
    make: (group) => slot('work.role', group('role'), { negated: group('no') !== '', spheres: ['work'] }),
  },
  {
    pattern: new RegExp(`^我${ADVERB}在.{2,16}?(?:做|当)(?:了)?(?:一?[名个位])?(?<role>${CHINESE_OCCUPATION})$`, 'u'),
    make: (group) => slot('work.role', group('role'), { spheres: ['work'] }),
  },
  {
    pattern: /^我的(?:工作|职业)是(?:一?[名个位])?(?<role>.{2,14})$/u,
    make: (group) => slot('work.role', group('role'), { spheres: ['work'] }),
  },
  {
    pattern: /^我(?:已经|刚|刚刚|上个?月|上周|昨天|最近)?(?:辞职|离职|退休|被裁)/u,
    make: () => draft({ negated: false, spheres: ['work'] }),
  },
];

const SELF: readonly DraftRule[] = [
  {
    pattern: /^(?:我(?:的名字)?叫|我的名字是|我名叫)(?:做)?(?<name>[\p{Script=Han}A-Za-z·]{1,12})$/u,
    make: (group) => slot('name', group('name'), { entities: [group('name')] }),
  },
  {
    pattern: /^(?:以后)?(?:请)?(?:叫我|称呼我)(?<name>[\p{Script=Han}A-Za-z]{1,8}?)(?:吧|就好|就行)?$/u,
    make: (group) => slot('name.called', group('name'), { kind: 'preference', entities: [group('name')] }),
  },
  {
    pattern: /^我(?:今年|现在|已经|刚满|刚|也)*(?<age>\d{1,3}|[一二三四五六七八九十]{1,4})岁/u,
    make: (group) => slot('age', String(readChineseNumber(group('age')) ?? group('age'))),
  },
  {
    pattern: /^(?:我的?生日是|我(?:的)?生日在|我是?(?=[\d一二三四五六七八九十〇]|农历|阴历))(?<date>.{2,12}?)(?:出生的?|生的|生日)?$/u,
    make: (group, clause) =>
      /生日|出生|生的/u.test(clause) && /[\d一二三四五六七八九十]/u.test(group('date'))
        ? slot('birthday', group('date'), { spheres: ['birthday'] })
        : null,
  },
  { pattern: /^(?:今天|明天|后天)是我(?:的)?生日/u, make: () => draft({ spheres: ['birthday'] }) },
  {
    pattern: /^我(?:们)?(?:已经|现在|目前|还)?(?:是)?(?<status>已婚|未婚|单身|离异|离婚了|结婚了|订婚了)/u,
    make: (group) => slot('marital.status', statusOf(group('status')), { spheres: ['family'] }),
  },
  {
    pattern: new RegExp(`^${TIME}${I}(?:.{0,8}?)(?<status>结婚|离婚|订婚)了`, 'u'),
    make: (group) => slot('marital.status', statusOf(group('status')), { spheres: ['family'] }),
  },
  { pattern: /^我的母语是(?<value>.{2,8})$/u, make: (group) => slot('language.native', group('value'), { spheres: ['language'] }) },
  {
    pattern: /^我的(?:邮箱|电子邮件)(?:地址)?是(?<value>\S+@\S+)/u,
    make: (group) => slot('contact.email', group('value'), { spheres: ['contact'] }),
  },
  {
    pattern: /^我的(?:电话|手机号|电话号码|手机号码)是(?<value>[+\d][\d -]{4,})/u,
    make: (group) => slot('contact.phone', group('value').replace(/[^\d+]/gu, ''), { spheres: ['contact'] }),
  },
  {
    pattern: /^我(?:身高)(?:是|有)?(?<value>\d(?:\.\d+)?米\d*|\d{3} ?(?:cm|厘米|公分)?)/iu,
    make: (group) => slot('body.height', group('value')),
  },
  {
    pattern: /^我(?:体重|现在)(?:是|有)?(?<value>\d{2,3}(?:\.\d)? ?(?:kg|公斤|斤|千克))/iu,
    make: (group) => slot('body.weight', group('value'), { spheres: ['health'] }),
  },
];

const statusOf = (word: string): string =>
  /离/u.test(word) ? '离婚' : /订/u.test(word) ? '订婚' : /单身|未婚/u.test(word) ? '单身' : '已婚';

const HEALTH: readonly DraftRule[] = [
  {
    pattern:
      /^我(?<no>(?:现在|已经)?(?:不再|不))?(?:现在|从小|一直|也|还)*对(?<what>[\p{Script=Han}A-Za-z]{1,8}?)(?<no2>已经不|不再|不)?(?:严重|有点|特别|很|都)?过敏(?<gone>了)?/u,
    make: (group) =>
      slot(`health.allergy.${preferenceThing(group('what'))}`, preferenceThing(group('what')), {
        negated: group('no') !== '' || group('no2') !== '',
        spheres: ['health', 'food'],
      }),
  },
  {
    pattern: /^我(?:已经|终于|刚)?(?:戒(?<what>烟|酒)(?:了)?|戒了(?<what2>烟|酒))/u,
    make: (group) =>
      slot(`habit.${(group('what') || group('what2')) === '烟' ? 'smoking' : 'drinking'}`, 'stopped', {
        negated: true,
        spheres: ['health'],
      }),
  },
  {
    pattern: /^我(?:从来|从|现在|已经|也|都|又)*(?:不再|不)(?<what>抽烟|吸烟|喝酒)/u,
    make: (group) => slot(`habit.${group('what') === '喝酒' ? 'drinking' : 'smoking'}`, 'stopped', { negated: true, spheres: ['health'] }),
  },
];

/** What a thing is like, or how one came by it, is not which one it is: "红色的", "去年买的", "坏的". */
const DESCRIBES = /(?:色|买|送|修|用|租|借|旧|新|坏)的?$/u;

const POSSESSIONS: readonly DraftRule[] = [
  {
    pattern: /^我的?(?:新)?手机是(?:一?[部台个款])?(?<value>.{2,20})$/u,
    make: (group) => (DESCRIBES.test(group('value')) ? null : slot('phone.model', group('value'), { spheres: ['device'] })),
  },
  {
    pattern:
      /^我(?:现在|刚|最近|昨天|上周)?(?:换了|买了|用的是|换成了?)(?:一?[部台个款])?(?<value>(?:iPhone|华为|小米|苹果|三星|Pixel|OPPO|vivo|荣耀)[\p{L}\d ]*?)(?:手机)?$/iu,
    make: (group) => slot('phone.model', group('value'), { spheres: ['device'] }),
  },
  {
    pattern: /^我(?:现在)?(?:的车是|开的(?:车)?是|开)(?:一?[辆台])?(?<value>[\p{Script=Han}A-Za-z\d ]{2,12})$/u,
    make: (group, clause) =>
      DESCRIBES.test(group('value')) ||
      (/^我(?:现在)?开(?!的)/u.test(clause) &&
        !/特斯拉|宝马|奔驰|奥迪|丰田|本田|大众|比亚迪|蔚来|理想|小鹏|吉利|保时捷|沃尔沃|[A-Z]/u.test(group('value')))
        ? null
        : slot('car', group('value'), { spheres: ['car'] }),
  },
];

/** What a Chinese speaker says of themself in a form that fills a slot or names its sphere. */
export const CHINESE_SLOTS: readonly DraftRule[] = [...HOME, ...WORK, ...SELF, ...HEALTH, ...POSSESSIONS];
