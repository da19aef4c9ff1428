import { AppError } from '@continuo/contracts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExtractionOptions, type Memory, type MemoryKind, type NewMessage, type Scope, userSubject } from '@continuo/domain';
import type { PartReader, RecallApi, StructuredModel } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { aRecallResult } from '@continuo/testing';
import { DrainInbox, ExtractCandidates, ReconcileCandidates } from '@continuo/use-cases';

const spaceOf = (id: string): Scope => ({ projectId: 'default', subject: userSubject(id) });
const ANA = spaceOf('ana');
const NOON = Date.parse('2026-11-21T12:00:00Z');

const NO_RECALL: RecallApi = { search: async () => aRecallResult() };
const NO_MODEL: StructuredModel = {
  available: () => false,
  complete: () => Promise.reject(new Error('there is no model')),
};

type Line = Partial<NewMessage>;
const said = (content: string, speakerId: string | null = null, roleName: string | null = null): Line => ({ content, speakerId, roleName });
const call = (id: string, name: string, given: object): Line => ({
  role: 'assistant',
  parts: { tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(given) } }] },
});
const result = (id: string, content: string): Line => ({ role: 'tool', content, parts: { tool_call_id: id } });
const schema = (description: string): Line => ({
  role: 'system',
  content: `<tool_schema>${JSON.stringify({ name: 'get_weather', description })}</tool_schema>`,
});

describe('mining by rules, with all kinds of memory', () => {
  let folder: string;
  let records: SqliteRecords;
  let now: number;
  let parts: PartReader | null;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-kinds-'));
    records = await openSqliteRecords({ file: join(folder, 'records.db') });
    await records.projects.create('default', 0);
    now = NOON;
    parts = null;
  });
  afterEach(async () => {
    await records.close();
    await rm(folder, { recursive: true });
  });

  const mine = async (scope: Scope): Promise<void> => {
    const settings = { timeZone: 'UTC', timeoutMs: 1_000, maxTokens: 1_000, tokensPerDay: null };
    const drain = new DrainInbox(
      records.inbox,
      new ExtractCandidates(NO_MODEL, records.usage, records.memories, settings, { profiles: null, parts }),
      new ReconcileCandidates(records.memories, records.messages, NO_RECALL, NO_MODEL, records.usage),
      { enqueue: async () => undefined },
      { maxMessages: 20, maxCharacters: 10_000, maxAttempts: 3, providerPatienceMs: 1_000, now: () => now },
    );
    await drain.execute(scope, new AbortController().signal);
  };

  const add = async (
    conversationId: string,
    lines: readonly Line[],
    copies: readonly string[] = [],
    extraction: ExtractionOptions | null = null,
  ) => {
    now += 60_000;
    await records.messages.append({
      scope: ANA,
      conversationId,
      messages: lines.map((line) => ({
        role: 'user',
        content: '',
        parts: null,
        chatTime: null,
        roleName: null,
        speakerId: null,
        ...line,
        partial: false,
        recallable: true,
      })),
      labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: ['ana', ...copies] },
      purpose: 'said',
      extraction,
      copies: copies.map(spaceOf),
      mode: 'turn',
      mine: true,
      now,
      answered: null,
      cutShort: null,
      replaces: [],
    });
    for (const scope of [ANA, ...copies.map(spaceOf)]) await mine(scope);
  };

  const kept = async (kind: MemoryKind, scope: Scope = ANA): Promise<readonly Memory[]> =>
    (await records.memories.list(scope, { kind, filter: null, page: 1, size: 50 })).items;
  const texts = async (kind: MemoryKind, scope: Scope = ANA): Promise<readonly string[]> =>
    (await kept(kind, scope)).map(({ text }) => text).toSorted();

  it('gives a group chat to each of its people, with the names of the others', async () => {
    await add('c', [said('I live in Lyon.', 'ana', 'Ana'), said('I live in Oslo. I love tea.', 'ben', 'Ben')], ['ben']);
    expect(await texts('fact')).toEqual(['Ben: I live in Oslo', 'Ben: I love tea', 'I live in Lyon']);
    expect(await texts('preference')).toEqual([]);
    expect(await texts('fact', spaceOf('ben'))).toEqual(['Ana: I live in Lyon', 'I live in Oslo']);
    expect(await texts('preference', spaceOf('ben'))).toEqual(['I love tea']);

    await add('c', [said('I moved to Rome.', 'ben', 'Ben')], ['ben']);
    expect(await texts('fact')).toEqual(['Ben: I love tea', 'Ben: I moved to Rome', 'I live in Lyon']);
    expect(await texts('fact', spaceOf('ben'))).toEqual(['Ana: I live in Lyon', 'I moved to Rome']);
  });

  it.each([
    ['comes back', 2, ['I live in Oslo', 'The lease ends in May.']],
    ['stays away', 3, ['I live in Oslo']],
  ])('tries a file again whose address %s, and loses no statement to it', async (_what, failures, remembered) => {
    const tried: number[] = [];
    parts = {
      describe: async () => {
        tried.push(now - NOON);
        if (tried.length <= failures) throw new AppError('file_invalid', 'no answer came');
        const document = { fileId: 'f', fileName: 'lease.txt', place: 0, headings: [], page: null };
        return [{ text: 'The lease ends in May.', title: 'lease', document }];
      },
    };
    const content = [{ type: 'file', file: { file_data: 'https://example.com/lease.txt' } }];
    await add('c', [{ content: 'I live in Oslo.', parts: { content } }]);
    for (let second = 0; second < 30; second += 1) {
      now += 1_000;
      await mine(ANA);
    }
    expect(await texts('fact')).toEqual(remembered);
    expect(tried.map((at) => at - (tried[0] ?? 0))).toEqual([0, 4_000, 12_000]);
  });

  it('keeps a happening as an event alone where facts are not wanted', async () => {
    await add('c', [said('I live in Lyon. I visited my aunt in Lisbon last week.')], [], { views: ['event'], instructions: {} });
    expect(await texts('fact')).toEqual([]);
    expect(await kept('event')).toMatchObject([
      {
        text: 'I visited my aunt in Lisbon last week (week of 2026-11-09)',
        details: { event: { times: ['last week'], locations: ['Lisbon'] } },
      },
    ]);
  });

  it('replaces what a tool was by what it is', async () => {
    await add('c', [schema('Weather'), said('Hello')]);
    await add('d', [schema('Weather'), said('Hello again')]);
    expect(await kept('tool')).toMatchObject([{ evidence: 2, topicKey: 'tool.schema.get_weather' }]);
    await add('e', [schema('Weather by hour'), said('Hello once more')]);
    expect(await texts('tool')).toEqual(['{"name":"get_weather","description":"Weather by hour"}']);
  });

  it('lets a round of calls grow, without taking the request out of what can be found', async () => {
    await add('c', [said('Book a room for Ana in Oslo'), call('1', 'search', { city: 'Oslo' }), result('1', 'Grand Hotel')]);
    expect(await texts('tool')).toEqual(['Book a room for Ana in Oslo → search({"city":"Oslo"}) → Grand Hotel']);
    await add('c', [call('2', 'book', { hotel: 'Grand Hotel' })]);
    await add('c', [result('2', 'done')]);
    expect(await texts('tool')).toEqual([
      'Book a room for Ana in Oslo → search({"city":"Oslo"}) → Grand Hotel; book({"hotel":"Grand Hotel"}) → done',
    ]);
    expect(await texts('fact')).toEqual([]);
  });

  it('keeps rounds that are alike but not the same side by side', async () => {
    for (const city of ['Oslo', 'Rome']) await add(city, [said('Weather?'), call('1', 'weather', { city }), result('1', `sunny ${city}`)]);
    await add('x', [said('Weather?'), call('1', 'weather', { city: 'Oslo' }), result('1', 'it is sunny Oslo')]);
    expect(await kept('tool')).toHaveLength(3);
  });

  it('learns a skill in the fifth round, once', async () => {
    for (let place = 1; place <= 7; place += 1) {
      await add(`c${place}`, [
        said(`Weather in city ${place}?`),
        call('1', 'get_weather', { city: `${place}` }),
        result('1', `sunny ${place}`),
      ]);
      expect(await kept('skill')).toHaveLength(place < 5 ? 0 : 1);
    }
    const [skill] = await kept('skill');
    expect(skill?.details.skill).toMatchObject({ name: 'get weather', procedure: '1. Call get_weather with city.' });
  });
});
