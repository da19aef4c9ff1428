import type { Candidate } from '../memory.ts';
import type { Message } from '../message.ts';
import { extractByRules, inViews } from './index.ts';

const SAID_AT = Date.parse('2026-11-21T12:00:00Z');

const said = (content: string, roleName: string | null = null, speakerId: string | null = null): Message => ({
  id: 'm1',
  role: 'user',
  content,
  parts: null,
  chatTime: SAID_AT,
  roleName,
  speakerId,
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
});
const from = (message: Message): readonly Candidate[] => extractByRules({ messages: [message], context: [], timeZone: 'UTC' });
const eventOf = (content: string, ...speaker: readonly (string | null)[]): unknown => from(said(content, ...speaker))[0]?.details.event;

describe('a dated happening', () => {
  it.each([
    ['Last week I visited my aunt in Lisbon.', ['Last week'], ['Lisbon']],
    ['I am flying to Tokyo on March 3rd.', ['March 3rd'], ['Tokyo']],
    ['Yesterday I met Mia at Nando.', ['Yesterday'], []],
    ['我昨天去了杭州。', ['昨天'], ['杭州']],
    ['我下周三要去北京出差。', ['下周三'], ['北京']],
    ['我昨天在臺北吃了火鍋。', ['昨天'], ['臺北']],
  ])('has its time in the words of the conversation, and its places: %s', (content, times, locations) => {
    expect(eventOf(content)).toMatchObject({ times, locations });
  });

  it('names who it happened to, as far as that is known', () => {
    expect(eventOf('I moved to Oslo last year.')).toMatchObject({ roles: [] });
    expect(eventOf('I moved to Oslo last year.', 'Ana')).toMatchObject({ roles: ['Ana'] });
    expect(eventOf('I moved to Oslo last year.', 'Ben', 'ben')).toMatchObject({ roles: ['Ben'] });
    expect(eventOf('My sister Mia moved to Oslo last year.')).toMatchObject({ roles: ['Mia'] });
  });

  it.each(['I live in Oslo.', '我住在杭州。', 'I love hiking.', 'I go swimming every Monday.'])(
    'is nothing that has no date: %s',
    (content) => {
      expect(eventOf(content)).toBeUndefined();
    },
  );
});

describe('what the caller wants made of it', () => {
  const [dated] = from(said('I moved to Oslo last week.'));
  const [fact] = from(said('I live in Oslo.'));
  const [preference] = from(said('I love hiking.'));

  it.each<[string, Candidate | undefined, readonly string[] | null, string | null, boolean]>([
    ['everything', dated, null, 'fact', true],
    ['facts alone', dated, ['detail_factual'], 'fact', false],
    ['facts and events', dated, ['detail_factual', 'event'], 'fact', true],
    ['events alone', dated, ['event'], 'event', true],
    ['events alone, nothing dated', fact, ['event'], null, false],
    ['preferences alone', fact, ['preference'], null, false],
    ['preferences alone', preference, ['preference'], 'preference', false],
    ['facts alone', preference, ['detail_factual', 'event'], null, false],
    ['nothing', preference, [], null, false],
  ])('%s', (_name, candidate, views, kind, hasEvent) => {
    const made = candidate === undefined ? null : inViews(candidate, views);
    expect(made?.kind ?? null).toBe(kind);
    expect(made?.details.event !== undefined).toBe(hasEvent);
  });

  it('fills no slot with what is an event alone', () => {
    expect(dated?.topicKey).toBe('home.city');
    expect(dated && inViews(dated, ['event'])).toMatchObject({ topicKey: null, topicValue: null });
  });
});
