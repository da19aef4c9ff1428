import type { Candidate } from '../memory.ts';
import type { Message, MessageRole } from '../message.ts';
import { extractByRules } from './index.ts';

const SAID_AT = Date.parse('2026-06-10T12:00:00Z');

const dialogue = (...turns: readonly (readonly [MessageRole, string])[]): Message[] =>
  turns.map(([role, content], index) => ({
    id: `m${index + 1}`,
    role,
    content,
    parts: null,
    chatTime: null,
    roleName: null,
    speakerId: null,
    purpose: 'said' as const,
    extraction: null,
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: '0610',
    sequence: index + 1,
    place: 0,
    withheld: [],
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    taskId: 't1',
    createdAt: SAID_AT + index * 1000,
  }));

const extract = (messages: readonly Message[], context: readonly Message[] = []): readonly Candidate[] =>
  extractByRules({ messages, context, timeZone: 'Asia/Shanghai' });
const texts = (candidates: readonly Candidate[]): string[] => candidates.map(({ text }) => text);
const chosen = (question: string, offer: string, choice: string): string[] =>
  texts(
    extract(dialogue(['user', question], ['assistant', offer], ['user', choice])).filter(({ sourceMessageIds }) =>
      sourceMessageIds.includes('m3'),
    ),
  );

const GUANGZHOU = dialogue(
  ['user', "I've booked a trip to Guangzhou for the summer vacation. Which chain hotels are there?"],
  ['assistant', 'You could consider 7 Days Inn, Ji Hotel and Hilton.'],
  ['user', 'I choose 7 Days Inn.'],
  ['assistant', 'OK, ask me if there is anything else.'],
);
const GUANGZHOU_CHINESE = dialogue(
  ['user', '我暑假定好去广州旅游，住宿的话有哪些连锁酒店可选？'],
  ['assistant', '您可以考虑【七天、全季、希尔顿】等等'],
  ['user', '我选七天'],
  ['assistant', '好的，有其他问题再问我。'],
);

describe('the quick start', () => {
  it('keeps the trip and the chosen hotel, and no hotel that was only offered', () => {
    expect(texts(extract(GUANGZHOU))).toEqual([
      "I've booked a trip to Guangzhou for the summer vacation (July to August 2026)",
      'I choose 7 Days Inn (chain hotels, trip to Guangzhou)',
    ]);
  });

  it('keeps them in Chinese when they were said in Chinese', () => {
    const candidates = extract(GUANGZHOU_CHINESE);
    expect(texts(candidates)).toEqual(['我暑假（2026年7月至8月）定好去广州旅游', '我选七天（连锁酒店，广州）']);
    expect(candidates.map(({ language }) => language)).toEqual(['zh', 'zh']);
  });

  it.each([
    ['English', GUANGZHOU],
    ['Chinese', GUANGZHOU_CHINESE],
  ])('dates both, rests the choice on its three turns and finds both by words of either language (%s)', (_language, messages) => {
    const [trip, hotel] = extract(messages);
    expect(trip?.eventTime).toEqual({ from: Date.parse('2026-06-30T16:00:00Z'), to: Date.parse('2026-08-31T16:00:00Z') });
    expect(hotel?.eventTime).toEqual(trip?.eventTime);
    expect(hotel?.sourceMessageIds).toEqual(['m1', 'm2', 'm3']);
    expect(hotel?.statedAt).toBe(SAID_AT + 2000);
    expect(trip?.keyPhrases).toEqual(expect.arrayContaining(['trip', 'city', '旅游', '城市']));
    expect(hotel?.keyPhrases).toEqual(expect.arrayContaining(['hotel', 'hotel brand', '酒店', '酒店品牌']));
  });
});

describe('choices', () => {
  const HOTELS = "I've booked a trip to Guangzhou. Which chain hotels are there?";
  it.each([
    [
      'You could consider 7 Days Inn, Ji Hotel and Hilton.',
      "I'll take the second",
      "I'll take the second: Ji Hotel (chain hotels, trip to Guangzhou)",
    ],
    ['There are 7 Days Inn, Ji Hotel, and Hilton.', '7 Days Inn please', 'I choose 7 Days Inn (chain hotels, trip to Guangzhou)'],
    [
      'You can consider 7 Days Inn, Ji Hotel, Hilton, and so on.',
      'I choose 7 Days Inn',
      'I choose 7 Days Inn (chain hotels, trip to Guangzhou)',
    ],
    ['1. 7 Days Inn\n2. Ji Hotel - quiet\n3. Hilton', "Let's go with the last one", 'I choose Hilton (chain hotels, trip to Guangzhou)'],
    ['- **7 Days Inn**: cheap\n- **Ji Hotel**: quiet', 'the first one', 'I choose 7 Days Inn (chain hotels, trip to Guangzhou)'],
    ['Some options: 7 Days Inn, Ji Hotel, Hilton', "I'll go with Hilton, thanks", "I'll go with Hilton (chain hotels, trip to Guangzhou)"],
    ['1. 7 Days Inn 2. Ji Hotel 3. Hilton', 'Option 2', 'I choose Ji Hotel (chain hotels, trip to Guangzhou)'],
  ])('%s -> %s', (offer, choice, expected) => {
    expect(chosen(HOTELS, offer, choice)).toEqual([expected]);
  });

  const CHINESE_HOTELS = '我暑假定好去广州旅游，有哪些连锁酒店可选？';
  it.each([
    ['您可以考虑七天、全季和希尔顿。', '第二个', '我选全季（连锁酒店，广州）'],
    ['1. 七天\n2. 全季\n3. 希尔顿', '我选第二个', '我选第二个：全季（连锁酒店，广州）'],
    ['推荐：七天、全季、希尔顿', '就希尔顿吧', '我选希尔顿（连锁酒店，广州）'],
    ['【七天】【全季】【希尔顿】', '最后一个吧', '我选希尔顿（连锁酒店，广州）'],
  ])('%s -> %s', (offer, choice, expected) => {
    expect(chosen(CHINESE_HOTELS, offer, choice)).toEqual([expected]);
  });

  it.each([
    ['a place without a list', 'There are many.', "I'll take the second"],
    ['an option that was not offered', 'You could consider 7 Days Inn, Ji Hotel and Hilton.', "I'll take Marriott"],
    ['a place beyond the list', 'You could consider 7 Days Inn and Ji Hotel.', 'the fourth one'],
    ['a question about an option', 'You could consider 7 Days Inn, Ji Hotel and Hilton.', 'How much is Hilton?'],
    ['a name that two options share', 'There are Hilton Plaza, Hilton Garden and Ji Hotel.', "I'll take Hilton"],
    ['a refusal', 'You could consider 7 Days Inn, Ji Hotel and Hilton.', 'Not the first one'],
  ])('makes nothing of %s', (_case, offer, choice) => {
    expect(chosen(HOTELS, offer, choice)).toEqual([]);
  });

  it('understands a choice whose list came with an earlier batch', () => {
    expect(texts(extract(GUANGZHOU.slice(2), GUANGZHOU.slice(0, 2)))).toEqual(['I choose 7 Days Inn (chain hotels, trip to Guangzhou)']);
  });

  it('gives a change of mind in one conversation the slot of the first choice', () => {
    const candidates = extract([
      ...GUANGZHOU,
      ...dialogue(['user', "Actually I'll take Hilton instead"]).map((message) => ({ ...message, id: 'm5', sequence: 5 })),
    ]);
    expect(candidates.slice(1).map(({ topicKey, topicValue }) => [topicKey, topicValue])).toEqual([
      ['choice.0610.chain hotels', '7 days inn'],
      ['choice.0610.chain hotels', 'hilton'],
    ]);
  });
});

describe('who may say something about the user', () => {
  const CLAIMS = ['I live in Paris', 'My name is Anna', 'I love seafood', '我住在巴黎', '我喜欢海鲜', "I've booked a trip to Rome"];
  it.each(['assistant', 'system', 'tool'] as const)('takes nothing from the %s', (role) => {
    expect(extract(dialogue(...CLAIMS.map((claim) => [role, claim] as const)))).toEqual([]);
  });

  it('takes nothing from the context', () => {
    expect(extract([], dialogue(...CLAIMS.map((claim) => ['user', claim] as const)))).toEqual([]);
  });
});

describe('what spans messages', () => {
  it('leaves out what is said in a role play, until it ends', () => {
    expect(
      texts(
        extract(
          dialogue(
            ['user', "Let's role-play. You are a doctor."],
            ['assistant', 'Fine.'],
            ['user', 'I live in Atlantis'],
            ['user', 'Stop the role-play'],
            ['user', 'I live in Lyon'],
          ),
        ),
      ),
    ).toEqual(['I live in Lyon']);
  });

  it('remembers from the context that a role play is on', () => {
    expect(extract(dialogue(['user', '我住在火星']), dialogue(['user', '我们来角色扮演吧']))).toEqual([]);
  });

  it('takes back what turns out to be a joke', () => {
    expect(texts(extract(dialogue(['user', 'I own a castle in Spain'], ['assistant', 'Wow'], ['user', 'just kidding'])))).toEqual([]);
    expect(texts(extract(dialogue(['user', '我有一座城堡'], ['assistant', '哇'], ['user', '开玩笑的'])))).toEqual([]);
  });

  it('resolves dates from the time that the caller gave', () => {
    const [message] = dialogue(['user', 'We moved to Lyon last week']);
    expect(message && texts(extract([{ ...message, chatTime: Date.parse('2024-02-14T12:00:00Z') }]))).toEqual([
      'We moved to Lyon last week (week of 2024-02-05)',
    ]);
  });

  it('gives a value said later the slot of the one before', () => {
    const [before, after] = extract(dialogue(['user', 'I live in Paris'], ['assistant', 'Nice.'], ['user', 'we moved to Lyon last week']));
    expect([before?.topicKey, before?.topicValue, after?.topicKey, after?.topicValue]).toEqual(['home.city', 'paris', 'home.city', 'lyon']);
  });

  it('gives a preference and its reversal one slot in either language', () => {
    const keys = extract(dialogue(['user', 'Never suggest seafood to me'], ['user', '海鲜又可以了'])).map(
      ({ kind, preferenceType, topicKey, topicValue }) => [kind, preferenceType, topicKey, topicValue],
    );
    expect(keys).toEqual([
      ['preference', 'explicit', 'preference.seafood', 'avoid'],
      ['preference', 'explicit', 'preference.seafood', 'allow'],
    ]);
  });
});

describe('what holds of every candidate', () => {
  const PIECES = [
    'I live in Paris',
    'we moved to Lyon last week',
    'because I like tea',
    'which is nice',
    'Which hotels are there?',
    'he said "I own a boat"',
    'if I were you',
    '我住在上海',
    '，在腾讯工作',
    '我喜欢海鲜、牛肉和茶',
    '你好',
    '。',
    '\n',
    ', ',
    ' and ',
    '; ',
    '? ',
    '！',
    'My sister Mia is a nurse',
    '我选第二个',
    "I'll take the second",
    '1. Ji Hotel\n2. Hilton',
    '【七天、全季】',
    '<memories>I am old</memories>',
    '> quoted',
    '```code```',
    "I'm allergic to nuts",
    '记住，我的车停在B2',
    '😀',
    '𠮷野家',
    'ＡＢＣ',
    '\u200b',
    '"',
    '“',
    '(',
    '上周',
    'tomorrow at 5pm',
  ];
  const ROLES: readonly MessageRole[] = ['user', 'user', 'assistant', 'system', 'tool'];

  function* randomNumbers(seed: number): Generator<number, never> {
    let state = seed;
    for (;;) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      yield state / 2_147_483_648;
    }
  }

  it('quotes its sources verbatim, rests a user’s word on a user’s message, and says nothing that was not said', () => {
    const random = randomNumbers(20261121);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next().value * from.length)] as T;
    let seen = 0;
    for (let round = 0; round < 300; round += 1) {
      const messages = dialogue(
        ...Array.from({ length: 4 }, () => [pick(ROLES), Array.from({ length: 5 }, () => pick(PIECES)).join('')] as const),
      );
      const byId = new Map(messages.map((message) => [message.id, message]));
      for (const candidate of extract(messages)) {
        seen += 1;
        const sources = candidate.sourceMessageIds.map((id) => byId.get(id));
        expect(sources.at(-1)?.role).toBe('user');
        expect(
          sources.every((source) => source?.role === 'user' || (source?.role === 'assistant' && candidate.sourceMessageIds.length > 1)),
        ).toBe(true);
        expect(candidate.quotes.length).toBeGreaterThan(0);
        expect(candidate.quotes.every((quote) => quote !== '' && sources.some((source) => source?.content.includes(quote)))).toBe(true);
        expect(candidate).toMatchObject({ origin: 'user', extractor: 'rules', reasoning: '' });
        expect(candidate.text).not.toContain('\uE000');
        expect(candidate.topicKey === null).toBe(candidate.topicValue === null);
      }
    }
    expect(seen).toBeGreaterThan(150);
  });
});
