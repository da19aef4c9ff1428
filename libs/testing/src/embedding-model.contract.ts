import type { EmbedderState, EmbeddingModel, EmbeddingRole } from '@continuo/ports';

/** Two embedders of the same kind: one that works, one that never will. */
export interface EmbeddingModelHarness {
  readonly name: string;
  /** Resolves with an embedder whose state is `ready`; throws with what to do when there is none. */
  start(): Promise<EmbeddingModel>;
  /** An embedder that was opened and has nothing to work with. */
  startUnavailable(): Promise<EmbeddingModel>;
  /** Closes what the two above opened and releases the rest. */
  stop(): Promise<void>;
}

const TRIP = 'I have booked a trip to Guangzhou for the summer vacation';
const DENTIST = 'My dentist is called Dr. Weber';
/** A real model loads for a second or two; on a busy machine longer. */
const START_TIMEOUT_MS = 60_000;

/** What every adapter of `EmbeddingModel` promises. */
export function describeEmbeddingModelContract(harness: EmbeddingModelHarness): void {
  describe(`EmbeddingModel contract: ${harness.name}`, () => {
    let embedder: EmbeddingModel;

    beforeAll(async () => {
      embedder = await harness.start();
    }, START_TIMEOUT_MS);
    afterAll(() => harness.stop(), START_TIMEOUT_MS);

    describeVectors(() => embedder);
    describeMeaning(() => embedder);
    describeStopping(() => embedder);
    describeStates(harness, () => embedder);
  });
}

function describeVectors(embedder: () => EmbeddingModel): void {
  const embed = (texts: readonly string[], role: EmbeddingRole): Promise<readonly Float32Array[]> => embedder().embed(texts, role, {});

  it.each<EmbeddingRole>(['query', 'passage'])(
    'answers every %s with a vector of length one and the promised dimension',
    async (role) => {
      const state = embedder().state();
      if (state.status !== 'ready') throw new Error(`the embedder is ${state.status}`);
      const texts = [TRIP, '我去过哪些城市', 'a', '', ' \n', '🙂', '\ud800', 'x'.repeat(100_000), '很长'.repeat(5_000)];
      const vectors = await embed(texts, role);
      expect(vectors.map((vector) => vector.length)).toEqual(texts.map(() => state.model.dimension));
      for (const vector of vectors) expect(Math.sqrt(cosine(vector, vector))).toBeCloseTo(1, 4);
    },
    START_TIMEOUT_MS,
  );

  it.each<EmbeddingRole>(['query', 'passage'])(
    'keeps the order of 70 texts for the role %s',
    async (role) => {
      const texts = Array.from({ length: 70 }, (_, index) => `Room ${index * 37} belongs to the person with number ${index}`);
      const vectors = await embed(texts, role);
      const places = [0, 1, 33, 63, 64, 69];
      const single = await Promise.all(places.map(async (place) => (await embed([texts[place] ?? ''], role))[0]));
      places.forEach((place, index) => expect(cosine(vectors[place], single[index])).toBeCloseTo(1, 4));
      expect(vectors).toHaveLength(texts.length);
    },
    START_TIMEOUT_MS,
  );

  it.each<EmbeddingRole>(['query', 'passage'])('gives the same %s the same vector, alone and in company', async (role) => {
    const [alone] = await embed([TRIP], role);
    const together = await embed([DENTIST, TRIP, 'something else', TRIP], role);
    expect(numbers(together[1])).toEqual(numbers(alone));
    expect(numbers(together[3])).toEqual(numbers(alone));
    expect(numbers(together[0])).not.toEqual(numbers(alone));
  });

  it('gives a caller a vector that is theirs to change', async () => {
    const [first] = await embed(['whose vector is it?'], 'query');
    const before = numbers(first);
    first?.fill(7);
    const [second] = await embed(['whose vector is it?'], 'query');
    expect(numbers(second)).toEqual(before);
  });

  it('tells queries from passages', async () => {
    const [query] = await embed([TRIP], 'query');
    const [passage] = await embed([TRIP], 'passage');
    expect(cosine(query, passage)).toBeLessThan(0.9999);
  });

  it.each<EmbeddingRole>(['query', 'passage'])('does not see white space in a %s', async (role) => {
    const [plain, spaced] = await embed([TRIP, `  ${TRIP.replaceAll(' ', '\n\t ')}\r\n`], role);
    expect(numbers(spaced)).toEqual(numbers(plain));
  });

  it('answers no texts with no vectors', async () => {
    expect(await embed([], 'query')).toEqual([]);
    expect(await embed([], 'passage')).toEqual([]);
  });
}

function describeMeaning(embedder: () => EmbeddingModel): void {
  it.each([
    ['我去过哪些城市', TRIP, DENTIST],
    ['where am I going in summer?', TRIP, DENTIST],
    ['牙医叫什么名字', DENTIST, TRIP],
    ['who looks after my teeth?', DENTIST, TRIP],
  ])('puts %j nearer to %j than to %j', async (query, related, unrelated) => {
    const [asked] = await embedder().embed([query], 'query', {});
    const [near, far] = await embedder().embed([related, unrelated], 'passage', {});
    expect(cosine(asked, near)).toBeGreaterThan(cosine(asked, far));
  });
}

function describeStopping(embedder: () => EmbeddingModel): void {
  const many = Array.from({ length: 200 }, (_, index) => `A passage of some length about the number ${index}`);

  it('rejects with the reason of a signal that is aborted already', async () => {
    const reason = new Error('gone before');
    await expect(embedder().embed([TRIP], 'query', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('rejects with the reason of the signal while it works, and goes on working for others', async () => {
    const caller = new AbortController();
    const reason = new Error('gone meanwhile');
    const call = embedder().embed(many, 'passage', { signal: caller.signal });
    setImmediate(() => caller.abort(reason));
    await expect(call).rejects.toBe(reason);
    expect(await embedder().embed([`${TRIP}, again`], 'query', {})).toHaveLength(1);
  });

  it('rejects what nobody waits for any more', async () => {
    const late = embedder().embed([TRIP], 'query', { deadlineAt: Date.now() - 1 });
    await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
    const soon = embedder().embed(many, 'passage', { deadlineAt: Date.now() + 5 });
    await expect(soon).rejects.toMatchObject({ code: 'deadline_exceeded' });
  });
}

function describeStates(harness: EmbeddingModelHarness, embedder: () => EmbeddingModel): void {
  it('tells a new listener the present state, and nothing after it left', async () => {
    const states: EmbedderState[] = [];
    const leave = embedder().onState((state) => states.push(state));
    expect(states).toEqual([embedder().state()]);
    leave();
    leave();
    await embedder().embed([TRIP], 'query', {});
    expect(states).toHaveLength(1);
  });

  it('says why it cannot work, and rejects at once', async () => {
    const unavailable = await harness.startUnavailable();
    const state = unavailable.state();
    expect(['none', 'fetching', 'failed']).toContain(state.status);
    expect(state.reason).not.toBe('');
    await expect(unavailable.embed([TRIP], 'query', {})).rejects.toMatchObject({
      code: 'embedder_unavailable',
      message: expect.stringContaining(state.reason),
    });
    await unavailable.close();
  });

  it(
    'can be closed twice, and answers nobody afterwards',
    async () => {
      const closed = await harness.start();
      const working = closed.embed(
        Array.from({ length: 200 }, (_, index) => `Passage ${index}`),
        'passage',
        {},
      );
      const outcome = expect(working).rejects.toMatchObject({ code: 'embedder_unavailable' });
      await closed.close();
      await closed.close();
      await outcome;
      expect(closed.state().status).not.toBe('ready');
      await expect(closed.embed([TRIP], 'query', {})).rejects.toMatchObject({ code: 'embedder_unavailable' });
    },
    START_TIMEOUT_MS,
  );
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (a === undefined || b === undefined || a.length !== b.length) throw new Error('two vectors of one dimension are needed');
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

function numbers(vector: Float32Array | undefined): number[] {
  return Array.from(vector ?? []);
}
