import type { Filter, Scope } from '@continuo/domain';
import type { ArmHits, IndexQuery, MemoryIndex, RecallApi, RecalledItem, RecallRequest } from '@continuo/ports';
import { someLabels } from './builders.ts';
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
    describeTrouble(suite);
  });
}

class RecallSuite {
  mood: Mood = 'well';
  /** Resolves when the index is asked while it hangs. */
  asked = Promise.withResolvers<void>();
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
      query: 'What do I drink in the morning?',
      conversationId: null,
      filter: null,
      limits: { fact: 9, preference: 9 },
      minRelativity: 0.2,
      explainIds: [],
      ...overrides,
    };
  }

  #disturbed(index: MemoryIndex): MemoryIndex {
    const search = async (query: IndexQuery, options: Parameters<MemoryIndex['search']>[1]): Promise<ArmHits> => {
      if (this.mood === 'failing') throw new Error('the index is on fire');
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
      labels: { tags: [], info: {}, appId: null, agentId: null },
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

function describeLimits(suite: RecallSuite): void {
  it('keeps to the limits, and does not ask for a kind whose limit is 0', async () => {
    await append(suite.records, { scope: suite.scope, messages: [TEA, `${SISTER}`, 'In the morning I drink coffee with milk'] });
    expect((await suite.recall.search(suite.request({ limits: { fact: 1, preference: 9 } }), {})).facts).toHaveLength(1);
    const without = await suite.recall.search(suite.request({ limits: { fact: 0, preference: 9 } }), {});
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
