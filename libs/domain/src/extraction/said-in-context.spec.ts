import type { Candidate } from '../memory.ts';
import type { Message, MessageRole } from '../message.ts';
import { extractByRules } from './index.ts';

const SAID_AT = Date.parse('2026-11-21T12:00:00Z');

const messages = (...turns: readonly (readonly [MessageRole, string])[]): Message[] =>
  turns.map(([role, content], index) => ({
    id: `m${index + 1}`,
    role,
    content,
    parts: null,
    chatTime: SAID_AT,
    roleName: null,
    speakerId: null,
    purpose: 'said' as const,
    extraction: null,
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: 'c1',
    sequence: index + 1,
    place: 0,
    withheld: [],
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    taskId: 't1',
    createdAt: SAID_AT,
  }));

const candidates = (...turns: readonly (readonly [MessageRole, string])[]): readonly Candidate[] =>
  extractByRules({ messages: messages(...turns), context: [], timeZone: 'UTC' });

/** `text | key=value | @about`, preferences marked with `P`. */
const shown = ({ kind, text, topicKey, topicValue, about }: Candidate): string =>
  [
    kind === 'preference' ? `P ${text}` : text,
    ...(topicKey === null ? [] : [`${topicKey}=${topicValue ?? ''}`]),
    ...(about === null ? [] : [`@${about}`]),
  ].join(' | ');
const extract = (content: string): string[] => candidates(['user', content]).map(shown);
const answered = (question: string, answer: string): string[] => candidates(['assistant', question], ['user', answer]).map(shown);

describe('a short answer to a question just asked', () => {
  it.each([
    ['Hi! Where do you live?', 'Lyon', 'Where do you live? Lyon | home.city=lyon'],
    ['Where do you live?', 'In Lyon.', 'Where do you live? In Lyon | home.city=lyon'],
    ['请问你住在哪里？', '里昂', '请问你住在哪里？ 里昂 | home.city=lyon'],
    ["What's your name?", 'Anna Smith', "What's your name? Anna Smith | name=anna smith"],
    ['How old are you?', '34', 'How old are you? 34 | age=34'],
    ['What do you do for a living?', 'a nurse', 'What do you do for a living? a nurse | work.role=nurse'],
    ['Do you have any allergies?', 'Yes, peanuts', 'Do you have any allergies? peanuts | health.allergy.peanut=peanut'],
    ['Are you vegetarian?', 'yes', 'P Are you vegetarian? yes | diet=vegetarian'],
    ['Are you vegetarian?', 'Yes, I am', 'P Are you vegetarian? I am | diet=vegetarian'],
    ['你住在上海吗？', '是的', '你住在上海吗？ 是的 | home.city=shanghai'],
    ['你养宠物吗？', '养了一只猫，叫汤圆', '你养宠物吗？ 养了一只猫，叫汤圆'],
  ])('%s - %s', (question, answer, expected) => {
    expect(answered(question, answer)).toEqual([expected]);
  });

  it('rests on both messages and quotes both', () => {
    const [candidate] = candidates(['assistant', 'Where do you live?'], ['user', 'Lyon']);
    expect(candidate).toMatchObject({ sourceMessageIds: ['m1', 'm2'], quotes: ['Where do you live', 'Lyon'], origin: 'user' });
  });

  it.each([
    ['Where do you live?', 'Thanks'],
    ['Where do you live?', 'Near the river'],
    ['Where do you live?', 'Why do you ask?'],
    ['Where does your sister live?', 'Lyon'],
    ['How old are you, and where are you from?', 'Ghana'],
    ['If you were a bird, where do you live?', 'Lyon'],
    ["What's your name?", 'Stop'],
    ['你叫什么名字？', '谢谢'],
    ['Do you have any allergies?', 'None that I know of'],
    ['Do you have any allergies?', 'Yes'],
    ['Are you vegetarian?', 'no'],
    ['Are you vegetarian or vegan?', 'yes'],
    ['Are you looking for a hotel in Rome?', 'yes'],
    ['For which city?', 'Paris'],
  ])('is left alone where it may mean something else: %s - %s', (question, answer) => {
    expect(answered(question, answer)).toEqual([]);
  });

  it('is none when the person asked the question themself', () => {
    expect(candidates(['user', 'Where do you live?'], ['user', 'Lyon'])).toEqual([]);
  });
});

describe('a profile that someone writes of themself', () => {
  it('is read line by line', () => {
    expect(extract('About me:\n- Name: Ana\n- City: Lyon\n- Diet: vegan')).toEqual([
      'Name: Ana | name=ana',
      'City: Lyon | home.city=lyon',
      'P Diet: vegan | diet=vegan',
    ]);
    expect(extract('姓名：李雷\n城市：杭州')).toEqual(['姓名：李雷 | name=李雷', '城市：杭州 | home.city=hangzhou']);
  });

  it.each([
    'About my friend:\nName: Tom\nCity: Rome',
    'Patient\nName: Tom\nAge: 9',
    'Write a bio for this:\nName: Bob\nCity: Rome',
    'Name: Tom\nAge: 9\nMake a school report for my pupil',
    'Task: write a CV\nName: Tom\nCity: Rome',
    'Name: Tom\nTask: write a CV for him\nCity: Rome',
    'Hero: tall\nName: Tom\nCity: Rome',
    'Name: Tom',
  ])('is none where the lines may describe anyone: %j', (content) => {
    expect(extract(content)).toEqual([]);
  });
});

describe('a pronoun right after the person it means', () => {
  it.each([
    ['My sister Mia is a nurse. She lives in Bergen.', 'My sister Mia lives in Bergen | family.sister.home.city=bergen | @Mia'],
    ['My son Leo loves dinosaurs and he is 4', 'My son Leo is 4 | family.son.age=4 | @Leo'],
    ['我女儿小美今年五岁，她喜欢画画', '我女儿小美喜欢画画 | @小美'],
    ['我弟弟叫小刚，他在北京读大学', '我弟弟在北京读大学 | @小刚'],
  ])('%s', (content, expected) => {
    expect(extract(content)).toContain(expected);
  });

  it.each([
    ['My sister Mia met my friend Eva. She lives in Rome.', 'Rome'],
    ['My brother works with Tom. He lives in Rome.', 'Rome'],
    ['My sister Mia is a nurse. He lives in Rome.', 'Rome'],
    ['My sister met my cousin in May. She lives in Rome.', 'Rome'],
    ['My friend Sam has a dog. He barks a lot.', 'barks'],
    ['She lives in Rome.', 'Rome'],
  ])('means nobody for certain: %s', (content, words) => {
    expect(extract(content).filter((text) => text.includes(words))).toEqual([]);
  });
});

describe('as people type', () => {
  it.each([
    ['我住在臺北，不吃牛肉', ['我住在臺北 | home.city=taipei', 'P 我不吃牛肉 | preference.beef=avoid']],
    ['我姊姊住在臺中', ['我姊姊住在臺中 | @姊姊']],
    ['上個月我搬到高雄了', ['上個月（2026年10月）我搬到高雄了 | home.city=kaohsiung']],
    ['im a nurse and ive two cats', ['im a nurse | work.role=nurse', 'ive two cats']],
    ['I`m a vegan and dont drink coffee', ['P I`m a vegan | diet=vegan', 'P I dont drink coffee | preference.coffee=avoid']],
    [
      'i live in lyon i work as a chef and i have two cats',
      ['i live in lyon | home.city=lyon', 'i work as a chef | work.role=chef', 'i have two cats'],
    ],
    ['我在 Google 上班，但是 I live in Zurich', ['我在 Google 上班 | work.employer=google', 'I live in Zurich | home.city=zurich']],
    ['他说：“我住在火星。”我住在成都。', ['我住在成都 | home.city=chengdu']],
    ['He said "I like tea." I like coffee.', ['P I like coffee | preference.coffee=like']],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual(expected);
  });

  it('quotes verbatim what it read with other characters', () => {
    const content = '我住在臺北，im a nurse';
    for (const { quotes } of candidates(['user', content])) expect(quotes.every((quote) => content.includes(quote))).toBe(true);
    expect(candidates(['user', '我住在臺北'])[0]).toMatchObject({ text: '我住在臺北', entities: ['臺北'] });
  });

  it('gives one city one value, whatever it is called', () => {
    const values = ['I live in Paris', '我住在巴黎', '我住在巴黎市'].map((content) => candidates(['user', content])[0]?.topicValue);
    expect(values).toEqual(['paris', 'paris', 'paris']);
  });
});

describe('nothing is lost inside a sentence', () => {
  it.each([
    [
      'I live in Lyon with my husband Marc and our cat Biscuit.',
      ['I live in Lyon with my husband Marc and our cat Biscuit | home.city=lyon'],
    ],
    ['I love hiking and my wife loves skiing', ['P I love hiking | preference.hiking=like', 'my wife loves skiing | @wife']],
    ['我喜欢喝龙井茶，不喜欢喝咖啡。', ['P 我喜欢喝龙井茶 | preference.龙井茶=like', 'P 我不喜欢喝咖啡 | preference.coffee=dislike']],
    ['我不吃香菜，也不喜欢辣的', ['P 我不吃香菜 | preference.coriander=avoid', 'P 我也不喜欢辣的 | preference.spicy=dislike']],
    [
      '我喜欢吃火锅、喝奶茶、看电影',
      ['P 我喜欢吃火锅 | preference.hot pot=like', 'P 我喜欢喝奶茶 | preference.奶茶=like', 'P 我喜欢看电影 | preference.movie=like'],
    ],
    ['我去了三亚，有海有沙滩，玩得很开心', ['我去了三亚，有海有沙滩，玩得很开心']],
    ['我不喜欢吃鱼，觉得腥', ['P 我不喜欢吃鱼，觉得腥 | preference.fish=dislike']],
    [
      '我喜欢听古典音乐、看电影，也喜欢喝茶',
      [
        'P 我喜欢听古典音乐 | preference.classical music=like',
        'P 我喜欢看电影 | preference.movie=like',
        'P 我也喜欢喝茶 | preference.tea=like',
      ],
    ],
    ['我学会了做一道新菜，叫做回锅肉', ['我学会了做一道新菜，叫做回锅肉']],
    ['我对花生和虾过敏', ['我对花生过敏 | health.allergy.peanut=peanut', '我对虾过敏 | health.allergy.虾=虾']],
    ["I'm vegan, allergic to nuts, and live in Oslo", ["P I'm vegan, allergic to nuts | diet=vegan", 'I live in Oslo | home.city=oslo']],
    ['My wife and I are moving to Porto in June', ['My wife and I are moving to Porto in June (June 2027)']],
    ['My husband and I live in Porto', ['My husband and I live in Porto | home.city=porto']],
    ['我和老婆住在杭州，有一个女儿', ['我和老婆住在杭州，有一个女儿 | home.city=hangzhou']],
    ['I love my wife and my work', ['I love my wife and my work']],
    [
      '我今年28岁，是一名护士，养了两只猫，一只叫豆豆',
      ['我今年（2026年）28岁 | age=28', '我是一名护士 | work.role=护士', '我养了两只猫，一只叫豆豆'],
    ],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual(expected);
  });

  it('names everyone in a list', () => {
    expect(candidates(['user', 'I have two kids, Mia and Tom, and a dog called rex'])[0]?.entities).toEqual(
      expect.arrayContaining(['Mia', 'Tom', 'rex']),
    );
    expect(candidates(['user', '我有两个孩子，小明和小红，还有一只叫旺财的狗'])[0]?.entities).toEqual(
      expect.arrayContaining(['小明', '小红', '旺财']),
    );
  });

  it.each([
    "I'm tired",
    'I just had lunch',
    'I woke up late',
    '我刚吃完饭',
    '我好累',
    "Let's play a game: I am a wizard",
    'You are a tour guide. I am a tourist.',
  ])('what is over by tomorrow, or played, is not kept: %s', (content) => {
    expect(extract(content)).toEqual([]);
  });
});

describe('a message longer than anyone types', () => {
  it.each([
    ['in few sentences', `We talked about the weather ${'for a while and '.repeat(20)}that was it.\n`.repeat(40)],
    ['in many', 'We had fun.\n'.repeat(500)],
  ])('is read at its beginning only: %s', (_kind, filler) => {
    const facts = extract(`I live in Lyon.\n${filler}I work at Acme.`);
    expect(facts).toContain('I live in Lyon | home.city=lyon');
    expect(facts.join()).not.toContain('Acme');
  });
});
