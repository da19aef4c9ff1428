import { AppError } from '@continuo/contracts';
import { documentOfMemory, forEachKind, type Memory, PUBLIC_SUBJECT, type Scope } from '@continuo/domain';
import type { ArmHits, EmbeddingModel, IndexQuery, MemoryIndex, RecallRecords, RecallResult } from '@continuo/ports';
import { aMemory } from '@continuo/testing';
import { SearchMemory } from '@continuo/use-cases';

const NEVER = new Promise<never>(() => undefined);
const EMBEDDER: EmbeddingModel = {
  state: () => ({ status: 'ready', reason: 'ready', model: { id: 'm', dimension: 2 } }),
  onState: () => () => undefined,
  embed: () => NEVER,
  close: async () => undefined,
};

describe('a search whose caller leaves', () => {
  it('rejects at once with the caller’s reason, whatever it waits for, and leaves nothing unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const index = { search: () => NEVER } as unknown as MemoryIndex;
    const records: RecallRecords = { overlay: () => NEVER, inUse: () => NEVER, check: () => NEVER };
    const search = new SearchMemory(index, records, EMBEDDER, {
      timeoutMs: 60_000,
      embedTimeoutMs: 60_000,
      recallTurns: 'on',
      timeZone: 'UTC',
    });
    const leaving = new AbortController();
    const request = {
      scope: { projectId: 'default', subject: 'user:ana' as const },
      others: [],
      query: 'Who is my cello teacher?',
      conversationId: null,
      filter: null,
      limits: forEachKind((kind) => (kind === 'fact' || kind === 'preference' ? 9 : 0)),
      together: null,
      minRelativity: 0.45,
      explainIds: [],
    };
    const searching = search.execute(request, { signal: leaving.signal });
    leaving.abort(new AppError('client_gone', 'left'));
    await expect(searching).rejects.toMatchObject({ code: 'client_gone' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('a search over several spaces', () => {
  const own: Scope = { projectId: 'default', subject: 'user:ana' };
  const shared: Scope = { projectId: 'default', subject: PUBLIC_SUBJECT };
  const foreign: Scope = { projectId: 'default', subject: 'user:ben' };
  const NO_EMBEDDER: EmbeddingModel = { ...EMBEDDER, state: () => ({ status: 'none', reason: 'none' }) };
  const memory = (id: string, scope: Scope): Memory => aMemory({ id, scope, text: `My cello teacher ${id} is called Marta` });
  const hitsOf = (memories: readonly Memory[]): ArmHits => ({
    words: memories.map((each, place) => ({ document: documentOfMemory(each), rank: place + 1, score: 1 })),
    vectors: [],
    window: [],
    cosines: new Map(),
  });

  /** Stores that answer what they are told to, whoever asks, and note what they were asked. */
  class Stores {
    readonly asked: string[] = [];
    found: readonly Memory[] = [memory('Ana', own), memory('Public', shared)];
    used: readonly Scope[] = [shared];
    failing = '';

    readonly #note = async (what: string, { subject }: Scope): Promise<void> => {
      this.asked.push(`${what} ${subject}`);
      if (this.failing === `${what} ${subject}`) throw new AppError('records_unavailable', 'away');
    };

    readonly index = {
      search: async ({ scope }: IndexQuery) => {
        await this.#note('index', scope);
        return hitsOf(this.found);
      },
    } as unknown as MemoryIndex;

    readonly records: RecallRecords = {
      overlay: async (scope) => {
        await this.#note('overlay', scope);
        return { epoch: 0, turns: [], memories: [] };
      },
      inUse: async () => {
        await this.#note('use', shared);
        return this.used.map((scope) => ({ scope, epoch: 0 }));
      },
      check: async (scope, _epoch, ids) => {
        await this.#note('check', scope);
        return {
          memories: new Map(this.found.filter(({ id }) => ids.includes(id)).map((each) => [each.id, each])),
          turns: new Map(),
          absent: new Map(),
        };
      },
    };

    async search(others: readonly Scope[] = [shared], embedder = NO_EMBEDDER): Promise<RecallResult> {
      const settings = { timeoutMs: 10_000, embedTimeoutMs: 10_000, recallTurns: 'on', timeZone: 'UTC' } as const;
      const request = {
        scope: own,
        others: others.map((scope) => ({ scope, filter: null })),
        query: 'Who is my cello teacher?',
        conversationId: null,
        filter: null,
        limits: forEachKind(() => 9),
        together: null,
        minRelativity: 0,
        explainIds: [],
      };
      return new SearchMemory(this.index, this.records, embedder, settings).execute(request, {});
    }
  }

  const ids = ({ facts }: RecallResult): readonly string[] => facts.map((item) => String(item.memory?.id)).toSorted();

  it('costs one read more and nothing else while nobody wrote to the others, and that read waits for nothing', async () => {
    const stores = new Stores();
    stores.used = [];
    const embedding = Promise.withResolvers<readonly Float32Array[]>();
    const searching = stores.search([shared], { ...EMBEDDER, embed: () => embedding.promise });
    expect(stores.asked).toEqual(['overlay user:ana', 'use public:all']);
    embedding.resolve([new Float32Array([1, 0])]);
    expect(ids(await searching)).toEqual(['Ana']);
    expect(stores.asked).toEqual(['overlay user:ana', 'use public:all', 'index user:ana', 'check user:ana']);
  });

  it('never returns what is of a scope that was not asked for, whatever index and records answer', async () => {
    const stores = new Stores();
    stores.found = [
      memory('Ben', foreign),
      memory('Base', { ...shared, subject: 'base:b' }),
      memory('Elsewhere', { ...own, projectId: 'other' }),
    ];
    expect(await stores.search()).toMatchObject({ state: 'empty', facts: [] });
  });

  it('never returns what the records know of another scope under the same id', async () => {
    const stores = new Stores();
    const check: RecallRecords['check'] = async () => ({
      memories: new Map([['Ana', memory('Ana', foreign)]]),
      turns: new Map(),
      absent: new Map(),
    });
    Object.assign(stores.records, { check });
    expect((await stores.search()).facts).toEqual([]);
  });

  it.each([
    ['use public:all', ['overlay'], ['Ana']],
    ['overlay public:all', ['overlay'], ['Ana', 'Public']],
    ['index public:all', ['words'], ['Ana']],
    ['check public:all', ['check'], ['Ana']],
  ])('goes on without what another space lacks: %s', async (failing, missingArms, found) => {
    const stores = new Stores();
    stores.failing = failing;
    const result = await stores.search();
    expect(result).toMatchObject({ state: 'degraded', missingArms });
    expect(ids(result)).toEqual(found);
  });

  it.each(['overlay user:ana', 'check user:ana'])('has nothing without the records of the caller’s own space: %s', async (failing) => {
    const stores = new Stores();
    stores.failing = failing;
    expect(await stores.search()).toMatchObject({ state: 'timeout', facts: [] });
  });
});
