import type { Candidate } from '../memory.ts';
import type { Message } from '../message.ts';
import { extractByRules, placeValue } from './index.ts';

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

const candidates = (content: string): readonly Candidate[] => extractByRules({ messages: [said(content)], context: [], timeZone: 'UTC' });

/** `text | key=value`, preferences marked with `P`. */
const extract = (content: string): string[] =>
  candidates(content).map(({ kind, text, topicKey, topicValue }) =>
    [kind === 'preference' ? `P ${text}` : text, ...(topicKey === null ? [] : [`${topicKey}=${topicValue ?? ''}`])].join(' | '),
  );

describe('marks around a statement', () => {
  it.each([
    ['😀 I love pizza.', ['P I love pizza | preference.pizza=like']],
    ['I love pizza 😀', ['P I love pizza | preference.pizza=like']],
    ['I love pizza! 🍕🍕 I live in Rome 👍🏽', ['P I love pizza | preference.pizza=like', 'I live in Rome | home.city=rome']],
    ['Hi 👋 I live in Rome.', ['I live in Rome | home.city=rome']],
    ['🍕🍕 I live in Rome.', ['I live in Rome | home.city=rome']],
    ['😀 我住在北京。', ['我住在北京 | home.city=beijing']],
    ['我住在北京😀', ['我住在北京 | home.city=beijing']],
    ['(I live in Rome)', ['I live in Rome | home.city=rome']],
    ['（我住在北京）', ['我住在北京 | home.city=beijing']],
    ['I live in Rome (the old part)', ['I live in Rome (the old part) | home.city=rome']],
    ['¡I live in Rome!', ['I live in Rome | home.city=rome']],
    ['**I live in Rome.**', ['I live in Rome | home.city=rome']],
    ['**I live in Rome.** I love tea.', ['I live in Rome | home.city=rome', 'P I love tea | preference.tea=like']],
    ['I live in **Rome**.', ['I live in Rome | home.city=rome']],
    ['I work at __Acme__ and love *jazz*', ['I work at Acme | work.employer=acme', 'P I love jazz | preference.jazz=like']],
    ['- *I live in Rome*', ['I live in Rome | home.city=rome']],
    ['• I live in Rome\n• I love tea', ['I live in Rome | home.city=rome', 'P I love tea | preference.tea=like']],
    ['1. 😀 I live in Rome\n2. _I love tea_', ['I live in Rome | home.city=rome', 'P I love tea | preference.tea=like']],
    ['* I live in Rome\n* I love tea', ['I live in Rome | home.city=rome', 'P I love tea | preference.tea=like']],
    ['我**住在臺北**，不吃*牛肉*', ['我住在臺北 | home.city=taipei', 'P 我不吃牛肉 | preference.beef=avoid']],
    ['I love cats 🐱 My dog is called Rex', ['P I love cats | preference.cat=like', 'My dog is called Rex']],
    ['我喜欢猫😀我住在北京', ['P 我喜欢猫 | preference.cat=like', '我住在北京 | home.city=beijing']],
    ['I love cats 🐱 a lot', ['P I love cats 🐱 a lot | preference.cat=like']],
    ['My favourite emoji is 🍕', ['P My favourite emoji is 🍕 | preference.favorite.emoji=🍕']],
    ['1️⃣ I live in Rome\n2️⃣ I love tea', ['I live in Rome | home.city=rome', 'P I love tea | preference.tea=like']],
    ['- [x] I live in Rome', ['I live in Rome | home.city=rome']],
    ['→ I live in Rome', ['I live in Rome | home.city=rome']],
    ['...I live in Rome', ['I live in Rome | home.city=rome']],
    ['~~I live in Rome~~ I live in Lyon', ['I live in Lyon | home.city=lyon']],
    ['I scored 5*3 and 4*2 in tennis', ['I scored 5*3 and 4*2 in tennis']],
    ['I am allergic to peanuts (and nuts)', ['I am allergic to peanuts (and nuts) | health.allergy.peanut=peanut']],
    ['My email is ana_b_c@example.org', ['My email is ana_b_c@example.org | contact.email=ana_b_c@example.org']],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual(expected);
    for (const { quotes } of candidates(content)) expect(quotes.every((quote) => content.includes(quote))).toBe(true);
  });
});

describe('lines broken to fit a width', () => {
  it.each([
    [
      'My name is\nBob.\nI work at\nGoogle in Zurich.\nI am allergic to\npeanuts.',
      [
        'My name is Bob | name=bob',
        'I work at Google in Zurich | work.employer=google',
        'I am allergic to peanuts | health.allergy.peanut=peanut',
      ],
    ],
    ['I live in\r\n  Rome.', ['I live in Rome | home.city=rome']],
    ['我住在\n北京。', ['我住在北京 | home.city=beijing']],
    ['我住在\n**臺中**', ['我住在臺中 | home.city=taichung']],
    ['im from\nLyon and ive moved to\n*Rome*', ['im from Lyon | origin=lyon', 'ive moved to Rome | home.city=rome']],
    ['- I live in\n  Rome\n- I work at\n  Acme', ['I live in Rome | home.city=rome', 'I work at Acme | work.employer=acme']],
    ['About me:\n- **Name:** Ana\n- **City:** Lyon', ['Name: Ana | name=ana', 'City: Lyon | home.city=lyon']],
    ['I love\nswimming', ['P I love swimming | preference.swimming=like']],
    ['My sister has a dog and I have two cats called\nMia and Tom.', ['My sister has a dog', 'I have two cats called Mia and Tom']],
    [
      'I moved to Lyon and started to work at the big\nhospital near the river.',
      ['I moved to Lyon and started to work at the big hospital near the river | home.city=lyon'],
    ],
    ['I live in Rome\nI love tea', ['I live in Rome | home.city=rome', 'P I love tea | preference.tea=like']],
    ['i live in rome\ni love tea', ['i live in rome | home.city=rome', 'P i love tea | preference.tea=like']],
    ['My name is\nI love tea', ['P I love tea | preference.tea=like']],
    ['I live in\n\nRome', []],
    ['I live in\n- Rome', []],
    ['I love tea\nand the sea\nthe rain\nin spring', ['P I love tea | preference.tea=like']],
  ])('%j', (content, expected) => {
    expect(extract(content)).toEqual(expected);
    for (const { quotes } of candidates(content)) expect(quotes.every((quote) => content.includes(quote))).toBe(true);
  });

  it.each([
    'My name is',
    'I work at',
    'I am allergic to',
    'My dog is called',
    'I have a cat called',
    'I live in',
    "Well, I'm",
    '我的名字是',
    '我住在',
    '我家的狗叫',
  ])('what was cut off states nothing: %s', (content) => {
    expect(extract(content)).toEqual([]);
  });

  it('keeps what only looks cut off', () => {
    expect(extract('I have two friends to travel with')).toEqual(['I have two friends to travel with']);
  });

  it('joins nothing of what was pasted', () => {
    expect(extract('Please translate this to\nFrench. I live in Rome')).toEqual([]);
  });
});

describe('what is no more than supposed', () => {
  it.each([
    'Hypothetically, I work at NASA.',
    'Well, theoretically, I work at NASA.',
    'Theoretically I work at NASA',
    'In theory, I work at NASA',
    "Let's pretend I work at NASA",
    "Let's assume, I work at NASA",
    '假设我在NASA工作',
    '假设，我在NASA工作',
    '理论上我住在北京',
    '理论上，我住在北京',
  ])('%s', (content) => {
    expect(extract(content)).toEqual([]);
  });
});

describe('a value that names nothing', () => {
  it.each([
    "I like '); DROP TABLE x",
    'I like :)',
    'I am allergic to it',
    "I'm allergic to that",
    'I love ...',
    'My favourite food is it',
    '我对它过敏',
    '我喜欢它',
    '我喜欢！！',
  ])('%s', (content) => {
    expect(extract(content)).toEqual([]);
  });

  it.each([
    ['I like C++', 'P I like C++ | preference.c++=like'],
    ['My car is called “Betty”', 'My car is called “Betty”'],
    ['I like tea', 'P I like tea | preference.tea=like'],
  ])('is not one that is short: %s', (content, expected) => {
    expect(extract(content)).toEqual([expected]);
  });
});

describe('food that is ruled out without a verb', () => {
  it.each([
    ['nothing with seafood, ever', 'P nothing with seafood, ever | preference.seafood=avoid'],
    ['Suggest a dinner, nothing with seafood, ever.', 'P nothing with seafood, ever | preference.seafood=avoid'],
    ['no seafood for me', 'P no seafood for me | preference.seafood=avoid'],
    ['No peanuts for me, please.', 'P No peanuts for me, please | preference.peanut=avoid'],
    ['Recommend a place, no spicy food for us', 'P no spicy food for us | preference.spicy=avoid'],
    ['不要海鲜', 'P 不要海鲜 | preference.seafood=avoid'],
    ['推荐几道菜，不要海鲜。', 'P 不要海鲜 | preference.seafood=avoid'],
  ])('%s', (content, expected) => {
    expect(extract(content)).toEqual([expected]);
  });

  it.each(['No problem for me', 'no thanks', 'nothing with meetings, ever', 'No seafood for me?', '不要紧', '不要担心', '要不要海鲜'])(
    'is nothing else: %s',
    (content) => {
      expect(extract(content)).toEqual([]);
    },
  );
});

describe('the name of a place', () => {
  it.each([
    ['里昂', 'lyon'],
    ['Lyon', 'lyon'],
    ['Lyon, France', 'lyon'],
    ['北京市', 'beijing'],
  ])('%s is compared as %s', (place, expected) => {
    expect(placeValue(place)).toBe(expected);
  });
});
