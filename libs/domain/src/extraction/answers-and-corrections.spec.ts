import type { Message } from '../message.ts';
import { extractByRules } from './index.ts';

const SAID_AT = Date.parse('2026-05-14T12:00:00Z');

/** Turns of the user and, after `a:`, of the assistant. */
const messagesOf = (turns: readonly string[]): Message[] =>
  turns.map((turn, index) => ({
    id: `m${index + 1}`,
    role: turn.startsWith('a:') ? 'assistant' : 'user',
    content: turn.replace(/^a: ?/u, ''),
    parts: null,
    chatTime: SAID_AT,
    roleName: null,
    speakerId: null,
    purpose: 'said' as const,
    extraction: null,
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: 'c1',
    sequence: index + 1,
    place: index,
    withheld: [],
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    taskId: 't1',
    createdAt: SAID_AT,
  }));

const extract = (...turns: readonly string[]): readonly string[] =>
  extractByRules({ messages: messagesOf(turns), context: [], timeZone: 'UTC' }).map(({ kind, text, about }) =>
    [kind === 'preference' ? `P ${text}` : text, ...(about === null ? [] : [`@${about}`])].join(' | '),
  );

describe('an answer that no pattern knows', () => {
  it.each([
    ['a: How tall are you, and what size do you wear?', '1.72, size 38', 'How tall are you, and what size do you wear? 1.72, size 38'],
    ['a: Nice! What is your budget?', 'up to 900 francs.', 'What is your budget? up to 900 francs'],
    ['a: 请问您的身高体重是多少？', '172，60公斤', '请问您的身高体重是多少？ 172，60公斤'],
  ])('is kept with the question about the person: %s %s', (question, answer, expected) => {
    expect(extract(question, answer)).toEqual([expected]);
  });

  it.each([
    ['a: What can I do for you?', 'Nothing special'],
    ['a: Which one do you mean?', 'the blue lamp'],
    ['a: Where are you?', 'At the station'],
    ['a: What is your guess?', 'forty two'],
    ['a: How often do you run?', 'not sure'],
    ['a: How often do you run?', 'Can you ask something else?'],
    ['a: How often does your brother run?', 'every Sunday'],
    ['a: What do you want to eat tonight?', 'noodles'],
    ['a: Did you try a restart?', 'twice already'],
    ['a: 需要我帮您订票吗？', '两张'],
    ['a: 您今天怎么样？', '还行吧'],
    ['a: How is the weather?', 'rainy'],
  ])('is none where the question is of the moment, or the answer open: %s %s', (question, answer) => {
    expect(extract(question, answer)).toEqual([]);
  });
});

describe('a list under a heading of the speaker’s own', () => {
  it('is kept item by item, each with its heading', () => {
    expect(extract('our kitchen:\n- gas stove\n- no microwave\n- two ovens')).toEqual([
      'our kitchen: gas stove',
      'P our kitchen: no microwave',
      'our kitchen: two ovens',
    ]);
    expect(extract('我的口味：偏酸\n辣度：微辣')).toContain('辣度：微辣');
  });

  it.each([
    'my questions:\n- gas stove or induction\n- how many ovens',
    'my code:\n- parse the file\n- print the lines',
    'What you know about me:\n- I live in Riga\n- I like tea',
    'Relevant memories:\n\n- I live in Riga\nI like tea',
    '关于我的记忆：\n- 我住在福州',
  ])('is none where it is work, or what was recalled: %s', (text) => {
    expect(extract(text)).toEqual([]);
  });

  it('stays what it was where the speaker asks that it be remembered', () => {
    expect(extract('Please remember:\n- I live in Riga\n- I play the oboe')).toEqual(['I live in Riga', 'I play the oboe']);
  });
});

describe('a correction', () => {
  it.each([
    ['I was born on 3 May.', 'a: Noted.', 'no wait, the 4th of May', 'I was born on 4th of May (2026-05-04)'],
    ['I live in Rome.', 'a: Noted.', 'sorry, I meant Milan, not Rome', 'I live in Milan'],
    ['我女儿上三年级', 'a: 好的。', '说错了，是四年级', '我女儿上四年级 | @女儿'],
  ])('takes the place of what was said: %s %s %s', (said, reply, correction, expected) => {
    expect(extract(said, reply, correction)).toEqual([expected]);
  });

  it.each([
    ['I live in Rome.', 'a: Noted.', 'sorry, can you tell me more about Milan?'],
    ['I live in Rome.', 'a: Noted.', 'sorry I missed that'],
    ['I live in Rome.', 'a: It is in Latium, 3 hours from Pisa.', 'no, that is wrong, 2 hours'],
  ])('changes nothing where it is not clear what it puts right: %s %s %s', (...turns) => {
    expect(extract(...turns)).toEqual(['I live in Rome']);
  });
});

describe('a statement with words before its subject, or without one', () => {
  it.each([
    ['On 12 April 2026 we visited the aquarium in Genoa.', 'On 12 April 2026 we visited the aquarium in Genoa'],
    ['Just bought a houseboat in Ghent.', 'Just bought a houseboat in Ghent'],
    ['the interview is tomorrow', 'the interview is tomorrow (2026-05-15)'],
    ['Grandpa Otto is 88 and repairs clocks.', 'Grandpa Otto is 88 and repairs clocks | @Otto'],
    ['打算明年学陶艺', '打算明年（2027年）学陶艺'],
    ['我 boss Marta 是瑞典人', '我 boss Marta 是瑞典人 | @Marta'],
    ['no cruise ships please', 'P no cruise ships please'],
  ])('%s', (text, expected) => {
    expect(extract(text)).toEqual([expected]);
  });

  it('means by a pronoun the one person that the last message was about', () => {
    expect(extract('My sister Ida is a vet.', 'a: How nice.', 'She lives in Turku.')).toEqual([
      'My sister Ida is a vet | @Ida',
      'My sister Ida lives in Turku | @Ida',
    ]);
    expect(extract('My sister Ida is a vet.', 'a: And your mother?', 'She lives in Turku.')).toEqual(['My sister Ida is a vet | @Ida']);
  });

  it('is not the speaker’s where somebody else was spoken of', () => {
    expect(extract('我弟弟很忙。养了三只狗')).toEqual(['我弟弟很忙 | @弟弟']);
  });

  it.each([
    'You are Captain Nemo and I am a sailor. Begin.\nI have lived on this ship for years.',
    'I am the emperor of the sofa haha, what should I watch',
    '我同事发消息说：我辞职了，我要去冰岛。',
    '打个比方，我一个月挣三千，房租两千',
    'no problem please',
    'tl;dr this pls\n\nI gave up sugar. My husband laughed.',
    "I'm so wired after that coffee",
    '我现在在地铁上，信号不好',
    'I have a headache',
  ])('is none in play, in a joke, from others, or of the moment: %s', (text) => {
    expect(extract(text)).toEqual([]);
  });
});
