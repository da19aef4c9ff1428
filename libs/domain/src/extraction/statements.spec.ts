import type { Message } from '../message.ts';
import { extractByRules } from './index.ts';

const SAID_AT = Date.parse('2026-11-21T12:00:00Z');

const said = (content: string): Message => ({
  id: 'm1',
  role: 'user',
  content,
  parts: null,
  chatTime: SAID_AT,
  roleName: null,
  speakerId: null,
  purpose: 'said' as const,
  extraction: null,
  scope: { projectId: 'default', subject: 'user:ana' },
  conversationId: 'c1',
  sequence: 1,
  place: 0,
  withheld: [],
  state: 'pending',
  partial: false,
  labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
  taskId: 't1',
  createdAt: SAID_AT,
});

/** `text | key=value | !negated | @about`, preferences marked with `P`. */
const extract = (content: string): string[] =>
  extractByRules({ messages: [said(content)], context: [], timeZone: 'UTC' }).map((candidate) =>
    [
      candidate.kind === 'preference' ? `P ${candidate.text}` : candidate.text,
      ...(candidate.topicKey === null ? [] : [`${candidate.topicKey}=${candidate.topicValue ?? ''}`]),
      ...(candidate.negated ? ['!'] : []),
      ...(candidate.about === null ? [] : [`@${candidate.about}`]),
    ].join(' | '),
  );

describe('what an English speaker says of themself', () => {
  it.each([
    ['My name is Anna.', 'My name is Anna | name=anna'],
    ["Hi, I'm Anna", "I'm Anna | name=anna"],
    ['I live in Paris', 'I live in Paris | home.city=paris'],
    ['i live in new york now', 'i live in new york now | home.city=new york'],
    ['We live in Lyon, France.', 'We live in Lyon, France | home.city=lyon'],
    ['we moved to Lyon last week', 'we moved to Lyon last week (week of 2026-11-09) | home.city=lyon'],
    ['Last week we moved to Lyon', 'Last week (week of 2026-11-09) we moved to Lyon | home.city=lyon'],
    ["No, I don't live in Paris", "I don't live in Paris | !"],
    ["I'm not a doctor", "I'm not a doctor | !"],
    ['I work at OpenAI', 'I work at OpenAI | work.employer=openai'],
    ['I prefer visual learning, can you help me with that', 'P I prefer visual learning | preference.visual learning=like'],
    ["I'm trying to tailor my resume", "I'm trying to tailor my resume"],
    ['My friend Tom is a nice guy', 'My friend Tom is a nice guy | @Tom'],
    ['I have never been to Japan', 'I have never been to Japan'],
    ['I no longer live in Paris', 'I no longer live in Paris | home.city=paris | !'],
    ["I don't live in Paris anymore", "I don't live in Paris anymore | home.city=paris | !"],
    ['I used to live in Paris', 'I used to live in Paris | !'],
    ["I'm moving to Berlin in March", "I'm moving to Berlin in March (March 2027)"],
    ["I'm from Sichuan", "I'm from Sichuan | origin=sichuan"],
    ['I live in a small village', 'I live in a small village'],
    ["I'm 34 years old.", "I'm 34 years old | age=34"],
    ['My birthday is June 5th', 'My birthday is June 5th | birthday=june 5th'],
    ['I got married last summer', 'I got married last summer (summer 2026) | marital.status=married'],
    ['I work at Acme', 'I work at Acme | work.employer=acme'],
    ['I no longer work at Acme', 'I no longer work at Acme | work.employer=acme | !'],
    ['I just got a new job at Meta', 'I just got a new job at Meta | work.employer=meta'],
    ["I'm a software engineer", "I'm a software engineer | work.role=software engineer"],
    ['I was promoted to senior manager', 'I was promoted to senior manager | work.role=senior manager'],
    ["I'm allergic to peanuts", "I'm allergic to peanuts | health.allergy.peanut=peanut"],
    ["I'm no longer allergic to peanuts", "I'm no longer allergic to peanuts | health.allergy.peanut=peanut | !"],
    ['I quit smoking last year', 'I quit smoking last year (2025) | habit.smoking=stopped | !'],
    ["I don't smoke any more", "I don't smoke any more | habit.smoking=stopped | !"],
    ['My phone is a Pixel 9', 'My phone is a Pixel 9 | phone.model=pixel 9'],
    ['I drive a Tesla Model 3', 'I drive a Tesla Model 3 | car=tesla model 3'],
    ['My email is ana@example.org', 'My email is ana@example.org | contact.email=ana@example.org'],
    ['I speak French', 'I speak French'],
    ['I have two sisters.', 'I have two sisters'],
    ['My dog is called Rex', 'My dog is called Rex'],
    ['I went to Japan in March 2023', 'I went to Japan in March 2023'],
    ['We have a flight to Tokyo on June 5th', 'We have a flight to Tokyo on June 5th (2027-06-05)'],
    ['I have a meeting tomorrow at 5pm', 'I have a meeting tomorrow at 5pm (2026-11-22 17:00)'],
    ['I play guitar every evening', 'I play guitar every evening'],
    ['remember that my locker code is 4411', 'my locker code is 4411'],
    ['Remember: the wifi password is tiger', 'the wifi password is tiger'],
    ['My sister Mia is a nurse', 'My sister Mia is a nurse | family.sister.work.role=nurse | @Mia'],
    ['My friend Tom lives in Berlin.', 'My friend Tom lives in Berlin | people.friend.home.city=berlin | @Tom'],
    ['My mother lives in Rome', 'My mother lives in Rome | family.mother.home.city=rome | @mother'],
    ['my wife loves seafood', 'my wife loves seafood | @wife'],
    ["My wife's name is Clara", "My wife's name is Clara | family.wife.name=clara | @Clara"],
    ['I am watching the film “Inception” with my son', 'I am watching the film “Inception” with my son'],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual([expected]);
  });
});

describe('what an English speaker wants', () => {
  it.each([
    ['I love jazz', 'P I love jazz | preference.jazz=like'],
    ["I can't stand loud music", "P I can't stand loud music | preference.loud music=dislike"],
    ['I hate spicy food', 'P I hate spicy food | preference.spicy=dislike'],
    ['I prefer tea to coffee', 'P I prefer tea to coffee | preference.tea=like'],
    ["I'm not a fan of horror movies", "P I'm not a fan of horror movies | preference.horror movie=dislike"],
    ['Never suggest seafood', 'P Never suggest seafood | preference.seafood=avoid'],
    ["Please don't recommend seafood to me", "P Please don't recommend seafood to me | preference.seafood=avoid"],
    ["I don't eat seafood", "P I don't eat seafood | preference.seafood=avoid"],
    ['actually seafood is fine again', 'P seafood is fine again | preference.seafood=allow'],
    ['Actually, I do eat seafood now', 'P I do eat seafood now | preference.seafood=allow'],
    ['You can suggest seafood again', 'P You can suggest seafood again | preference.seafood=allow'],
    ["I don't like jazz anymore", "P I don't like jazz anymore | preference.jazz=dislike | !"],
    ["I'm vegetarian", "P I'm vegetarian | diet=vegetarian"],
    ["I'm not vegetarian anymore", "P I'm not vegetarian anymore | diet=vegetarian | !"],
    ['Please always answer in French', 'P Please always answer in French | language.answer=fr'],
    ['From now on reply in Chinese', 'P From now on reply in Chinese | language.answer=zh'],
    ['from now on keep your answers short', 'P from now on keep your answers short'],
    ['Please call me Bob', 'P Please call me Bob | name.called=bob'],
    ['My favorite food is hot pot.', 'P My favorite food is hot pot | preference.favorite.food=hot pot'],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual([expected]);
  });
});

describe('what a Chinese speaker says of themself', () => {
  it.each([
    ['我叫李雷', '我叫李雷 | name=李雷'],
    ['我叫刘琳，很高兴认识你', '我叫刘琳 | name=刘琳'],
    ['我住在巴黎', '我住在巴黎 | home.city=paris'],
    ['我住在三亚', '我住在三亚 | home.city=sanya'],
    ['我住在上海', '我住在上海 | home.city=shanghai'],
    ['我住在广州市', '我住在广州市 | home.city=guangzhou'],
    ['我们上周搬到里昂了', '我们上周（2026-11-09起的一周）搬到里昂了 | home.city=lyon'],
    ['我不是医生', '我不是医生 | !'],
    ['我住过希尔顿', '我住过希尔顿'],
    ['我住在希尔顿酒店', '我住在希尔顿酒店'],
    ['我女朋友是日本人', '我女朋友是日本人 | @女朋友'],
    ['最近我在思考换工作的问题', '最近我在思考换工作的问题'],
    ['我最近一直在思考人生的意义', '我最近一直在思考人生的意义'],
    ['我不再住在巴黎了', '我不再住在巴黎了 | home.city=paris | !'],
    ['我以前住在巴黎', '我以前住在巴黎 | !'],
    ['我下个月要搬到深圳', '我下个月（2026年12月）要搬到深圳'],
    ['我是四川人', '我是四川人 | origin=sichuan'],
    ['我今年三十岁', '我今年（2026年）三十岁 | age=30'],
    ['我的生日是5月3日', '我的生日是5月3日 | birthday=5月3日'],
    ['我结婚了', '我结婚了 | marital.status=已婚'],
    ['我在华为工作', '我在华为工作 | work.employer=华为'],
    ['我是一名护士', '我是一名护士 | work.role=护士'],
    ['我对花生过敏', '我对花生过敏 | health.allergy.peanut=peanut'],
    ['我戒烟了', '我戒烟了 | habit.smoking=stopped | !'],
    ['我用的是iPhone 15', '我用的是iPhone 15 | phone.model=iphone 15'],
    ['我妈妈是老师', '我妈妈是老师 | family.mother.work.role=老师 | @妈妈'],
    ['我朋友小王住在上海', '我朋友小王住在上海 | people.friend.home.city=shanghai | @小王'],
    ['我女儿叫小美，今年五岁', '我女儿叫小美，今年（2026年）五岁 | family.daughter.name=小美 | @小美'],
    ['我老婆对海鲜过敏', '我老婆对海鲜过敏 | @老婆'],
    ['我养了一只猫叫咪咪', '我养了一只猫叫咪咪'],
    ['我会说法语', '我会说法语'],
    ['我去了日本旅游', '我去了日本旅游'],
    ['上周我去了北京出差', '上周（2026-11-09起的一周）我去了北京出差'],
    ['我每天早上跑步', '我每天早上跑步'],
    ['记住，我对花生过敏', '我对花生过敏 | health.allergy.peanut=peanut'],
    ['请记住：家里的wifi密码是1234', '家里的wifi密码是1234'],
    ['我想去北京，你觉得怎么样？', '我想去北京'],
    ['下周我会去北京旅游，可以给我一些建议吗？', '下周（2026-11-23起的一周）我会去北京旅游'],
    ['我国庆想出去玩，帮我推荐个没去过的城市，和没住过的酒店品牌', '我国庆（2027-10-01至2027-10-07）想出去玩'],
    ['我昨天买了 MacBook Pro', '我昨天（2026-11-20）买了 MacBook Pro'],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual([expected]);
  });
});

describe('what a Chinese speaker wants', () => {
  it.each([
    ['我喜欢爵士乐', 'P 我喜欢爵士乐 | preference.jazz=like'],
    ['我讨厌香菜', 'P 我讨厌香菜 | preference.coriander=dislike'],
    ['我不喜欢看恐怖片', 'P 我不喜欢看恐怖片 | preference.horror movie=dislike'],
    ['我不吃海鲜', 'P 我不吃海鲜 | preference.seafood=avoid'],
    ['别给我推荐海鲜', 'P 别给我推荐海鲜 | preference.seafood=avoid'],
    ['以后不要推荐海鲜了', 'P 以后不要推荐海鲜了 | preference.seafood=avoid'],
    ['海鲜又可以了', 'P 海鲜又可以了 | preference.seafood=allow'],
    ['我能吃海鲜了', 'P 我能吃海鲜了 | preference.seafood=allow'],
    ['我现在又喜欢海鲜了', 'P 我现在又喜欢海鲜了 | preference.seafood=like'],
    ['我不再喜欢咖啡了', 'P 我不再喜欢咖啡了 | preference.coffee=dislike | !'],
    ['我吃素', 'P 我吃素 | diet=vegetarian'],
    ['我已经不吃素了', 'P 我已经不吃素了 | diet=vegetarian | !'],
    ['以后用中文回答', 'P 以后用中文回答 | language.answer=zh'],
    ['我最喜欢吃的就是火锅', 'P 我最喜欢吃的就是火锅 | preference.favorite.食物=火锅'],
    ['我 love 咖啡', 'P 我 love 咖啡 | preference.coffee=like'],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual([expected]);
  });
});

describe('several statements in one message', () => {
  it.each([
    [
      "I've booked a trip to Guangzhou for the summer vacation. Which chain hotels are there?",
      ["I've booked a trip to Guangzhou for the summer vacation (July to August 2027)"],
    ],
    [
      "I've booked a trip to Guangzhou for the summer vacation, which chain hotels are there?",
      ["I've booked a trip to Guangzhou for the summer vacation (July to August 2027)"],
    ],
    [
      "I've booked a trip to Guangzhou for the summer vacation and what chain hotels are there?",
      ["I've booked a trip to Guangzhou for the summer vacation (July to August 2027)"],
    ],
    ['我暑假定好去广州旅游，住宿的话有哪些连锁酒店可选？', ['我暑假（2027年7月至8月）定好去广州旅游']],
    ["What should I cook, since I'm vegan?", ["P I'm vegan | diet=vegan"]],
    ['Could you recommend a restaurant? I hate spicy food.', ['P I hate spicy food | preference.spicy=dislike']],
    [
      "I'm a software engineer at Google and live in Zurich.",
      ["I'm a software engineer at Google | work.role=software engineer", 'I live in Zurich | home.city=zurich'],
    ],
    [
      'I love jazz but hate horror movies',
      ['P I love jazz | preference.jazz=like', 'P I hate horror movies | preference.horror movie=dislike'],
    ],
    [
      "I don't like seafood or mushrooms",
      ["P I don't like seafood | preference.seafood=dislike", "P I don't like mushrooms | preference.mushroom=dislike"],
    ],
    ['I love hiking and my wife loves skiing', ['P I love hiking | preference.hiking=like', 'my wife loves skiing | @wife']],
    ['我住在上海，在腾讯工作', ['我住在上海 | home.city=shanghai', '我在腾讯工作 | work.employer=腾讯']],
    ['以前我住在巴黎，现在搬到里昂了', ['以前我住在巴黎 | !', '我现在搬到里昂了 | home.city=lyon']],
    [
      '我喜欢潜水、滑雪和爬山',
      ['P 我喜欢潜水 | preference.潜水=like', 'P 我喜欢滑雪 | preference.滑雪=like', 'P 我喜欢爬山 | preference.hiking=like'],
    ],
    ['我妈妈住在北京，现在搬到上海了', ['我妈妈住在北京 | family.mother.home.city=beijing | @妈妈']],
    [
      '我是四川人，我最喜欢吃的就是火锅。请推荐一些美食。',
      ['我是四川人 | origin=sichuan', 'P 我最喜欢吃的就是火锅 | preference.favorite.食物=火锅'],
    ],
    ['- I live in Lyon\n- I love tea', ['I live in Lyon | home.city=lyon', 'P I love tea | preference.tea=like']],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual(expected);
  });
});
