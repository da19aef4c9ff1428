import type { Candidate, Memory } from '../memory.ts';
import { extractByRules } from '../extraction/index.ts';
import { reconcile } from '../reconciliation/reconcile.ts';
import { decideFeedback } from './decide-feedback.ts';
import { hasKeyword, replaceKeyword } from './keyword.ts';
import { readFeedback } from './read-feedback.ts';

const SAID_AT = Date.UTC(2026, 10, 21);

const candidatesOf = (content: string): readonly Candidate[] =>
  extractByRules({
    messages: [
      {
        id: `m-${content}`,
        role: 'user',
        content,
        parts: null,
        chatTime: SAID_AT,
        roleName: null,
        speakerId: null,
        purpose: 'said',
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
      },
    ],
    context: [],
    timeZone: 'UTC',
  });

const known = (...contents: readonly string[]): readonly Memory[] => {
  const candidates = contents.flatMap(candidatesOf);
  return reconcile({
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: 'c1',
    candidates,
    known: [],
    denials: [],
    sequences: new Map(),
    labels: new Map(),
    verdicts: new Map(),
    now: SAID_AT,
  }).insert;
};

const decide = (feedback: string, ...contents: readonly string[]) => {
  const memories = known(...contents);
  const textOf = (id: string): string => memories.find((memory) => memory.id === id)?.text ?? '';
  const { rewrite, deny, statements } = decideFeedback(readFeedback(feedback), memories);
  return { rewrite: rewrite.map(({ edit }) => edit.text), deny: deny.map(textOf), statements };
};

describe('a keyword', () => {
  it.each([
    ['Bob plays chess.', 'bob', 'Robert', 'Robert plays chess.'],
    ["Bob's dog bites Bobby.", 'Bob', 'Robert', "Robert's dog bites Bobby."],
    ['我在北京工作，喜欢北京烤鸭。', '北京', '南京', '我在南京工作，喜欢南京烤鸭。'],
    ['我叫Bob，是老师。', 'Bob', 'Robert', '我叫Robert，是老师。'],
    ['I use C++ and C.', 'C++', 'Rust', 'I use Rust and C.'],
    ['It costs $5 (a lot).', '$5 (a lot)', '$& $1', 'It costs $& $1.'],
    ['My sister  Ana Maria sings.', 'ana maria', 'Eva', 'My sister  Eva sings.'],
  ])('in %p is replaced exactly: %p by %p', (text, from, to, expected) => {
    expect(hasKeyword(text, from)).toBe(true);
    expect(replaceKeyword(text, from, to)).toBe(expected);
  });

  it.each([
    ['Bobby plays chess.', 'Bob'],
    ['I paint a portrait.', 'art'],
    ['I am 34 years old.', '3'],
  ])('in %p is no part of a word: %p', (text, keyword) => {
    expect(hasKeyword(text, keyword)).toBe(false);
    expect(replaceKeyword(text, keyword, 'x')).toBe(text);
  });
});

describe('feedback that replaces a word', () => {
  it.each([
    ['Replace Rex with Max everywhere.'],
    ['Please change "Rex" to "Max" everywhere'],
    ["No, it's Max, not Rex."],
    ['Rex should be Max'],
    ['not Rex but Max'],
    ["That's wrong. It's not Rex, it's Max."],
    ['Max, not Rex'],
    ['My dog is called Max, not Rex.'],
    ['把Rex改成Max'],
    ['请把所有的“Rex”都替换成“Max”。'],
    ['Rex应该是Max'],
    ['不对，是Max，不是Rex'],
    ['不是Rex，是Max'],
    ['用Max替换Rex'],
  ])('rewrites what has it: %s', (feedback) => {
    expect(decide(feedback, 'My dog is called Rex.', 'I live in Oslo.')).toMatchObject({
      rewrite: ['My dog is called Max'],
      deny: [],
      statements: '',
    });
  });

  it('leaves what has the word and says something else, when the correction is of one sentence', () => {
    const { rewrite } = decide('I live in Lyon, not Paris.', 'I live in Paris.', 'I visited Paris with my sister in 2019.');
    expect(rewrite).toEqual(['I live in Lyon']);
  });

  it('states the new value when no memory has the old word', () => {
    expect(decide('I live in Lyon, not Paris.', 'I work as a nurse.')).toMatchObject({ rewrite: [], statements: 'I live in Lyon.' });
  });

  it.each([
    ['My birthday should be May 3', 'My birthday is May 3.'],
    ['我的生日应该是5月3日', '我的生日是5月3日。'],
    ['change my city to Lyon', 'My city is Lyon.'],
  ])('takes a thing that is named by whose it is for a statement: %s', (feedback, statements) => {
    expect(decide(feedback, 'My birthday is May 8.', '我的生日是5月8日。')).toEqual({ rewrite: [], deny: [], statements });
  });
});

describe('feedback that denies', () => {
  it.each([
    ["That's wrong, I never lived in Paris.", ['I live in Paris']],
    ["I don't live in Paris.", ['I live in Paris']],
    ['No, I do not live in Paris!', ['I live in Paris']],
    ['Forget that I live in Paris.', ['I live in Paris']],
    ["I'm not allergic to peanuts.", ['I am allergic to peanuts']],
    ["I don't have a dog", ['I have a dog']],
  ])('finds what it is about: %s', (feedback, denied) => {
    expect(decide(feedback, 'I live in Paris.', 'I am allergic to peanuts.', 'I have a dog.', 'I visited Paris in 2019.')).toEqual({
      rewrite: [],
      deny: denied,
      statements: '',
    });
  });

  it.each([
    ['不对，我不住巴黎', ['我住在巴黎']],
    ['我没有狗', ['我有一只狗']],
    ['我不喜欢咖啡', ['我喜欢咖啡']],
  ])('finds what it is about: %s', (feedback, denied) => {
    const { deny } = decide(feedback, '我住在巴黎。', '我有一只狗。', '我喜欢咖啡。');
    expect(deny).toEqual(denied.map((text) => expect.stringContaining(text)));
  });

  it('leaves what only has its thing in common with the denial', () => {
    expect(decide("I don't like coffee.", 'I drink coffee every morning.', 'I like coffee.').deny).toEqual(['I like coffee']);
  });

  it('keeps what it says besides', () => {
    expect(decide("I don't live in Paris, I live in Lyon.", 'I live in Paris.')).toEqual({
      rewrite: [],
      deny: ['I live in Paris'],
      statements: 'I live in Lyon.',
    });
  });

  it('is a statement like any other where nothing says so', () => {
    expect(decide("I don't eat pork.", 'I live in Paris.')).toEqual({ rewrite: [], deny: [], statements: "I don't eat pork." });
  });

  it('does not deny what ended', () => {
    expect(decide('I no longer live in Paris.', 'I live in Paris.')).toMatchObject({ deny: [], statements: 'I no longer live in Paris.' });
  });
});

describe('feedback that changes nothing', () => {
  it.each(['Thanks!', 'Great answer', 'thank you, well done', '谢谢', '回答得很好', 'Perfect!', 'That is helpful.', '不错', ''])(
    '%p',
    (feedback) => {
      expect(decide(feedback, 'I live in Paris.', 'I have a dog.')).toEqual({ rewrite: [], deny: [], statements: '' });
    },
  );
});
