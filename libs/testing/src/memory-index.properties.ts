import {
  analyseQuery,
  documentTerms,
  matchesFilter,
  sameScope,
  scopeKey,
  type Filter,
  type IndexedDocument,
  type Scope,
} from '@continuo/domain';
import type { ArmHits, IndexHit, IndexQuery, MemoryIndex } from '@continuo/ports';
import { anIndexedDocument, anIndexQuery } from './index-builders.ts';

const WORDS = (
  'tea coffee paris lyon bicycle running sister doctor guitar winter harbour e-mail c++ 3.14 dinner allergy peanuts train museum garden ' +
  '广州 咖啡 妹妹 医院 自行车 冬天 音乐 素食 東京 サッカー'
).split(' ');
const TAGS = ['work', 'home', 'Trip', 'ü'];
const KINDS = ['fact', 'preference', 'turn', 'event', 'tool', 'skill', 'profile'] as const;
const DIMENSION = 8;
/** Stores keep vectors in fewer digits than we count with. */
const COSINE_TOLERANCE = 0.002;
const TIME_SPAN = 1_000;

const PROJECTS = 5;
const USERS = 200;
const SEARCHES = 2_400;
/** A store of its own, asked over a socket on a busy machine, takes a while. */
const TIMEOUT_MS = 300_000;

/** Random documents and searches over many subjects, judged by evaluators that read everything. */
export function describeMemoryIndexProperties(theIndex: () => MemoryIndex): void {
  it(
    `over ${USERS} users in ${PROJECTS} projects never returns another scope, and agrees with plain evaluators in every arm`,
    async () => {
      const index = theIndex();
      const world = new World(7);
      await index.upsert(world.documents(6_000));
      const seen = { words: 0, vectors: 0, window: 0, filtered: 0 };
      for (let searches = 0; searches < SEARCHES; searches += 1) {
        if (searches % 20 === 0) await world.change(index);
        const query = world.query();
        const hits = await index.search(query, {});
        expect(world.verdict(query, hits)).toEqual(world.expected(query));
        for (const arm of ['words', 'vectors', 'window'] as const) seen[arm] += hits[arm].length;
        if (query.filter !== null) seen.filtered += hits.vectors.length;
      }
      // The test has looked at something.
      for (const found of Object.values(seen)) expect(found).toBeGreaterThan(500);
    },
    TIMEOUT_MS,
  );
}

interface Verdict {
  readonly foreign: number;
  /** Ids of all that matches by words: their order is the store's own. */
  readonly words: readonly string[];
  readonly vectors: readonly string[];
  readonly window: readonly string[];
  readonly cosines: readonly string[];
  /** Whose cosine is not the one it should be. */
  readonly farOff: readonly string[];
}

/** What was written, and what should therefore be found. */
class World {
  readonly #documents = new Map<string, IndexedDocument>();
  readonly #byScope = new Map<string, Set<string>>();
  #seed: number;
  #made = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  documents(count: number): readonly IndexedDocument[] {
    return Array.from({ length: count }, () => this.#keep(this.#document()));
  }

  /** New documents, newer and stale versions, removals, and now and then a whole scope. */
  async change(index: MemoryIndex): Promise<void> {
    const known = this.#pick([...this.#documents.values()]);
    const newer = this.#keep({ ...this.#document(), id: known.id, scope: known.scope, indexVersion: known.indexVersion + 1 });
    await index.upsert([newer, ...this.documents(5)]);
    const removed = this.#pick([...this.#documents.values()]);
    this.#forget(removed);
    await index.remove([{ id: removed.id, scope: removed.scope, indexVersion: removed.indexVersion + 1 }]);
    // Late repeats of what was replaced and removed change nothing.
    await index.upsert([known, removed]);
    if (this.#chance(0.2)) {
      const scope = this.#scope();
      const mine = this.#of(scope);
      for (const document of mine) this.#forget(document);
      expect(await index.removeScope(scope)).toBe(mine.length);
    }
  }

  query(): IndexQuery {
    const from = this.#whole(TIME_SPAN);
    return anIndexQuery({
      scope: this.#scope(),
      analysis: analyseQuery(this.#sentence(3)),
      vector: this.#chance(0.8) ? this.#vector() : null,
      filter: this.#chance(0.5) ? this.#filter(2) : null,
      kinds: this.#chance(0.6) ? KINDS : KINDS.filter(() => this.#chance(0.5)),
      timeWindow: this.#chance(0.5) ? { from, to: from + this.#whole(TIME_SPAN / 2) } : null,
      topK: 100,
    });
  }

  verdict(query: IndexQuery, hits: ArmHits): Verdict {
    const all = [...hits.words, ...hits.vectors, ...hits.window];
    return {
      foreign: all.filter(
        (hit) => !sameScope(hit.document.scope, query.scope) || this.#documents.get(hit.document.id)?.scope.subject !== query.scope.subject,
      ).length,
      words: idsOf(hits.words).toSorted(),
      vectors: idsOf(hits.vectors).toSorted(),
      window: idsOf(hits.window).toSorted(),
      cosines: [...hits.cosines.keys()].toSorted(),
      farOff: this.#farOff(query, [...hits.vectors.map(({ document, score }) => [document.id, score] as const), ...hits.cosines]),
    };
  }

  expected(query: IndexQuery): Verdict {
    const { filter, vector } = query;
    const eligible = this.#of(query.scope).filter(
      (document) => query.kinds.includes(document.kind) && (filter === null || matchesFilter(document, filter)),
    );
    const words = eligible.filter((document) => sharesTerm(query, document));
    const vectors = eligible.filter((document) => vector !== null && document.vector !== null);
    const window = eligible.filter((document) => fallsIn(query, document));
    return {
      foreign: 0,
      words: words.map((document) => document.id).toSorted(),
      vectors: vectors.map((document) => document.id).toSorted(),
      window: window.map((document) => document.id).toSorted(),
      cosines: vectors.map((document) => document.id).toSorted(),
      farOff: [],
    };
  }

  #farOff({ vector }: IndexQuery, cosines: readonly (readonly [id: string, cosine: number])[]): readonly string[] {
    return cosines.flatMap(([id, cosine]) => {
      const of = this.#documents.get(id)?.vector ?? null;
      return vector !== null && of !== null && Math.abs(cosineOf(vector, of) - cosine) < COSINE_TOLERANCE ? [] : [id];
    });
  }

  #of(scope: Scope): readonly IndexedDocument[] {
    return [...(this.#byScope.get(scopeKey(scope)) ?? [])].flatMap((id) => this.#documents.get(id) ?? []);
  }

  #keep(document: IndexedDocument): IndexedDocument {
    const mine = this.#byScope.get(scopeKey(document.scope)) ?? new Set();
    this.#byScope.set(scopeKey(document.scope), mine.add(document.id));
    this.#documents.set(document.id, document);
    return document;
  }

  #forget(document: IndexedDocument): void {
    this.#documents.delete(document.id);
    this.#byScope.get(scopeKey(document.scope))?.delete(document.id);
  }

  #document(): IndexedDocument {
    const from = this.#whole(TIME_SPAN);
    return anIndexedDocument({
      id: `random-${(this.#made += 1)}`,
      scope: this.#scope(),
      kind: this.#pick(KINDS),
      text: this.#sentence(6),
      keys: this.#chance(0.4) ? [this.#pick(WORDS)] : [],
      source: this.#chance(0.3) ? this.#sentence(4) : '',
      labels: {
        tags: TAGS.filter(() => this.#chance(0.3)),
        info: {
          rank: this.#whole(5),
          note: this.#sentence(2),
          list: TAGS.filter(() => this.#chance(0.3)),
          flag: this.#chance(0.5),
          none: null,
          deep: { rank: 1 },
        },
        appId: this.#chance(0.5) ? this.#pick(['app', 'App2']) : null,
        agentId: this.#chance(0.5) ? this.#pick(['scribe', 'cook']) : null,
        relatedIds: this.#chance(0.5) ? [this.#pick(['ana', 'ben'])] : [],
      },
      statedAt: this.#whole(TIME_SPAN),
      createdAt: this.#whole(TIME_SPAN),
      updatedAt: this.#whole(TIME_SPAN),
      eventTime: this.#chance(0.3) ? { from, to: from + this.#whole(50) } : null,
      vector: this.#chance(0.8) ? this.#vector() : null,
    });
  }

  #filter(depth: number): Filter {
    if (depth > 0 && this.#chance(0.5)) {
      return { op: this.#pick(['and', 'or']), of: Array.from({ length: 1 + this.#whole(2) }, () => this.#filter(depth - 1)) };
    }
    const text = this.#pick(['app', 'APP', 'cook', 'work', 'trip', 'ü', 'tea', '广州', '%', "'", '"']);
    return this.#pick<Filter>([
      { op: 'equals', field: { name: 'tags' }, value: this.#pick(TAGS) },
      { op: 'equals', field: { name: 'agent_id' }, value: 'cook' },
      { op: 'in', field: { name: 'related_id' }, values: [this.#pick(['ana', 'ben', 'eva']), text] },
      { op: 'equals', field: { name: 'info', key: 'flag' }, value: this.#chance(0.5) },
      { op: 'in', field: { name: 'app_id' }, values: ['app', text] },
      { op: 'in', field: { name: 'info', key: 'rank' }, values: [1, '2', 3] },
      { op: 'contains', field: { name: 'info', key: 'list' }, value: this.#pick(TAGS) },
      { op: 'contains', field: { name: 'info', key: 'note' }, value: text },
      { op: 'like', field: { name: 'app_id' }, value: text },
      { op: 'like', field: { name: 'info', key: 'note' }, value: text },
      { op: 'gte', field: { name: 'create_time' }, value: this.#whole(TIME_SPAN) },
      { op: 'lt', field: { name: 'update_time' }, value: this.#whole(TIME_SPAN) },
      { op: 'gt', field: { name: 'info', key: 'rank' }, value: this.#pick([1, 3, '2']) },
      { op: 'lte', field: { name: 'info', key: '__proto__' }, value: 1 },
      { op: 'equals', field: { name: 'info', key: 'deep.rank' }, value: 1 },
    ]);
  }

  #scope(): Scope {
    // A few busy users and many quiet ones.
    const user = this.#chance(0.5) ? this.#whole(10) : this.#whole(USERS);
    const kind = this.#chance(0.9) ? 'user' : this.#pick(['agent', 'base', 'public'] as const);
    return { projectId: `random-project-${this.#whole(PROJECTS)}`, subject: `${kind}:u${user}` };
  }

  #sentence(words: number): string {
    return Array.from({ length: 1 + this.#whole(words) }, () => this.#pick(WORDS)).join(' ');
  }

  #vector(): Float32Array {
    return Float32Array.from({ length: DIMENSION }, () => this.#random() - 0.5);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#whole(items.length)] as Item;
  }

  #whole(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** The same sequence in every run (mulberry32). */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

const idsOf = (hits: readonly IndexHit[]): readonly string[] => hits.map((hit) => hit.document.id);

const heldTerms = new WeakMap<IndexedDocument, ReadonlySet<string>>();

function termsOf(document: IndexedDocument): ReadonlySet<string> {
  let held = heldTerms.get(document);
  if (held === undefined) {
    const { text, keys, source, concepts } = documentTerms(document);
    heldTerms.set(document, (held = new Set([...text, ...keys, ...source, ...concepts])));
  }
  return held;
}

function sharesTerm(query: IndexQuery, document: IndexedDocument): boolean {
  const held = termsOf(document);
  return [...query.analysis.terms, ...query.analysis.concepts].some((term) => held.has(term));
}

function fallsIn(query: IndexQuery, document: IndexedDocument): boolean {
  if (query.timeWindow === null) return false;
  const { from, to } = query.timeWindow;
  const event = document.eventTime;
  const said = document.statedAt >= from && document.statedAt < to;
  return said || (event !== null && event.from < to && (event.to > from || event.from >= from));
}

function cosineOf(a: Float32Array, b: Float32Array): number {
  const dot = (left: Float32Array, right: Float32Array): number => left.reduce((sum, value, place) => sum + value * (right[place] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
