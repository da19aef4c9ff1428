import { saysJson, says, ScriptedModel } from '@continuo/testing';
import { System } from '../system.ts';

const ENGLISH = {
  add: [
    { role: 'user', content: 'I have booked a trip to Guangzhou for the summer vacation. Which chain hotels are there to stay at?' },
    { role: 'assistant', content: 'You could consider 7 Days Inn, Ji Hotel and Hilton.' },
    { role: 'user', content: "I'll take 7 Days Inn" },
    { role: 'assistant', content: 'Good. Ask me if there is anything else.' },
  ],
  query: 'I want to go out over the National Day holiday. Recommend a city I have not been to and a hotel brand I have not stayed at.',
};

const CHINESE = {
  add: [
    { role: 'user', content: '我暑假定好去广州旅游，住宿的话有哪些连锁酒店可选？' },
    { role: 'assistant', content: '您可以考虑【七天、全季、希尔顿】等等' },
    { role: 'user', content: '我选七天' },
    { role: 'assistant', content: '好的，有其他问题再问我。' },
  ],
  query: '我国庆想出去玩，帮我推荐个没去过的城市，和没住过的酒店品牌',
};

describe('the quick start without a model, on words alone', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start();
  });
  afterAll(() => system.close());

  it.each([
    ['English', 'ana', ENGLISH, ['Guangzhou', '7 Days'], /model/],
    ['Chinese', 'lin', CHINESE, ['广州', '七天'], /模型/],
  ] as const)('answers in %s from the trip and the hotel it remembers', async (_language, user, { add, query }, expected, honest) => {
    await system.remember(user, '0610', add);
    const { body, status } = await system.post('/chat', { user_id: user, conversation_id: '0928', query });

    expect(status).toBe(200);
    expect(body.message).toBe('ok');
    for (const word of expected) expect(body.data.response).toContain(word);
    expect(body.data.response).toMatch(honest);
  });

  it('keeps Chinese memories Chinese', async () => {
    await system.remember('mei', '0610', CHINESE.add);
    const { body } = await system.post('/get/memory', { user_id: 'mei' });
    const texts = body.data.memory_detail_list.map((item: { memory_value: string }) => item.memory_value);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toMatch(/\p{Script=Han}/u);
  });

  it('does not take the hotels that were only proposed for the ones that were chosen', async () => {
    await system.remember('eva', '0610', ENGLISH.add);
    const { body } = await system.post('/get/memory', { user_id: 'eva' });
    const titles = JSON.stringify(body.data.memory_detail_list.map((item: { memory_key: string }) => item.memory_key));
    expect(titles).not.toContain('Hilton');
    expect(titles).not.toContain('Ji Hotel');
  });

  it('finds nothing for a greeting', async () => {
    await system.remember('kim', '0610', ENGLISH.add);
    expect(await system.recall('kim', 'hello')).toEqual([]);
    expect(await system.recall('kim', '你好')).toEqual([]);
  });
});

/** What a model makes of the English messages; ids as they stand in the extraction prompt. */
const EXTRACTED = [
  extracted(
    'Summer trip',
    'The user has booked a trip to Guangzhou for the summer vacation.',
    'I have booked a trip to Guangzhou for the summer vacation',
    ['m1'],
  ),
  extracted('Hotel in Guangzhou', 'The user chose 7 Days Inn as the hotel in Guangzhou.', "I'll take 7 Days Inn", ['m1', 'm2', 'm3']),
  extracted('Invented', 'The user has two dogs.', 'I have two dogs', ['m1']),
];

function extracted(title: string, text: string, quote: string, ids: readonly string[]) {
  return {
    kind: 'fact',
    title,
    text,
    quote,
    message_ids: ids,
    topic_key: null,
    topic_value: null,
    negated: false,
    about: null,
    event_start: null,
    event_end: null,
    entities: ['Guangzhou'],
    key_phrases: ['hotel', 'city', 'travel'],
    preference_type: null,
    reasoning: '',
    confidence: 0.9,
  };
}

describe('the quick start with a model', () => {
  let model: ScriptedModel;
  let system: System;
  beforeAll(async () => {
    model = await ScriptedModel.start();
    model.always((request) =>
      request.schemaName === null
        ? says('Chengdu, at an Atour.')
        : saysJson({ memories: request.prompt.includes('Guangzhou') ? EXTRACTED : [] }),
    );
    system = await System.start({
      environment: { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-scripted', CONTINUO_MODEL: 'scripted' },
    });
  });
  afterAll(async () => {
    await system.close();
    await model.close();
  });

  it('prompts with both as dated facts, the time, the four checks, and the conversation so far', async () => {
    await system.remember('ana', '0610', ENGLISH.add);
    await system.post('/chat', { user_id: 'ana', conversation_id: '0928', query: ENGLISH.query });
    await system.post('/chat', { user_id: 'ana', conversation_id: '0928', query: 'And how would I get there?' });

    const [first, second] = model.chats.filter((request) => request.schemaName === null);
    const prompt = String(first?.messages[0]?.content);
    expect(prompt).toMatch(/-\[\d{4}-\d{2}-\d{2} \d{2}:\d{2}\] [^\n]*Guangzhou/);
    expect(prompt).toMatch(/-\[\d{4}-\d{2}-\d{2} \d{2}:\d{2}\] [^\n]*7 Days Inn/);
    expect(prompt).toMatch(/Now it is \d{4}-\d{2}-\d{2} \d{2}:\d{2} \(\w+day\)/);
    for (const step of ['Source', 'Attribution', 'Relevance', 'Freshness']) expect(prompt).toContain(step);
    expect(second?.messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(second?.messages[1]?.content).toBe(ENGLISH.query);
  });

  it('keeps what the model extracted and drops what it invented', async () => {
    await system.remember('bob', '0610', ENGLISH.add);
    const { body } = await system.post('/get/memory', { user_id: 'bob' });
    expect(body.data.memory_detail_list.map((item: { memory_key: string }) => item.memory_key).toSorted()).toEqual([
      'Hotel in Guangzhou',
      'Summer trip',
    ]);
  });
});
