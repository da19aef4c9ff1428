import { analyseQuery, type Filter, type Filterable, matchesFilter, type Memory, type Scope } from '@continuo/domain';
import type { MemoryIndex } from '@continuo/ports';
import { aMemory, NOW } from '../builders.ts';
import { anIndexedDocument, anIndexQuery } from '../index-builders.ts';
import { type AllRecords, append, noChanges, readBatch } from '../records/index.ts';
import { FilterWorld, type WireFilterObject } from './filter-world.ts';
import { matchesWire } from './matches-wire.ts';

/** A store of labelled things that is asked by filter. */
export interface FilteredStore {
  readonly name: string;
  put(scope: Scope, items: readonly Memory[]): Promise<void>;
  /** Ids of all that match, in any order. */
  matching(scope: Scope, filter: Filter): Promise<readonly string[]>;
}

export interface FilterComparison {
  readonly filters: number;
  /** Filters times things. */
  readonly pairs: number;
  readonly matched: number;
  /** What differs, the first of them; a store's name, or `reading` for the parser. */
  readonly differences: readonly { readonly in: string; readonly filter: string; readonly missing: string; readonly extra: string }[];
}

export interface FilterComparisonInput {
  readonly filters: number;
  readonly seed: number;
  readonly stores: readonly FilteredStore[];
  /** The wire's form into the domain's. */
  readonly read: (filter: WireFilterObject) => Filter | null;
  readonly onProgress?: (filters: number) => void;
}

/** Things in a world, and filters asked of it before the next one. */
const ITEMS = 50;
const FILTERS_PER_WORLD = 500;
/** Filters asked side by side. */
const TOGETHER = 8;

/** Random filters as callers send them over random things, in every store, against the plain evaluators. */
export async function compareFilters({ filters, seed, stores, read, onProgress }: FilterComparisonInput): Promise<FilterComparison> {
  const world = new FilterWorld(seed);
  const differences: FilterComparison['differences'][number][] = [];
  let [asked, matched] = [0, 0];
  while (asked < filters) {
    const scope: Scope = { projectId: `filters-${seed}-${asked}`, subject: 'user:ana' };
    const items = Array.from({ length: ITEMS }, (_, place) => itemOf(world.labelled(), scope, place));
    await Promise.all(stores.map((store) => store.put(scope, items)));
    const wires = Array.from({ length: Math.min(FILTERS_PER_WORLD, filters - asked) }, () => world.wireFilter());
    for (let start = 0; start < wires.length; start += TOGETHER) {
      const compared = await Promise.all(
        wires.slice(start, start + TOGETHER).map((wire) => compareOne(wire, { scope, items, stores, read })),
      );
      for (const each of compared) {
        matched += each.matched;
        differences.push(...each.differences);
      }
    }
    asked += wires.length;
    onProgress?.(asked);
  }
  return { filters: asked, pairs: asked * ITEMS, matched, differences };
}

async function compareOne(
  wire: WireFilterObject,
  {
    scope,
    items,
    stores,
    read,
  }: Pick<FilterComparisonInput, 'stores' | 'read'> & { readonly scope: Scope; readonly items: readonly Memory[] },
): Promise<Pick<FilterComparison, 'matched' | 'differences'>> {
  const filter = read(wire);
  const meant = items.filter((item) => matchesWire(item, wire)).map(({ id }) => id);
  const plain = items.filter((item) => filter === null || matchesFilter(item, filter)).map(({ id }) => id);
  const found = await Promise.all(
    stores.map(async (store) => [store.name, filter === null ? plain : await store.matching(scope, filter)] as const),
  );
  const all: readonly (readonly [string, readonly string[]])[] = [['reading', plain], ...found];
  return {
    matched: meant.length,
    differences: all.flatMap(([name, ids]) => {
      const missing = meant.filter((id) => !ids.includes(id));
      const extra = ids.filter((id) => !meant.includes(id));
      if (missing.length + extra.length === 0 && ids.length === meant.length) return [];
      return [{ in: name, filter: JSON.stringify(wire), missing: missing.join(' '), extra: extra.join(' ') }];
    }),
  };
}

const itemOf = (labelled: Filterable, scope: Scope, place: number): Memory =>
  aMemory({
    id: `${scope.projectId}-${place}`,
    scope,
    text: `I drink tea number ${place}`,
    labels: labelled.labels,
    createdAt: labelled.createdAt,
    updatedAt: labelled.updatedAt,
    statedAt: NOW,
  });

/** The records, which list by filter. */
export const filteredRecords = (name: string, records: AllRecords): FilteredStore => ({
  name,
  async put(scope, items) {
    const said = 'I drink tea';
    await append(records, { scope, mode: 'turn', messages: [said] });
    const batch = await readBatch(records, scope);
    const sourceMessageIds = batch.messages.map(({ id }) => id);
    const insert = items.map((item) => ({ ...item, sourceMessageIds }));
    const outcome = await records.inbox.commit(batch, noChanges({ insert }), NOW);
    if (outcome !== 'committed') throw new Error(`the memories were not kept: ${outcome}`);
  },
  async matching(scope, filter) {
    const { items } = await records.memories.list(scope, { kind: 'fact', filter, page: 1, size: ITEMS });
    return items.map(({ id }) => id);
  },
});

/** An index, which finds by filter within a time. */
export const filteredIndex = (name: string, index: MemoryIndex): FilteredStore => ({
  name,
  put: (scope, items) =>
    index.upsert(
      items.map(({ id, labels, createdAt, updatedAt }) => anIndexedDocument({ id, scope, labels, createdAt, updatedAt, statedAt: NOW })),
    ),
  async matching(scope, filter) {
    const query = anIndexQuery({ scope, filter, analysis: analyseQuery(''), timeWindow: { from: NOW, to: NOW + 1 }, topK: 200 });
    return (await index.search(query, {})).window.map(({ document }) => document.id);
  },
});
