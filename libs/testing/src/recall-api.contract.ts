import { type Filter, forEachKind, type Memory, PUBLIC_SUBJECT, type Scope, type SubjectKey } from '@continuo/domain';
import type { ArmHits, IndexQuery, MemoryIndex, RecallApi, RecalledItem, RecallRequest } from '@continuo/ports';
import { NOW, someLabels } from './builders.ts';
import { type AllRecords, append, remember } from './records/index.ts';

/** Recall over stores that are empty at the start. */
export interface RecallApiSetup {
  readonly recall: RecallApi;
  readonly records: AllRecords;
}

export interface RecallApiHarness {
  readonly name: string;
  /** Once per suite. @param disturbed what recall has to ask in place of its index; the suite lets it fail and hang. */
  start(disturbed: (index: MemoryIndex) => MemoryIndex): Promise<RecallApiSetup>;
  stop(): Promise<void>;
}

type Mood = 'well' | 'failing' | 'hanging';

const TEA = 'I drink green tea every morning';
const SISTER = 'My sister Mia studies law in Leipzig';
/** Recall of the suites may take as long as it likes unless a test says otherwise. */
const PATIENT_MS = 30_000;

/** What recall promises, whoever it is asked through. */
export function describeRecallApiContract(harness: RecallApiHarness): void {
  describe(`RecallApi contract: ${harness.name}`, () => {
    const suite = new RecallSuite(harness);
    beforeAll(() => suite.start());
    beforeEach(() => suite.renew());
    afterAll(() => suite.stop());
    describeFinding(suite);
    describeLimits(suite);
    describeSpaces(suite);
    describe('views', () => describeViews(suite));
    describeTrouble(suite);
  });
}

class RecallSuite {
  mood: Mood = 'well';
  /** Resolves when the index is asked while it hangs. */
  asked = Promise.withResolvers<void>();
  /** Whose part of the index fails. */
  broken: SubjectKey | null = null;
  /** Whose part of the index was asked. */
  readonly queried: SubjectKey[] = [];
  scope: Scope = { projectId: 'project-0', subject: 'user:ana' };
  #setup!: RecallApiSetup;
  #projects = 0;
  readonly #harness: RecallApiHarness;

  constructor(harness: RecallApiHarness) {
    this.#harness = harness;
  }

  async start(): Promise<void> {
    this.#setup = await this.#harness.start((index) => this.#disturbed(index));
  }

  async stop(): Promise<void> {
    await this.#harness.stop();
  }

  renew(): void {
    this.#projects += 1;
    this.scope = { projectId: `project-${this.#projects}`, subject: 'user:ana' };
    this.mood = 'well';
    this.broken = null;
    this.queried.length = 0;
    this.asked = Promise.withResolvers<void>();
  }

  get recall(): RecallApi {
    return this.#setup.recall;
  }

  get records(): AllRecords {
    return this.#setup.records;
  }

  request(overrides: Partial<RecallRequest> = {}): RecallRequest {
    return {
      scope: this.scope,
      others: [],
      query: 'What do I drink in the morning?',
      conversationId: null,
      filter: null,
      limits: limitsOf({ fact: 9, preference: 9 }),
      together: null,
      minRelativity: 0.2,
      explainIds: [],
      ...overrides,
    };
  }

  #disturbed(index: MemoryIndex): MemoryIndex {
    const search = async (query: IndexQuery, options: Parameters<MemoryIndex['search']>[1]): Promise<ArmHits> => {
      this.queried.push(query.scope.subject);
      if (this.mood === 'failing' || query.scope.subject === this.broken) throw new Error('the index is on fire');
      if (this.mood === 'well') return index.search(query, options);
      this.asked.resolve();
      return new Promise<never>(() => undefined);
    };
    return new Proxy(index, { get: (target, name) => (name === 'search' ? search : bound(target, name)) });
  }
}

function bound(target: MemoryIndex, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}

const texts = (items: readonly RecalledItem[]): readonly (string | undefined)[] =>
  items.map(({ memory, turn }) => memory?.text ?? turn?.content);

function describeFinding(suite: RecallSuite): void {
  it('gives a memory back whole, with how its relativity came about', async () => {
    const { memory } = await remember(
      suite.records,
      {
        id: `${suite.scope.projectId}-memory`,
        scope: suite.scope,
        text: TEA,
        topicKey: 'drink.morning',
        topicValue: 'green tea',
        entities: ['緑茶', '🍵'],
        eventTime: { from: -5, to: 9_000_000_000_000 },
      },
      {
        scope: suite.scope,
        labels: someLabels({ tags: ['a', 'ü'], info: { deep: { list: [1, null, 'a'] }, share: 0.25, yes: true }, appId: 'app' }),
      },
    );
    const { state, facts, missingArms, timings } = await suite.recall.search(suite.request(), {});
    expect([state, missingArms]).toEqual(['ok', []]);
    const [kept] = await suite.records.memories.byIds(suite.scope.projectId, [memory.id]);
    const found = facts.find((item) => item.memory !== null);
    expect(found?.memory).toEqual(kept);
    expect(found?.turn).toBeNull();
    expect(found?.relativity).toBeGreaterThan(0.2);
    expect(found?.explanation).toMatchObject({ fit: 'words', cosine: null, cosinePart: null });
    expect(found?.explanation.coverage).toBeGreaterThan(0);
    expect(found?.explanation.matched.length).toBeGreaterThan(0);
    expect(timings.totalMs).toBeGreaterThan(0);
  });

  it('gives a message back whole, with what it was sent as', async () => {
    await append(suite.records, {
      scope: suite.scope,
      messages: [{ content: TEA, parts: [{ type: 'text', text: TEA }], roleName: 'Ana', chatTime: 1_700_000_000_123 }],
    });
    const { facts } = await suite.recall.search(suite.request(), {});
    expect(facts.map(({ memory }) => memory)).toEqual([null]);
    expect(facts[0]?.turn).toMatchObject({
      content: TEA,
      parts: [{ type: 'text', text: TEA }],
      roleName: 'Ana',
      chatTime: 1_700_000_000_123,
      scope: suite.scope,
      labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    });
  });

  it('finds nothing of another user and nothing of another project', async () => {
    await append(suite.records, { scope: { ...suite.scope, subject: 'user:bob' }, messages: [TEA] });
    await append(suite.records, { scope: { ...suite.scope, projectId: `${suite.scope.projectId}-other` }, messages: [TEA] });
    await append(suite.records, { scope: { ...suite.scope, subject: 'agent:ana' }, messages: [TEA] });
    const { state, facts, preferences } = await suite.recall.search(suite.request({ minRelativity: 0 }), {});
    expect([state, facts, preferences]).toEqual(['empty', [], []]);
  });

  it('keeps to the filter', async () => {
    await append(suite.records, { scope: suite.scope, messages: [TEA], labels: someLabels({ tags: ['home'], info: { floor: 2 } }) });
    const found = async (filter: Filter): Promise<readonly unknown[]> =>
      texts((await suite.recall.search(suite.request({ filter }), {})).facts);
    const tag: Filter = { op: 'equals', field: { name: 'tags' }, value: 'home' };
    const floor: Filter = { op: 'gte', field: { name: 'info', key: 'floor' }, value: 2 };
    expect(await found(tag)).toEqual([TEA]);
    expect(
      await found({ op: 'and', of: [tag, { op: 'or', of: [floor, { op: 'in', field: { name: 'app_id' }, values: ['x'] }] }] }),
    ).toEqual([TEA]);
    expect(await found({ op: 'and', of: [tag, { ...floor, value: 3 }] })).toEqual([]);
    expect(await found({ op: 'in', field: { name: 'agent_id' }, values: [] })).toEqual([]);
  });
}

const limitsOf = (limits: Partial<RecallRequest['limits']>): RecallRequest['limits'] => ({ ...forEachKind(() => 0), ...limits });

function describeLimits(suite: RecallSuite): void {
  it('keeps to the limits, and does not ask for a kind whose limit is 0', async () => {
    await append(suite.records, { scope: suite.scope, messages: [TEA, `${SISTER}`, 'In the morning I drink coffee with milk'] });
    expect((await suite.recall.search(suite.request({ limits: limitsOf({ fact: 1, preference: 9 }) }), {})).facts).toHaveLength(1);
    const without = await suite.recall.search(suite.request({ limits: limitsOf({ fact: 0, preference: 9 }) }), {});
    expect([without.facts, without.preferences]).toEqual([[], []]);
  });

  it('tells candidates that are not good enough from none', async () => {
    await append(suite.records, { scope: suite.scope, messages: [SISTER] });
    const { state, facts } = await suite.recall.search(suite.request({ minRelativity: 0.99 }), {});
    expect([state, facts]).toEqual(['below_threshold', []]);
  });

  it('says why an item that the caller names was not returned', async () => {
    const { memory } = await remember(
      suite.records,
      { id: `${suite.scope.projectId}-law`, scope: suite.scope, text: SISTER },
      { scope: suite.scope },
    );
    const { absences } = await suite.recall.search(suite.request({ minRelativity: 0.99, explainIds: [memory.id, 'no-such-id'] }), {});
    expect(absences.map(({ id }) => id).toSorted()).toEqual([memory.id, 'no-such-id'].toSorted());
    expect(absences.find(({ id }) => id === 'no-such-id')).toEqual({ id: 'no-such-id', reason: 'unknown', relativity: null });
  });
}

const home: Filter = { op: 'equals', field: { name: 'tags' }, value: 'home' };

function describeSpaces(suite: RecallSuite): void {
  const of = (subject: SubjectKey): Scope => ({ ...suite.scope, subject });
  const publicSpace = (filter: Filter | null = null) => ({ scope: of(PUBLIC_SUBJECT), filter });
  const base = (id: string, filter: Filter | null = null) => ({ scope: of(`base:${id}`), filter });
  const search = (overrides: Partial<RecallRequest> = {}) => suite.recall.search(suite.request(overrides), {});

  it('finds in the other spaces that are named, each within its own filter, and in no further one', async () => {
    await append(suite.records, { scope: of(PUBLIC_SUBJECT), messages: ['Everybody drinks coffee in the morning'] });
    await append(suite.records, {
      scope: of('base:manual'),
      messages: ['In the morning drink water'],
      labels: someLabels({ tags: ['home'] }),
    });
    await append(suite.records, { scope: of('base:manual'), messages: ['In the morning drink juice'] });
    await append(suite.records, { scope: of('base:other'), messages: ['In the morning drink milk'] });
    await append(suite.records, { scope: suite.scope, messages: [TEA] });
    const { facts, state } = await search({ others: [publicSpace(), base('manual', home)] });
    expect(state).toBe('ok');
    expect(new Set(texts(facts))).toEqual(new Set(['Everybody drinks coffee in the morning', TEA, 'In the morning drink water']));
    expect(facts).toHaveLength(3);
    expect(texts((await search({ filter: home, others: [publicSpace()] })).facts)).toEqual(['Everybody drinks coffee in the morning']);
    expect(texts((await search()).facts)).toEqual([TEA]);
  });

  it('finds in a knowledge base of another project, and nothing else of that project', async () => {
    const shared: Scope = { projectId: `${suite.scope.projectId}-maker`, subject: 'base:shared' };
    await append(suite.records, { scope: shared, messages: [TEA] });
    await append(suite.records, { scope: { ...shared, subject: 'user:ana' }, messages: ['I drink coffee every morning'] });
    expect(texts((await search({ others: [{ scope: shared, filter: null }] })).facts)).toEqual([TEA]);
    expect((await search({ others: [{ scope: { ...suite.scope, subject: 'base:shared' }, filter: null }] })).facts).toEqual([]);
  });

  it('does not ask the index about spaces that nobody wrote to', async () => {
    await append(suite.records, { scope: suite.scope, messages: [TEA] });
    await search({ others: [publicSpace(), base('empty')] });
    expect(suite.queried).toEqual([suite.scope.subject]);
    await append(suite.records, { scope: of(PUBLIC_SUBJECT), messages: [SISTER] });
    await search({ others: [publicSpace(), base('empty'), publicSpace(), { scope: suite.scope, filter: null }] });
    expect(suite.queried.slice(1).toSorted()).toEqual([PUBLIC_SUBJECT, suite.scope.subject].toSorted());
  });

  it('says what it has when another space fails, and that something is missing', async () => {
    await append(suite.records, { scope: suite.scope, messages: [TEA] });
    await append(suite.records, { scope: of(PUBLIC_SUBJECT), messages: ['Everybody drinks coffee in the morning'] });
    suite.broken = PUBLIC_SUBJECT;
    const { state, facts, missingArms } = await search({ others: [publicSpace()] });
    expect([state, missingArms]).toEqual(['degraded', ['words']]);
    expect(texts(facts)).toContain(TEA);
  });

  it('gives what several spaces hold once, and then the user’s own', async () => {
    await append(suite.records, { scope: of(PUBLIC_SUBJECT), messages: [TEA], now: NOW + 1 });
    await append(suite.records, { scope: of('base:manual'), messages: [`${TEA}.`], now: NOW + 2 });
    await append(suite.records, { scope: suite.scope, messages: [TEA], now: NOW });
    const { facts } = await search({ others: [publicSpace(), base('manual')] });
    expect(facts.map(({ turn }) => turn?.scope.subject)).toEqual([suite.scope.subject]);
  });

  it('raises what was said in the conversation in the user’s own space alone: others may have one of that name', async () => {
    await append(suite.records, { scope: suite.scope, conversationId: 'tuesday', messages: [TEA] });
    await append(suite.records, {
      scope: of(PUBLIC_SUBJECT),
      conversationId: 'tuesday',
      messages: ['Everybody drinks coffee in the morning'],
    });
    const { facts } = await search({ conversationId: 'tuesday', others: [publicSpace()] });
    expect(new Map(facts.map(({ turn, explanation }) => [turn?.content === TEA, 'sameConversation' in explanation.boosts]))).toEqual(
      new Map([
        [false, false],
        [true, true],
      ]),
    );
  });

  it('says why an item of another space was not returned', async () => {
    await append(suite.records, { scope: of(PUBLIC_SUBJECT), messages: [TEA] });
    const [turn] = (await search({ others: [publicSpace()] })).facts;
    const explainIds = [turn?.turn?.id ?? ''];
    expect((await search({ others: [publicSpace(home)], explainIds })).absences).toMatchObject([{ reason: 'filtered' }]);
    expect((await search({ explainIds })).absences).toMatchObject([{ reason: 'unknown' }]);
  });
}

function describeViews(suite: RecallSuite): void {
  const dated = { event: { times: ['tonight'], locations: ['Lyon'], roles: [] } };
  const keep = async (id: string, text: string, parts: Partial<Memory>): Promise<string> => {
    const memory = { id: `${suite.scope.projectId}-${id}`, scope: suite.scope, text, quotes: [], ...parts };
    return (await remember(suite.records, memory, { scope: suite.scope, conversationId: id })).memory.id;
  };
  const views = async (limits: Partial<RecallRequest['limits']>, together: number | null = null, minRelativity = 0) => {
    const request = suite.request({ query: 'green tea in the morning', limits: limitsOf(limits), together, minRelativity });
    const { facts, preferences, events, tools, skills, profiles } = await suite.recall.search(request, {});
    const ids = (items: readonly RecalledItem[]): readonly string[] =>
      items.map(({ memory, turn }) => memory?.id.slice(suite.scope.projectId.length + 1) ?? `turn ${turn?.content}`).toSorted();
    return {
      facts: ids(facts),
      preferences: ids(preferences),
      events: ids(events),
      tools: ids(tools),
      skills: ids(skills),
      profiles: ids(profiles),
    };
  };
  const learntFrom = ['How to brew green tea in the morning', 'Morning drink: green tea', 'order_tea: green tea in the morning'].map(
    (text) => `turn ${text}`,
  );
  const NONE = { facts: [], preferences: [], events: [], tools: [], skills: [], profiles: [] };

  beforeEach(async () => {
    await keep('fact', 'I drink green tea every morning', {});
    await keep('dated', 'Tonight I drink green tea with Mia', { details: dated });
    await keep('event', 'Ben poured green tea in the morning', { kind: 'event', details: dated });
    await keep('wish', 'I want green tea in the morning', { kind: 'preference', preferenceType: 'explicit' });
    await keep('tool', 'order_tea: green tea in the morning', {
      kind: 'tool',
      details: { tool: { type: 'trajectory', used: [], experience: '' } },
    });
    await keep('skill', 'How to brew green tea in the morning', { kind: 'skill' });
    await keep('field', 'Morning drink: green tea', { kind: 'profile' });
  });

  it('returns each kind in its own list, and a dated fact among the events, too', async () => {
    expect(await views(forEachKind(() => 9))).toEqual({
      // What a tool's history, a skill or a profile was learnt from is still worth finding as it was said.
      facts: ['dated', 'fact', ...learntFrom],
      preferences: ['wish'],
      events: ['dated', 'event'],
      tools: ['tool'],
      skills: ['skill'],
      profiles: ['field'],
    });
  });

  it('returns no kind that was not asked for, and turns under facts alone', async () => {
    await append(suite.records, { scope: suite.scope, conversationId: 'new', messages: ['Green tea in the morning is the best'] });
    expect(await views({ event: 9 })).toEqual({ ...NONE, events: ['dated', 'event'] });
    expect(await views({ skill: 9 })).toMatchObject({ ...NONE, skills: ['skill'] });
    expect((await views({ fact: 9 })).facts).toContain('turn Green tea in the morning is the best');
  });

  it('keeps the best of all kinds together, and counts a dated fact once', async () => {
    const all = Object.values(await views(forEachKind(() => 9))).flat();
    const shown = async (together: number): Promise<readonly string[]> =>
      Object.values(
        await views(
          forEachKind(() => 9),
          together,
        ),
      ).flat();
    expect(all.length).toBe(new Set(all).size + 1);
    expect(await shown(new Set(all).size)).toEqual(all);
    for (const together of [1, 4, 7]) expect(new Set(await shown(together)).size).toBe(together);
    expect(await shown(0)).toEqual([]);
  });
}

function describeTrouble(suite: RecallSuite): void {
  it('answers without the arms that fail, and names them', async () => {
    await append(suite.records, { scope: suite.scope, messages: [TEA] });
    suite.mood = 'failing';
    const { state, facts, missingArms } = await suite.recall.search(suite.request(), {});
    expect([state, texts(facts), missingArms]).toEqual(['degraded', [TEA], ['words']]);
  });

  it('answers within the deadline without the arms that are late, and names them', async () => {
    await append(suite.records, { scope: suite.scope, messages: [TEA] });
    suite.mood = 'hanging';
    const { state, missingArms } = await suite.recall.search(suite.request(), { deadlineAt: Date.now() + 2_000 });
    expect([state, missingArms]).toEqual(['degraded', ['words']]);
  });

  it('throws nothing when the deadline has passed', async () => {
    suite.mood = 'hanging';
    const { state, facts, preferences, missingArms } = await suite.recall.search(suite.request(), { deadlineAt: Date.now() - 1 });
    expect([facts, preferences]).toEqual([[], []]);
    expect(['timeout', 'degraded']).toContain(state);
    expect(missingArms.length).toBeGreaterThan(0);
  });

  it('does nothing for a caller who has left', async () => {
    const reason = new Error('left');
    await expect(suite.recall.search(suite.request(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('stops with its caller: the reason comes back', async () => {
    suite.mood = 'hanging';
    const caller = new AbortController();
    const reason = new Error('left');
    const search = suite.recall.search(suite.request(), { signal: caller.signal, deadlineAt: Date.now() + PATIENT_MS });
    const outcome = expect(search).rejects.toBe(reason);
    await suite.asked.promise;
    caller.abort(reason);
    await outcome;
  });
}
