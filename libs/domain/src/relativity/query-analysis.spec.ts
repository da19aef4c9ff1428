import { analyseQuery } from './query-analysis.ts';
import { isWish, onlyAsks } from './query-patterns.ts';

describe('analyseQuery', () => {
  it.each([
    'hello',
    'Hi!',
    'hey there',
    'thanks a lot',
    'ok',
    'good morning',
    'bye',
    'how are you?',
    '你好',
    '你好呀',
    '早上好！',
    '谢谢你',
    '好的',
    '嗯嗯，知道了',
    '晚安',
    '再见',
    '在吗',
    '你好，在吗？',
    'what is 2+2',
    '12 * 31 = ?',
    '1+1等于几',
    '👍',
    '...',
    '   ',
  ])('asks for nothing with "%s"', (query) => {
    const analysis = analyseQuery(query);
    expect(analysis).toMatchObject({ isSmallTalk: true, hasContent: false, terms: [], concepts: [], clauses: [] });
  });

  it.each([
    'ok, which hotel?',
    'hello, where do I live?',
    '你好，我住在哪里？',
    'good coffee',
    'thanks, and the city?',
    '谢谢，那酒店呢？',
    'what did I do yesterday?',
    '我昨天做了什么',
  ])('asks for something with "%s"', (query) => {
    expect(analyseQuery(query)).toMatchObject({ isSmallTalk: false, hasContent: true });
  });

  it.each(['what?', 'why not?', 'and then?', 'tell me more', '为什么？', '那怎么办'])('finds no content in "%s"', (query) => {
    expect(analyseQuery(query).hasContent).toBe(false);
  });

  it.each([
    'What do you know about me?',
    'tell me everything you know about me',
    'Do you remember me?',
    '你还记得我什么？',
    '关于我你都知道什么',
    '你知道我的哪些情况',
  ])('reads "%s" as a wish for everything', (query) => {
    expect(analyseQuery(query)).toMatchObject({ asksForProfile: true, hasContent: true });
  });

  it.each(['What do you know about my dog?', 'Tell me about the Moon', '你知道我的狗叫什么吗', '你知道广州吗'])(
    'does not read "%s" as a wish for everything',
    (query) => {
      expect(analyseQuery(query).asksForProfile).toBe(false);
    },
  );

  it.each([
    'Which hotel did you recommend?',
    'What was your advice about the bench?',
    'what have you already told me about tea',
    '你上次推荐的酒店是哪家',
    '你之前说过什么',
  ])('hears in "%s" that the assistant is quoted', (query) => {
    expect(analyseQuery(query).asksWhatAssistantSaid).toBe(true);
  });

  it.each(['Recommend a hotel', 'Can you tell me where I live?', '帮我推荐一家酒店', '你能告诉我我住哪吗'])(
    'does not hear it in "%s"',
    (query) => {
      expect(analyseQuery(query).asksWhatAssistantSaid).toBe(false);
    },
  );

  it('tells names from words at the start of a sentence', () => {
    expect(analyseQuery('Tell Biscuit that Mia is here').names).toEqual(['biscuit', 'mia']);
    expect(analyseQuery('Gardens need water').names).toEqual([]);
  });

  it('reads a query of tens of thousands of characters by its end', () => {
    const analysis = analyseQuery(`${'The minutes of the meeting, point by point. '.repeat(2_000)}Which hotel did I choose?`);
    expect(analysis.terms).toContain('hotel');
    expect(analysis.terms.length).toBeLessThanOrEqual(64);
    expect(analysis.clauses.length).toBeLessThanOrEqual(24);
  });

  it('is plain data', () => {
    const analysis = analyseQuery('Which hotel did I choose in Guangzhou?');
    expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
  });
});

describe('onlyAsks', () => {
  it.each([
    ['Where do I live?', 'self'],
    ['我住在哪里？', 'self'],
    ['What does my sister study?', 'somebody'],
    ['How old is Mia?', 'somebody'],
    ['我妈妈身体怎么样？', 'somebody'],
    ['What should I cook?', 'anything'],
    ['给我推荐一家餐厅', 'anything'],
    ['What do you know about me?', 'anything'],
    ['Why is the sky dark?', 'world'],
    ['How do planes fly?', 'world'],
    ['Why do cats purr?', 'world'],
    ['What does a lawyer do?', 'world'],
    ['为什么猫会打呼噜？', 'world'],
    ['How does my cat like its food?', 'self'],
    ['How does Mia like her tea?', 'somebody'],
    ['What is the number of the router?', 'anything'],
    ['green tea', 'anything'],
  ])('knows whom "%s" is about', (query, about) => {
    expect(analyseQuery(query).asksAbout).toBe(about);
  });

  it('asks for nothing that stands in a text to be worked on', () => {
    for (const query of ['Translate this: I like seafood', '帮我翻译一下：我喜欢海鲜', 'Fix the grammar of "I likes seafood"']) {
      expect(analyseQuery(query).concepts.join()).not.toContain('seafood');
    }
    expect(analyseQuery('Dinner: which seafood?').concepts.join()).toContain('seafood');
  });

  it.each(['Which chain hotels are there?', 'Do I like seafood?', '有哪些连锁酒店可选？', '我喜欢什么颜色', '住宿的话有什么酒店'])(
    'holds for "%s"',
    (text) => {
      expect(onlyAsks(text)).toBe(true);
    },
  );

  it.each([
    'I have booked a trip, which hotel should I take?',
    "I'm in Lyon. Where is the station?",
    'I live in Lyon',
    '我暑假定好去广州旅游，有哪些酒店？',
    '我住在广州。你呢？',
  ])('does not hold for "%s"', (text) => {
    expect(onlyAsks(text)).toBe(false);
  });
});

describe('isWish', () => {
  it.each([
    'Can you recommend a film?',
    'I was ill. What should I eat?',
    'Which hotel should I book?',
    '送妈妈什么礼物好？',
    '推荐一家餐厅吧。',
  ])('holds for "%s"', (text) => expect(isWish(text)).toBe(true));

  it.each(['Where do I live?', 'What book am I reading?', 'What did I give my mother?', 'Which plan was it?', '我送了妈妈什么？'])(
    'does not hold for "%s"',
    (text) => expect(isWish(text)).toBe(false),
  );
});
