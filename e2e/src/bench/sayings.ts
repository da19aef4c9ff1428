import { pick } from '../trials/random.ts';

/** Something a person says, and what of it is remembered. */
export interface Saying {
  readonly text: string;
  readonly title: string;
  readonly keys: readonly string[];
  readonly kind: 'fact' | 'preference';
  readonly language: 'en' | 'zh';
}

/** One in this many sayings is Chinese. */
const CHINESE_SHARE = 4;

const PEOPLE = ['Mia', 'Jonas', 'Priya', 'Chen', 'Olga', 'Samir', 'Lucy', 'Diego', 'Hana', 'Tomas', 'Nadia', 'Felix'];
const RELATIONS = ['sister', 'brother', 'colleague', 'neighbour', 'cousin', 'landlord', 'dentist', 'trainer', 'flatmate', 'uncle'];
const CITIES = [
  'Lisbon',
  'Guangzhou',
  'Lyon',
  'Oslo',
  'Montreal',
  'Naples',
  'Kyoto',
  'Austin',
  'Cape Town',
  'Riga',
  'Porto',
  'Hanoi',
  'Quito',
  'Leeds',
];
const FOODS = [
  'ramen',
  'sourdough',
  'oysters',
  'lentil soup',
  'goat cheese',
  'mango sticky rice',
  'black coffee',
  'rye bread',
  'pistachio ice cream',
  'kimchi',
];
const HOBBIES = [
  'bouldering',
  'watercolours',
  'the cello',
  'bird watching',
  'pottery',
  'rowing',
  'chess',
  'salsa',
  'astronomy',
  'beekeeping',
  'fencing',
];
const THINGS = [
  'bicycle',
  'laptop',
  'sailing boat',
  'greenhouse',
  'camera',
  'record player',
  'washing machine',
  'Volvo',
  'tent',
  'telescope',
  'piano',
];
const FIRMS = [
  'Northwind',
  'Acme Robotics',
  'Bluefin Bank',
  'Larch Labs',
  'Orbital Foods',
  'Juniper Health',
  'Tidewater Energy',
  'Papaya Games',
];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const PROBLEMS = [
  'a flat tyre',
  'a leaking roof',
  'a broken zip',
  'a sore knee',
  'a late invoice',
  'a lost passport',
  'a noisy fan',
  'a cracked screen',
];
const ADJECTIVES = ['old', 'green', 'second-hand', 'borrowed', 'new', 'tiny', 'expensive', 'rusty', 'vintage', 'electric'];

const CITIES_ZH = ['广州', '里斯本', '成都', '京都', '上海', '里昂', '杭州', '西安', '昆明', '青岛', '厦门', '台北'];
const FOODS_ZH = ['拉面', '酸辣粉', '芒果糯米饭', '黑咖啡', '绿豆汤', '羊肉串', '豆腐脑', '生蚝', '火锅', '小笼包'];
const HOBBIES_ZH = ['攀岩', '水彩画', '大提琴', '观鸟', '陶艺', '划船', '围棋', '跳舞', '摄影', '养蜂'];
const THINGS_ZH = ['自行车', '笔记本电脑', '帆船', '温室', '相机', '唱片机', '洗衣机', '望远镜', '钢琴', '帐篷'];
const RELATIONS_ZH = ['姐姐', '弟弟', '同事', '邻居', '表妹', '房东', '牙医', '教练', '室友', '叔叔'];

type Random = () => number;

const fact = (text: string, title: string, ...keys: readonly string[]): Saying => ({ text, title, keys, kind: 'fact', language: 'en' });
const preference = (text: string, title: string, ...keys: readonly string[]): Saying => ({
  text,
  title,
  keys,
  kind: 'preference',
  language: 'en',
});
const inChinese = (saying: Saying): Saying => ({ ...saying, language: 'zh' });

const ENGLISH: readonly ((random: Random, number: number) => Saying)[] = [
  (random, number) => {
    const [city, month] = [pick(random, CITIES), pick(random, MONTHS)];
    return fact(
      `I have booked a trip to ${city} in ${month} for ${2 + (number % 9)} nights, reservation ${number}.`,
      `Trip to ${city}`,
      city,
      month,
    );
  },
  (random, number) => {
    const [relation, person, city] = [pick(random, RELATIONS), pick(random, PEOPLE), pick(random, CITIES)];
    return fact(`My ${relation} ${person} lives in ${city}, at house number ${number}.`, `${person} in ${city}`, person, city);
  },
  (random, number) => {
    const [adjective, thing, problem] = [pick(random, ADJECTIVES), pick(random, THINGS), pick(random, PROBLEMS)];
    return fact(`I took the ${adjective} ${thing} to the workshop because of ${problem}; the ticket is ${number}.`, `The ${thing}`, thing);
  },
  (random, number) => {
    const [firm, hobby] = [pick(random, FIRMS), pick(random, HOBBIES)];
    return fact(`I met ${pick(random, PEOPLE)} from ${firm} at the ${hobby} club, locker ${number}.`, `Somebody from ${firm}`, firm, hobby);
  },
  (random, number) =>
    fact(
      `I paid ${20 + (number % 900)} euros for a ${pick(random, ADJECTIVES)} ${pick(random, THINGS)} last ${pick(random, MONTHS)}.`,
      'A purchase',
    ),
  (random, number) => {
    const food = pick(random, FOODS);
    return fact(`We ate ${food} at a small place near ${pick(random, CITIES)} station, table ${number % 60}.`, `${food} out`, food);
  },
  (random) => {
    const food = pick(random, FOODS);
    return preference(`I would rather have ${food} than ${pick(random, FOODS)} when I work late.`, `Likes ${food}`, food);
  },
  (random) => {
    const hobby = pick(random, HOBBIES);
    return preference(
      `I prefer ${hobby} in the ${pick(random, ['morning', 'evening', 'afternoon'])} with ${pick(random, PEOPLE)}.`,
      `Prefers ${hobby}`,
      hobby,
    );
  },
];

const CHINESE: readonly ((random: Random, number: number) => Saying)[] = [
  (random, number) => {
    const city = pick(random, CITIES_ZH);
    return inChinese(fact(`我订了去${city}的机票，${1 + (number % 12)}月出发，订单号${number}。`, `去${city}`, city));
  },
  (random, number) => {
    const [relation, city] = [pick(random, RELATIONS_ZH), pick(random, CITIES_ZH)];
    return inChinese(fact(`我的${relation}住在${city}，门牌号是${number}。`, `${relation}在${city}`, relation, city));
  },
  (random, number) => {
    const thing = pick(random, THINGS_ZH);
    return inChinese(fact(`上个月我花了${20 + (number % 900)}块钱修理${thing}。`, `修理${thing}`, thing));
  },
  (random) => {
    const [food, hobby] = [pick(random, FOODS_ZH), pick(random, HOBBIES_ZH)];
    return inChinese(preference(`${hobby}以后我最喜欢吃${food}。`, `喜欢${food}`, food, hobby));
  },
];

/** What one person says next; `number` makes it unlike everything else. */
export function saying(random: Random, number: number): Saying {
  return pick(random, number % CHINESE_SHARE === 0 ? CHINESE : ENGLISH)(random, number);
}

const ENGLISH_QUESTIONS: readonly ((random: Random) => string)[] = [
  (random) => `When is my trip to ${pick(random, CITIES)}?`,
  (random) => `Where does my ${pick(random, RELATIONS)} ${pick(random, PEOPLE)} live?`,
  (random) => `What was wrong with the ${pick(random, ADJECTIVES)} ${pick(random, THINGS)}?`,
  (random) => `Who did I meet from ${pick(random, FIRMS)}?`,
  (random) => `What do I like to eat when I work late, ${pick(random, FOODS)}?`,
  (random) => `Which hobby do I prefer, ${pick(random, HOBBIES)} or ${pick(random, HOBBIES)}?`,
];

const CHINESE_QUESTIONS: readonly ((random: Random) => string)[] = [
  (random) => `我什么时候去${pick(random, CITIES_ZH)}？`,
  (random) => `我的${pick(random, RELATIONS_ZH)}住在哪里？`,
  (random) => `${pick(random, THINGS_ZH)}修理花了多少钱？`,
];

/** What somebody asks about what was said. */
export function question(random: Random): string {
  return pick(random, random() * CHINESE_SHARE < 1 ? CHINESE_QUESTIONS : ENGLISH_QUESTIONS)(random);
}
