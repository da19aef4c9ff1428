import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@continuo/contracts';
import { forEachKind, type Scope } from '@continuo/domain';
import type { EmbeddingModel, MemoryIndex, RecallRequest, RecallResult } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { type OpenedSqliteIndex, openSqliteIndex } from '@continuo/sqlite-index';
import { IndexOutbox, SearchMemory } from '@continuo/use-cases';

const SCOPE: Scope = { projectId: 'default', subject: 'user:ana' };

const NO_EMBEDDER: EmbeddingModel = {
  state: () => ({ status: 'none', reason: 'none in this spec' }),
  onState: () => () => undefined,
  embed: () => Promise.reject(new AppError('embedder_unavailable', 'none in this spec')),
  close: async () => undefined,
};

/** Says that it is ready and never answers. */
const SILENT_EMBEDDER: EmbeddingModel = {
  ...NO_EMBEDDER,
  state: () => ({ status: 'ready', reason: 'silent', model: { id: 'silent', dimension: 2 } }),
  embed: () => new Promise(() => undefined),
};

describe('recall', () => {
  let folder: string;
  let records: SqliteRecords;
  let opened: OpenedSqliteIndex;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-recall-'));
    records = await openSqliteRecords({ file: join(folder, 'records.db') });
    opened = await openSqliteIndex({ file: join(folder, 'index.db') });
    await records.projects.create('default', 0);
  });
  afterEach(async () => {
    await opened.close();
    await records.close();
    await rm(folder, { recursive: true });
  });

  const say = (content: string): Promise<unknown> =>
    records.messages.append({
      scope: SCOPE,
      conversationId: 'c',
      messages: [{ role: 'user', content, parts: null, chatTime: null, roleName: null, speakerId: null, partial: false, recallable: true }],
      labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
      purpose: 'said',
      extraction: null,
      copies: [],
      mode: 'turn',
      mine: true,
      now: Date.now(),
      answered: null,
      cutShort: null,
      replaces: [],
    });

  const ask = (
    query: string,
    parts: { readonly index?: MemoryIndex; readonly embedder?: EmbeddingModel; readonly timeoutMs?: number } = {},
  ): Promise<RecallResult> => {
    const settings = { timeoutMs: parts.timeoutMs ?? 20_000, embedTimeoutMs: 50, recallTurns: 'on', timeZone: 'UTC' } as const;
    const request: RecallRequest = {
      scope: SCOPE,
      others: [],
      query,
      conversationId: null,
      filter: null,
      limits: forEachKind((kind) => (kind === 'fact' || kind === 'preference' ? 9 : 0)),
      together: null,
      minRelativity: 0.45,
      explainIds: [],
    };
    return new SearchMemory(parts.index ?? opened.index, records.recall, parts.embedder ?? NO_EMBEDDER, settings).execute(request, {});
  };

  const broken = (search: MemoryIndex['search']): MemoryIndex => ({
    upsert: (documents) => opened.index.upsert(documents),
    remove: (removals) => opened.index.remove(removals),
    removeScope: (scope) => opened.index.removeScope(scope),
    count: (scope) => opened.index.count(scope),
    sweepTombstones: (before) => opened.index.sweepTombstones(before),
    entries: (afterId, limit) => opened.index.entries(afterId, limit),
    needsRefill: () => opened.index.needsRefill(),
    confirmRefill: (name) => opened.index.confirmRefill(name),
    search,
  });

  const bringOver = (): Promise<number> =>
    new IndexOutbox(records.outbox, records.memories, opened.index).execute(new AbortController().signal);
  const said = (result: RecallResult): readonly (string | undefined)[] => result.facts.map((item) => item.turn?.content);

  it('finds what was just said before the index knows it', async () => {
    await say('My cello teacher is called Marta.');
    expect(await ask('Who is my cello teacher?')).toMatchObject({
      state: 'ok',
      facts: [{ turn: { content: 'My cello teacher is called Marta.' } }],
    });
  });

  it('finds it as well once the index has it, with the same relativity', async () => {
    await say('My cello teacher is called Marta.');
    const before = await ask('Who is my cello teacher?');
    expect(await bringOver()).toBe(1);
    const after = await ask('Who is my cello teacher?');
    expect(said(after)).toEqual(said(before));
    expect(after.facts[0]?.relativity).toBeCloseTo(before.facts[0]?.relativity ?? 0, 6);
  });

  it('answers from what is new when the index is down, and says so', async () => {
    await say('My cello teacher is called Marta.');
    const index = broken(() => Promise.reject(new AppError('index_unavailable', 'gone')));
    const result = await ask('Who is my cello teacher?', { index });
    expect([result.state, result.missingArms, said(result)]).toEqual(['degraded', ['words'], ['My cello teacher is called Marta.']]);
  });

  it('does not wait for an index that never answers', async () => {
    await say('My cello teacher is called Marta.');
    const result = await ask('Who is my cello teacher?', { index: broken(() => new Promise(() => undefined)), timeoutMs: 600 });
    expect([result.state, result.missingArms, said(result)]).toEqual(['degraded', ['words'], ['My cello teacher is called Marta.']]);
  });

  it('goes by words when the embedder is late, and says so', async () => {
    await say('My cello teacher is called Marta.');
    await bringOver();
    const result = await ask('Who is my cello teacher?', { embedder: SILENT_EMBEDDER });
    expect([result.state, result.missingArms, said(result)]).toEqual(['degraded', ['vectors'], ['My cello teacher is called Marta.']]);
  });

  it('returns nothing of an erased subject, whatever the index still holds', async () => {
    await say('My cello teacher is called Marta.');
    await bringOver();
    await records.memories.eraseSubject(SCOPE, { keepMessages: false, now: Date.now() });
    expect(said(await ask('Who is my cello teacher?'))).toEqual([]);
    await bringOver();
    expect(await opened.index.count(SCOPE)).toBe(0);
  });

  it('tells nothing known from nothing good enough', async () => {
    expect((await ask('Who is my cello teacher?')).state).toBe('empty');
    await say('The stove is broken.');
    expect((await ask('Who is my cello teacher?')).state).toBe('below_threshold');
  });
});
