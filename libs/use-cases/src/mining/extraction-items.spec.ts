import type { Candidate, Message } from '@continuo/domain';
import { readExtractionItems } from './extraction-items.ts';

const message: Message = {
  id: 'x1',
  role: 'user',
  content: '我住在里昂，老家在巴黎。I work at 里昂 Foods.',
  parts: null,
  chatTime: 0,
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
  createdAt: 0,
};

const valueOf = (topicKey: string, topicValue: string): string | null | undefined =>
  readExtractionItems([{ text: '我住在里昂', quote: '我住在里昂', message_ids: ['m1'], topic_key: topicKey, topic_value: topicValue }], {
    messages: [message],
    context: [],
    modelName: 'scripted',
    timeZone: 'UTC',
  })[0]?.topicValue;

describe('the value that a model gives a slot', () => {
  it.each([
    ['home.city', '里昂', 'lyon'],
    ['home.city', 'Lyon, France', 'lyon'],
    ['family.mother.home.city', '北京市', 'beijing'],
    ['origin', '巴黎', 'paris'],
    ['work.employer', '里昂', '里昂'],
    ['work.employer', 'Acme, Inc', 'acme, inc'],
    ['home.city', '', null],
  ])('meets the one the rules give: %s %s', (topicKey, topicValue, expected) => {
    expect(valueOf(topicKey, topicValue)).toBe(expected);
  });
});

const spoken = (id: string, speakerId: string | null, roleName: string | null, content: string, more: Partial<Message> = {}): Message => ({
  ...message,
  id,
  content,
  speakerId,
  roleName,
  ...more,
});

describe('a quote that a statement rests on', () => {
  const soup = 'I had soup today, with Tom. Me too!';
  const read = (content: string, item: object): number =>
    readExtractionItems([{ kind: 'fact', message_ids: ['m1'], ...item }], {
      messages: [{ ...message, content }],
      context: [{ ...message, id: 'x0', role: 'assistant', content: 'Do you live in Oslo, and do you eat meat?' }],
      modelName: 'scripted',
      timeZone: 'UTC',
    }).length;

  it.each([
    ['one word that says nothing', 'I', 'The user is a convicted spy who lives in Pyongyang.'],
    ['a letter of a word', 's', 'The user had soup.'],
    ['a place nobody named', 'I had soup', 'The user is wanted in Pyongyang.'],
    ['a number nobody named', 'I had soup', 'The user owes 4500 euros.'],
  ])('does not carry %s', (_name, quote, text) => {
    expect(read(soup, { quote, text })).toBe(0);
  });

  it.each([
    ['the same words', soup, 'I had soup today', 'The user had soup on 21 November 2026.'],
    ['other words for it', "I don't touch anything that had a mother.", 'anything that had a mother', 'The user is vegetarian.'],
    ['all that was said', 'Yes!', 'Yes', 'The user lives in Oslo.'],
    ['another language', '我住在里昂', '我住在里昂', 'The user lives there.'],
  ])('carries %s', (_name, content, quote, text) => {
    expect(read(content, { quote, text })).toBe(1);
  });
});

/** What is kept of one item about a chat of Ana, whose space it is, and Ben. */
const kept = (item: object, content: string, by: 'ana' | 'ben' | null = 'ben', more: Partial<Message> = {}): readonly Candidate[] =>
  readExtractionItems([{ kind: 'fact', message_ids: ['m3'], ...item }], {
    messages: [
      spoken('x1', 'ana', 'Ana', 'I live in Lyon.'),
      spoken('x2', 'ben', 'Ben', 'Hello everybody.'),
      spoken('x3', by, by === null ? null : by === 'ana' ? 'Ana' : 'Ben', content, more),
    ],
    context: [],
    modelName: 'scripted',
    timeZone: 'UTC',
  });

describe('whose statement an item of a model is', () => {
  const oslo = { quote: 'I live in Oslo', topic_key: 'home.city', topic_value: 'Oslo' };

  it('is of the one who said its quote', () => {
    expect(kept({ ...oslo, text: 'Ben lives in Oslo.', about: 'Ben' }, 'I live in Oslo.')).toMatchObject([
      { text: 'Ben lives in Oslo.', about: 'Ben', topicKey: 'person.ben.home.city', topicValue: 'oslo', kind: 'fact' },
    ]);
    expect(kept({ ...oslo, text: 'The user lives in Oslo.', about: null }, 'I live in Oslo.', 'ana')).toMatchObject([
      { text: 'The user lives in Oslo.', about: null, topicKey: 'home.city' },
    ]);
    expect(kept({ ...oslo, text: 'Ana lives in Oslo.', about: 'Ana' }, 'I live in Oslo.', 'ana')).toMatchObject([
      { text: 'Ana lives in Oslo.', about: null, topicKey: 'home.city' },
    ]);
  });

  it.each([
    ['a statement about nobody named', { text: 'The user lives in Oslo.', about: null }],
    ['a name that is none of theirs', { text: 'The user lives in Oslo.', about: 'the user' }],
  ])("is in the other person's own words where a model leaves their name out: %s", (_name, item) => {
    expect(kept({ ...oslo, ...item }, 'I live in Oslo.')).toMatchObject([
      { text: 'Ben: I live in Oslo', about: 'Ben', topicKey: 'person.ben.home.city' },
    ]);
  });

  it.each([
    ["another's words as Ana's", { text: 'Ana lives in Oslo.', about: 'Ana' }, 'ben'],
    ["another's words as Ana's, in the text alone", { text: 'Ana lives in Oslo.', about: null }, 'ben'],
    ["Ana's words as Ben's", { text: 'Ben lives in Oslo.', about: 'Ben' }, 'ana'],
    ["Ana's words as Ben's, in the text alone", { text: 'Ben lives in Oslo.', about: null }, 'ana'],
  ] as const)('is dropped when it is given to somebody else: %s', (_name, item, by) => {
    expect(kept({ ...oslo, ...item }, 'I live in Oslo.', by)).toEqual([]);
  });

  it('may be about somebody else whom its speaker names', () => {
    expect(kept({ quote: 'Ben is my cousin', text: "Ben is the user's cousin.", about: 'Ben' }, 'Ben is my cousin.', 'ana')).toMatchObject([
      { about: 'Ben', text: "Ben is the user's cousin." },
    ]);
    expect(
      kept({ quote: 'My sister Mia is a nurse', text: "Ben's sister Mia is a nurse.", about: 'Mia' }, 'My sister Mia is a nurse.'),
    ).toMatchObject([{ about: 'Mia', text: "Ben's sister Mia is a nurse." }]);
  });

  it("keeps another person's wish as a fact about them", () => {
    const wish = {
      kind: 'preference',
      preference_type: 'explicit',
      quote: 'I love tea',
      text: 'Ben loves tea.',
      topic_key: 'preference.tea',
    };
    expect(kept(wish, 'I love tea.')).toMatchObject([{ kind: 'fact', preferenceType: null, topicKey: 'person.ben.preference.tea' }]);
    expect(kept({ ...wish, text: 'The user loves tea.' }, 'I love tea.', 'ana')).toMatchObject([{ kind: 'preference' }]);
  });

  it("leaves an assistant's words the assistant's", () => {
    const item = { quote: 'The hotel is booked', text: 'The assistant booked the hotel.' };
    expect(kept(item, 'The hotel is booked.', null, { role: 'assistant' })).toMatchObject([{ origin: 'assistant', about: null }]);
  });
});

describe('an event that a model names', () => {
  const moved = { quote: 'I moved to Oslo last week', text: 'Ben moved to Oslo.', event_start: '2026-11-09', event_end: '2026-11-16' };
  const said = 'I moved to Oslo last week with Mia.';
  const eventOf = (item: object): unknown => kept({ ...moved, ...item }, said)[0]?.details.event;

  it('has the words of the messages for when, where and who', () => {
    expect(eventOf({ event_times: ['last week'], event_places: ['Oslo'], event_people: ['Mia'] })).toEqual({
      times: ['last week'],
      locations: ['Oslo'],
      roles: ['Ben', 'Mia'],
    });
  });

  it('has no word that was not said, and what the model left out by rules', () => {
    expect(eventOf({ event_times: ['on Monday'], event_places: ['Berlin'], event_people: ['Zoe'] })).toEqual({
      times: ['last week'],
      locations: ['Oslo'],
      roles: ['Ben'],
    });
    expect(eventOf({})).toEqual({ times: ['last week'], locations: ['Oslo'], roles: ['Ben'] });
  });

  it('is none without a time', () => {
    expect(eventOf({ event_start: null, event_end: null, event_times: ['last week'] })).toBeUndefined();
  });
});
