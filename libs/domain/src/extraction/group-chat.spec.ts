import { readFileSync } from 'node:fs';
import type { Candidate } from '../memory.ts';
import type { Message, MessageRole } from '../message.ts';
import type { SubjectKey } from '../scope.ts';
import { documentOfMessage, wordsOfTurn } from '../documents.ts';
import { extractByRules, UNNAMED_SPEAKER } from './index.ts';

const SAID_AT = Date.parse('2026-11-21T12:00:00Z');

interface Line {
  readonly role?: MessageRole;
  readonly by?: string | null;
  readonly name?: string | null;
  readonly says: string;
}

const PEOPLE: Readonly<Record<string, string>> = { ana: 'Ana', ben: 'Ben', chen: '陈晨' };
const says = (by: string, words: string): Line => ({ by, name: PEOPLE[by] ?? null, says: words });
const assistant = (words: string): Line => ({ role: 'assistant', says: words });

const chat = (subject: SubjectKey, lines: readonly Line[], relatedIds: readonly string[] = []): Message[] =>
  lines.map(({ role = 'user', by = null, name = null, says: content }, index) => ({
    id: `m${index + 1}`,
    role,
    content,
    parts: null,
    chatTime: SAID_AT + index,
    roleName: name,
    speakerId: by,
    purpose: 'said',
    extraction: null,
    scope: { projectId: 'default', subject },
    conversationId: 'c1',
    sequence: index + 1,
    place: 0,
    withheld: [],
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds },
    taskId: 't1',
    createdAt: SAID_AT,
  }));

const heard = (subject: SubjectKey, ...lines: readonly Line[]): readonly Candidate[] =>
  extractByRules({ messages: chat(subject, lines), context: [], timeZone: 'UTC' });
const texts = (candidates: readonly Candidate[]): readonly string[] => candidates.map(({ text }) => text);

describe('who said it in a group chat', () => {
  it.each([
    ['ana', ['I live in Lyon', 'Ben: I live in Oslo', '陈晨：我住在杭州'], [null, 'Ben', '陈晨']],
    ['ben', ['Ana: I live in Lyon', 'I live in Oslo', '陈晨：我住在杭州'], ['Ana', null, '陈晨']],
    ['chen', ['Ana: I live in Lyon', 'Ben: I live in Oslo', '我住在杭州'], ['Ana', 'Ben', null]],
  ])('is named in the space of everybody else: %s', (subject, expected, about) => {
    const found = heard(`user:${subject}`, says('ana', 'I live in Lyon.'), says('ben', 'I live in Oslo.'), says('chen', '我住在杭州。'));
    expect(texts(found)).toEqual(expected);
    expect(found.map((candidate) => candidate.about)).toEqual(about);
  });

  it('gives the slots of each their own place', () => {
    const found = heard('user:ana', says('ana', 'I live in Lyon.'), says('ben', 'I live in Oslo.'), says('chen', '我住在杭州。'));
    expect(found.map(({ topicKey }) => topicKey)).toEqual(['home.city', 'person.ben.home.city', 'person.chen.home.city']);
  });

  it.each([
    ['a.b', 'a', 'b'],
    ['Ben', 'ben', 'x'],
    ['a b', 'a.b', 'x'],
  ])('never lets two ids share a slot: %s and %s', (one, other) => {
    const found = heard('user:ana', { by: one, name: 'Sam', says: 'I live in Lyon.' }, { by: other, name: 'Sam', says: 'I live in Oslo.' });
    expect(new Set(found.map(({ topicKey }) => topicKey)).size).toBe(2);
  });

  it.each([
    ['I love sushi.', 'I hate mushrooms.'],
    ['我喜欢寿司。', '我讨厌蘑菇。'],
  ])("keeps another person's wish as a fact about them: %s", (own, other) => {
    const found = heard('user:ana', says('ana', own), says('ben', other));
    expect(found.map(({ kind, preferenceType }) => [kind, preferenceType])).toEqual([
      ['preference', 'explicit'],
      ['fact', null],
    ]);
  });

  it('names by id whoever gave no name, and keeps a name that was given once', () => {
    const found = heard('user:ana', { by: 'u-7', says: 'I live in Oslo.' }, says('ben', 'I work as a nurse.'), {
      by: 'ben',
      says: 'I have two cats.',
    });
    expect(texts(found)).toEqual(['u-7: I live in Oslo', 'Ben: I work as a nurse', 'Ben: I have two cats']);
  });

  it("gives an answer to the one who answers, to the assistant's question and to another person's", () => {
    expect(texts(heard('user:ana', says('ana', 'Where do you live?'), says('ben', 'Oslo')))).toEqual(['Where do you live? Ben: Oslo']);
    expect(heard('user:ana', says('ana', 'Where do you live?'), says('ben', 'Oslo'))[0]?.title).toBe('Ben: Oslo');
    expect(texts(heard('user:ben', says('ana', 'Where do you live?'), says('ben', 'Oslo')))).toEqual(['Where do you live? Oslo']);
    expect(texts(heard('user:ana', says('ana', 'Hi!'), assistant('Where do you live?'), says('ben', 'Oslo')))).toEqual([
      'Where do you live? Ben: Oslo',
    ]);
    expect(texts(heard('user:ana', says('ben', '你住在哪里？'), says('chen', '杭州')))).toEqual(['你住在哪里？ 陈晨：杭州']);
  });

  it('draws nothing from an answer to a question that was put to somebody else, nor from one that came in between', () => {
    expect(heard('user:ana', says('ana', 'Hi!'), says('chen', '好的'), assistant('Ana, where do you live?'), says('ben', 'Oslo'))).toEqual(
      [],
    );
    expect(heard('user:ana', says('ana', 'Where do you live?'), says('chen', 'Hmm'), says('ben', 'Oslo'))).toEqual([]);
    expect(heard('user:ana', says('ana', 'Where do you live?'), says('ana', 'Oslo'))).toEqual([]);
    const later = says('ana', 'Lyon is nice.');
    for (const asked of ['Ana, where do you live?', '@Ana where do you live?', 'And where do you live, Ana?'])
      expect(texts(heard('user:ana', assistant(asked), says('ben', 'Oslo'), later))).toEqual([]);
    expect(texts(heard('user:ana', assistant('Ben, where do you live?'), says('ben', 'Oslo'), later))).toHaveLength(1);
  });

  it('reads what is said to somebody by name', () => {
    const found = heard('user:ana', says('ben', '@Ana I live in Oslo.'), says('chen', '@Ben @Ana 我住在杭州。'));
    expect(found.map(({ text, quotes }) => [text, quotes])).toEqual([
      ['Ben: I live in Oslo', ['I live in Oslo']],
      ['陈晨：我住在杭州', ['我住在杭州']],
    ]);
  });

  it('lets a joke take back only what the joker said', () => {
    const found = heard('user:ana', says('ana', 'I live in Lyon.'), says('ben', 'I live in Oslo.'), says('ana', 'Just kidding!'));
    expect(texts(found)).toEqual(['Ben: I live in Oslo']);
  });

  it("tells another person's sister from one's own", () => {
    const [own, other] = heard('user:ana', says('ana', 'My sister Mia lives in Bergen.'), says('ben', 'My sister Mia lives in Turku.'));
    expect(other?.text).toBe('Ben: My sister Mia lives in Turku');
    expect(other?.topicKey).toBe(`person.ben.${own?.topicKey ?? ''}`);
  });

  it.each([
    ['Is the shop open on Sunday?', 'Maybe I will move to Oslo.'],
    ['你去过杭州吗？', '要是我住在杭州就好了。'],
  ])('still takes no question and no supposition for a statement: %s', (...lines) => {
    expect(heard('user:ana', ...lines.map((line) => says('ben', line)))).toEqual([]);
  });

  it('lets two people who are not told apart replace nothing of each other', () => {
    const unnamed = (content: string): Line => ({ by: UNNAMED_SPEAKER, says: content });
    const found = (relatedIds: readonly string[]): readonly Candidate[] =>
      extractByRules({
        messages: chat('user:ana', [unnamed('I live in Lyon.'), unnamed('我住在杭州。')], relatedIds),
        context: [],
        timeZone: 'UTC',
      });
    expect(found(['ana', 'ben']).map(({ text, topicKey }) => [text, topicKey])).toEqual([
      ['User: I live in Lyon', null],
      ['用户：我住在杭州', null],
    ]);
    expect(found(['ana', UNNAMED_SPEAKER])[0]).toMatchObject({ text: 'somebody: I live in Lyon', topicKey: 'person.somebody.home.city' });
  });

  it.each<SubjectKey>(['agent:guide', 'base:1f', 'public:all'])('names everybody in the space %s', (subject) => {
    const messages = (relatedIds: readonly string[], ...lines: readonly Line[]): readonly Candidate[] =>
      extractByRules({ messages: chat(subject, lines, relatedIds), context: [], timeZone: 'UTC' });
    const unsaid = { says: 'I live in Lyon.' };
    expect(messages(['ana', 'guide'], unsaid, says('ben', 'I hate tea.')).map(({ text, about, kind }) => [text, about, kind])).toEqual([
      [`${subject === 'agent:guide' ? 'ana' : 'User'}: I live in Lyon`, subject === 'agent:guide' ? 'ana' : 'User', 'fact'],
      ['Ben: I hate tea', 'Ben', 'fact'],
    ]);
    expect(texts(messages(['ana'], unsaid))).toEqual(['ana: I live in Lyon']);
    expect(messages([], unsaid)[0]).toMatchObject({ text: 'User: I live in Lyon', topicKey: 'person.in_c1.home.city' });
    expect(messages(['ana', 'ben', 'chen'], unsaid)[0]).toMatchObject({ text: 'User: I live in Lyon', topicKey: null, topicValue: null });
  });
});

describe('what was said in a group chat, word for word', () => {
  it.each([
    ['user:ana', 'ben', 'Ben', 'I live in Oslo.', 'Ben', 'Ben: I live in Oslo.'],
    ['user:ana', 'chen', '陈晨', '我住在杭州。', '陈晨', '陈晨：我住在杭州。'],
    ['user:ana', UNNAMED_SPEAKER, null, 'I live in Oslo.', 'User', 'User: I live in Oslo.'],
    ['user:ana', 'ben', 'ana', 'I live in Oslo.', 'ben', 'ben: I live in Oslo.'],
    ['user:ana', 'ben', 'chen', 'I live in Oslo.', 'ben', 'ben: I live in Oslo.'],
    ['user:ana', 'ben', 'I', 'I live in Oslo.', 'ben', 'ben: I live in Oslo.'],
    ['user:ana', 'chen', '我', '我住在杭州。', 'chen', 'chen：我住在杭州。'],
    ['user:ana', 'ana', 'Ana', 'I live in Lyon.', null, 'I live in Lyon.'],
    ['user:ana', null, null, 'I live in Lyon.', null, 'I live in Lyon.'],
    ['agent:guide', 'ana', 'Ana', 'I live in Lyon.', null, 'I live in Lyon.'],
  ] as const)('is in the space %s of %s', (subject, by, name, content, about, words) => {
    const [message] = chat(subject, [{ by, name, says: content }], ['ana', 'ben', 'chen']);
    if (message === undefined) throw new Error('nothing was said');
    expect(documentOfMessage(message, 1)).toMatchObject({ about, text: content });
    expect(wordsOfTurn(message)).toBe(words);
    expect(wordsOfTurn({ ...message, role: 'assistant' })).toBe(content);
  });
});

const ROLES: Readonly<Record<string, MessageRole>> = { u: 'user', a: 'assistant', s: 'system', t: 'tool' };

/** The dialogues of the corpus, told by one person or by two in turn. */
const DIALOGUES = readFileSync(new URL('./dialogues.fixture.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { readonly turns: readonly string[] }).turns);
const told = (turns: readonly string[], by: (place: number) => 'ana' | 'zyx'): Message[] =>
  chat(
    'user:ana',
    turns.map((turn, place) => {
      const role = ROLES[turn.charAt(0)] ?? 'user';
      const speaker = by(place);
      return { role, says: turn.slice(3), ...(role === 'user' ? { by: speaker, name: speaker === 'zyx' ? 'Zyx' : 'Ana' } : {}) };
    }),
  );
const drawn = (messages: readonly Message[]): readonly Candidate[] => extractByRules({ messages, context: [], timeZone: 'UTC' });

describe('the dialogues of the corpus', () => {
  it('say the same of another person as of the subject, and all of it under their name', () => {
    let statements = 0;
    for (const turns of DIALOGUES) {
      const own = drawn(told(turns, () => 'ana'));
      const others = drawn(told(turns, () => 'zyx'));
      expect(others.map(({ quotes }) => quotes)).toEqual(own.map(({ quotes }) => quotes));
      for (const [index, candidate] of others.entries()) {
        const same = own[index];
        expect(candidate.text.replace(/Zyx(?:: |：)/u, '')).toBe(same?.text);
        expect(candidate).toMatchObject({ kind: 'fact', about: same?.about ?? 'Zyx', topicValue: same?.topicValue });
        expect(candidate.text).toMatch(/Zyx(?:: |：)/u);
        expect(candidate.topicKey).toBe(same?.topicKey === null ? null : `person.zyx.${same?.topicKey}`);
        statements += 1;
      }
    }
    expect(statements).toBeGreaterThan(200);
  });

  it.each([0, 1, 2, 3])('give nobody what another said, when two tell them in turn (%s)', (pattern) => {
    let statements = 0;
    for (const turns of DIALOGUES) {
      const messages = told(turns, (place) => ((place >> (pattern % 2)) % 2 === pattern >> 1 ? 'zyx' : 'ana'));
      for (const candidate of drawn(messages)) {
        const said = messages.find(({ id }) => id === candidate.sourceMessageIds.at(-1));
        const isOther = said?.speakerId === 'zyx';
        expect([candidate.text, candidate.text.includes('Zyx')]).toEqual([candidate.text, isOther]);
        expect((candidate.topicKey ?? '').startsWith('person.')).toBe(isOther && candidate.topicKey !== null);
        expect(said?.content.replace(/\s+/gu, ' ')).toContain(candidate.quotes.at(-1)?.replace(/\s+/gu, ' '));
        statements += 1;
      }
    }
    expect(statements).toBeGreaterThan(100);
  });
});
