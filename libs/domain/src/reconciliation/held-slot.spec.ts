import type { Candidate } from '../memory.ts';
import { withSlot } from './held-slot.ts';

const said = (text: string, more: Partial<Candidate> = {}): Candidate => ({
  kind: 'fact',
  preferenceType: null,
  reasoning: '',
  title: text,
  text,
  language: 'en',
  topicKey: null,
  topicValue: null,
  negated: false,
  about: null,
  origin: 'user',
  entities: [],
  keyPhrases: [],
  eventTime: null,
  confidence: 0.9,
  details: {},
  sourceMessageIds: ['m1'],
  quotes: [text],
  statedAt: 0,
  extractor: 'rules',
  ...more,
});

const slotOf = (text: string): string | null => {
  const { topicKey, topicValue } = withSlot(said(text));
  return topicKey === null ? null : `${topicKey}=${topicValue}`;
};

describe('slots that a statement fills by its form', () => {
  it.each([
    ['own.shoe size=41', ['My shoe size is 41', 'I wear size 41 shoes', 'My shoe size is 41 now', 'I wear shoes in size 41']],
    ['own.bank=nordea', ['My bank is Nordea', 'I bank with Nordea now', 'I have my bank account at Nordea']],
    ['own.laptop=thinkpad', ['My laptop is a ThinkPad', 'I use a ThinkPad laptop', 'My new laptop is a ThinkPad']],
    [
      'own.yoga class.day=fridays',
      ['My yoga class is on Fridays', 'My yoga class has moved to Fridays', 'I have my yoga class on Fridays'],
    ],
    ['own.commute=train', ['I commute by train', 'Now I go to work by train', 'I take the train to work']],
    ['work.role=carpenter', ['I now work as a carpenter']],
    ['own.鞋码=41', ['我的鞋码是41', '我穿41码的鞋', '我的鞋码现在是41']],
    ['own.瑜伽课.day=每周五', ['我的瑜伽课在每周五', '我的瑜伽课改到每周五了', '我每周五上瑜伽课']],
    ['own.commute=地铁', ['我坐地铁上班', '我现在每天坐地铁上班']],
    ['phone.model=小米14', ['我用的手机是小米14']],
    ['contact.email=kim77@box.example', ['我的新邮箱是kim77@box.example', '我的邮箱现在是kim77@box.example']],
  ])('are %s', (slot, texts) => {
    expect(texts.map(slotOf)).toEqual(texts.map(() => slot));
  });

  it('are none for what one may have several of, what describes, and what was or is another’s', () => {
    const texts = [
      'My laptop is slow',
      'My hobby is chess',
      'My bank used to be Nordea',
      'I no longer bank with Nordea',
      "My wife's shoe size is 38",
    ];
    const chinese = [
      '我的爱好是下棋',
      '我以前坐地铁上班',
      '我老婆的鞋码是38',
      '我的房东是女的',
      '我的电脑是黑色的',
      '我的笔记本是写日记用的',
    ];
    expect([...texts, ...chinese].map(slotOf)).toEqual([...texts, ...chinese].map(() => null));
  });

  it('tell apart what a thing is and where it is', () => {
    expect(slotOf('My bank is on Market Street')).toBe('own.bank.place=market street');
    expect(slotOf('My work laptop is a ThinkPad')).toBe('own.work laptop=thinkpad');
  });

  it('leave the slot that extraction named, in one spelling', () => {
    const held = withSlot(said('My favourite colour is red', { topicKey: 'preference.favorite.colour', topicValue: 'red' }));
    expect(held.topicKey).toBe('preference.favorite.color');
  });

  it('are never taken from what a file says', () => {
    expect(withSlot(said('My shoe size is 41', { origin: 'document' })).topicKey).toBeNull();
  });
});
