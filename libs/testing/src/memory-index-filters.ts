import {
  analyseQuery,
  matchesFilter,
  type Filter,
  type FilterField,
  type FilterScalar,
  type IndexedDocument,
  type Scope,
} from '@continuo/domain';
import type { MemoryIndex } from '@continuo/ports';
import { anIndexedDocument, anIndexQuery } from './index-builders.ts';

const FILTERS = 700;
const TIMEOUT_MS = 300_000;

/** Order, case, length and characters that stores treat in their own ways. */
const AWKWARD_TEXTS = [
  '',
  ' ',
  'a',
  'A',
  'ab',
  'aB',
  'ß',
  'SS',
  'İ',
  'i̇',
  'ü',
  'u\u0308',
  '*',
  '?',
  'a*b',
  '\\',
  'a?b',
  '"',
  "'",
  '\n',
  '\u0000',
  'a\u0000b',
  '%',
  '_',
  '1',
  '1.0',
  'true',
  'null',
  '\uffff',
  '\ue000',
  '\u{1f389}',
  '\u{10ffff}',
  '\ud800',
  '\udc00x',
  '广州',
  '广',
  'x'.repeat(300),
  'x'.repeat(7_999),
  'x'.repeat(8_000),
  'x'.repeat(8_001),
  `${'y'.repeat(9_000)}needle${'z'.repeat(9_000)}`,
  `${'语'.repeat(12_000)}针`,
  `${'Y'.repeat(9_000)}NEEDLE`,
];
const AWKWARD_PARTS = [...AWKWARD_TEXTS, 'needle', 'Needle', '针', 'x'.repeat(4_000), 'x'.repeat(4_001), 'ynee', 'dle', 'xx'];
const AWKWARD_NUMBERS = [0, -0, 1, -1, 0.1, 1.5, 2 ** 53, -(2 ** 53), 1e300, 5e-324, 1_772_366_400_000];
const AWKWARD_KEYS = ['k', 'K', 'k.k', '', '__proto__', 'toString', '*', '\u0000', '\ud800', 'tags', 'key'.repeat(500)];

/** Random filters over labels that stores treat in ways of their own, judged by the plain evaluator. */
export function describeMemoryIndexFilters(theIndex: () => MemoryIndex): void {
  it(
    'agrees with the plain evaluator on every operator, field and awkward value',
    async () => {
      const index = theIndex();
      const world = new Awkward(11);
      const scope: Scope = { projectId: 'awkward-project', subject: 'user:ana' };
      const documents = Array.from({ length: 60 }, (_, place) => world.document(`awkward-${place}`, scope));
      await index.upsert(documents);
      let found = 0;
      for (let searches = 0; searches < FILTERS; searches += 1) {
        const filter = world.filter(2);
        const query = anIndexQuery({ scope, filter, analysis: analyseQuery(''), timeWindow: { from: 0, to: 2 ** 50 }, topK: 200 });
        const { window } = await index.search(query, {});
        const expected = documents.filter((document) => matchesFilter(document, filter));
        expect({ filter, ids: window.map(({ document }) => document.id).toSorted() }).toEqual({
          filter,
          ids: expected.map(({ id }) => id).toSorted(),
        });
        found += window.length;
      }
      expect(found).toBeGreaterThan(FILTERS);
    },
    TIMEOUT_MS,
  );
}

class Awkward {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  document(id: string, scope: Scope): IndexedDocument {
    const values = (): readonly FilterScalar[] => Array.from({ length: this.#whole(4) }, () => this.#value(AWKWARD_TEXTS));
    const keys = AWKWARD_KEYS.filter(() => this.#chance(0.4));
    return anIndexedDocument({
      id,
      scope,
      labels: {
        tags: Array.from({ length: this.#whole(3) }, () => this.#pick(AWKWARD_TEXTS)),
        info: Object.fromEntries(keys.map((key) => [key, this.#chance(0.4) ? values() : this.#value(AWKWARD_TEXTS)])),
        appId: this.#chance(0.5) ? this.#pick(AWKWARD_TEXTS) : null,
        agentId: this.#chance(0.5) ? this.#pick(AWKWARD_TEXTS) : null,
        relatedIds: Array.from({ length: this.#whole(3) }, () => this.#pick(AWKWARD_TEXTS)),
      },
      createdAt: this.#pick(AWKWARD_NUMBERS.filter(Number.isSafeInteger)),
      updatedAt: this.#pick(AWKWARD_NUMBERS.filter(Number.isSafeInteger)),
    });
  }

  filter(depth: number): Filter {
    if (depth > 0 && this.#chance(0.4)) {
      return { op: this.#pick(['and', 'or']), of: Array.from({ length: this.#whole(3) }, () => this.filter(depth - 1)) };
    }
    const name = this.#pick(['tags', 'related_id', 'app_id', 'agent_id', 'create_time', 'update_time', 'info', 'info', 'info'] as const);
    const field: FilterField = name === 'info' ? { name, key: this.#pick(AWKWARD_KEYS) } : { name };
    const value = this.#value(AWKWARD_PARTS);
    const op = this.#pick(['equals', 'contains', 'like', 'in', 'gt', 'gte', 'lt', 'lte'] as const);
    if (op === 'in') return { op, field, values: [value, this.#value(AWKWARD_PARTS)] };
    if (op === 'equals' || op === 'contains' || op === 'like') return { op, field, value };
    return { op, field, value: typeof value === 'boolean' ? 1 : value };
  }

  #value(texts: readonly string[]): FilterScalar {
    return this.#chance(0.2) ? this.#chance(0.5) : this.#chance(0.3) ? this.#pick(AWKWARD_NUMBERS) : this.#pick(texts);
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
