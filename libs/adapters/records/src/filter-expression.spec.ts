import { type Filter, type Filterable, type FilterField, type FilterScalar, matchesFilter, type Memory } from '@continuo/domain';
import { aMemory, aScope, NOW, someLabels } from '@continuo/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryDatabase } from '../test/postgres-database.ts';
import { recordsOn } from './records-on.ts';
import { labelRows } from './rows/memory-labels.ts';
import { rowOfMemory } from './rows/memory-row.ts';
import { openPostgresStore } from './postgres/open-postgres-store.ts';
import type { Store } from './sql-dialect.ts';
import { openSqliteStore } from './sqlite/open-sqlite-store.ts';

const MEMORIES = 60;

/** Numbers from 0 to 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = seeded(20_260_501);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const some = <Item>(make: () => Item, atMost: number): Item[] => Array.from({ length: Math.floor(random() * (atMost + 1)) }, make);

const TEXTS = [
  '',
  'red',
  'Red',
  'RED wine',
  'wine',
  'ein',
  'ÄRGER',
  'ärger',
  '%',
  '_',
  'a%b',
  "it's",
  '"',
  '1',
  '12',
  'true',
  '中文',
  '中',
  '😀',
  '\uffff',
  '，😀',
  '，，',
  'z\ue000',
  'z\u{10ffff}',
  'z\u{10000}\uffff',
  '\ue000',
  '\uffff'.repeat(100),
  'z',
  '2026-05-01',
  '2026-06-01',
];
const NUMBERS = [0, -1, 1, 12, 1.5, 1e21, -0.25, NOW];
const KEYS = ['color', 'age', 'tags', '', 'a.b', '__proto__', 'constructor', '键'];
const scalar = (): FilterScalar => pick<FilterScalar>([pick(TEXTS), pick(TEXTS), pick(NUMBERS), true, false]);

function infoValue(): unknown {
  return pick<() => unknown>([
    scalar,
    scalar,
    () => some(scalar, 4),
    () => null,
    () => ({ nested: 1 }),
    () => [['deep'], null, scalar()],
  ])();
}

const field = (): FilterField =>
  random() < 0.5
    ? { name: 'info', key: pick(KEYS) }
    : { name: pick(['agent_id', 'app_id', 'tags', 'related_id', 'create_time', 'update_time'] as const) };

function filter(depth: number): Filter {
  if (depth > 0 && random() < 0.4) return { op: pick(['and', 'or'] as const), of: some(() => filter(depth - 1), 3) };
  return pick<() => Filter>([
    () => ({ op: pick(['equals', 'contains', 'like'] as const), field: field(), value: scalar() }),
    () => ({ op: 'in', field: field(), values: some(scalar, 4) }),
    () => ({
      op: pick(['gt', 'gte', 'lt', 'lte'] as const),
      field: field(),
      value: random() < 0.5 ? pick(TEXTS) : pick([...NUMBERS, NOW + 3]),
    }),
  ])();
}

const memory = (index: number): Memory =>
  aMemory({
    id: `memory-${index}`,
    createdAt: NOW + Math.floor(random() * 6),
    updatedAt: NOW + Math.floor(random() * 6),
    labels: someLabels({
      tags: some(() => pick(TEXTS), 3),
      info: Object.fromEntries(some(() => [pick(KEYS), infoValue()] as const, 5)),
      appId: random() < 0.5 ? pick(TEXTS) : null,
      agentId: random() < 0.5 ? pick(TEXTS) : null,
      relatedIds: some(() => pick(TEXTS), 3),
    }),
  });

async function onSqlite(work: (store: Store) => Promise<void>, limits: { readonly statementTimeoutMs?: number } = {}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-filters-'));
  const { store, threads } = await openSqliteStore({ file: join(folder, 'records.db'), readers: 1, busyTimeoutMs: 1_000, ...limits });
  try {
    await work(store);
  } finally {
    await Promise.all([threads.writer.close(), threads.readers.close()]);
    await rm(folder, { recursive: true });
  }
}

async function onPostgres(work: (store: Store) => Promise<void>): Promise<void> {
  const database = await temporaryDatabase();
  const settings = { url: database.serviceUrl, connections: 2, statementTimeoutMs: 10_000, applicationName: 'continuo' };
  const { store, pool } = openPostgresStore(settings);
  try {
    await work(store);
  } finally {
    await pool.end();
    await database.drop();
  }
}

async function keep(store: Store, memories: readonly Memory[]): Promise<void> {
  for (const item of memories) {
    await store.database.insertInto('memories').values(rowOfMemory(item, 0)).execute();
    const labels = labelRows(item.id, item.labels);
    if (labels.length > 0) await store.database.insertInto('memory_labels').values(labels).execute();
  }
}

async function compare(store: Store, cases: number): Promise<void> {
  const memories = Array.from({ length: MEMORIES }, (_, index) => memory(index));
  await keep(store, memories);
  const records = recordsOn(store).memories;
  let matched = 0;
  for (let index = 0; index < cases; index += 1) {
    const wanted = filter(3);
    const expected = memories.filter((item: Filterable) => matchesFilter(item, wanted)).map((item) => item.id);
    const page = await records.list(aScope(), { kind: 'fact', filter: wanted, page: 1, size: MEMORIES });
    const found = { filter: JSON.stringify(wanted), ids: page.items.map((item) => item.id).toSorted() };
    expect(found).toEqual({ filter: found.filter, ids: expected.toSorted() });
    matched += expected.length;
  }
  // Neither all nor nothing, or the comparison would say little.
  expect(matched).toBeGreaterThan(cases);
  expect(matched).toBeLessThan((cases * MEMORIES) / 2);
}

it.each([
  ['SQLite', 2_500, onSqlite],
  // Fewer: the statements are the same, and each of them is planned anew.
  ['Postgres', 600, onPostgres],
] as const)(
  `on %s agrees with the plain evaluator on %i random filters over ${MEMORIES} memories`,
  (_, cases, on) => on((store) => compare(store, cases)),
  120_000,
);

const above = (value: string): Filter => ({ op: 'gt', field: { name: 'info', key: 'scene' }, value });
const inScene = (id: string, scene: string): Memory => aMemory({ id, labels: someLabels({ info: { scene } }) });

it.each([
  ['SQLite', onSqlite],
  ['Postgres', onPostgres],
] as const)('on %s a filter of a hundred long comparisons with rare characters is one like any other', (_, on) =>
  on(async (store) => {
    const value = '\uffff'.repeat(900);
    await keep(store, [inScene('above', `${value.slice(1)}\u{10000}`), inScene('below', value)]);
    const wanted: Filter = { op: 'and', of: Array.from({ length: 100 }, () => above(value)) };
    const page = await recordsOn(store).memories.list(aScope(), { kind: 'fact', filter: wanted, page: 1, size: 9 });
    expect(page.items.map(({ id }) => id)).toEqual(['above']);
  }),
);

it('on SQLite ends a statement that takes too long, and nothing else', () =>
  onSqlite(
    async (store) => {
      await keep(store, [inScene('one', 'x')]);
      const { memories } = recordsOn(store);
      const list = (filter: Filter | null) => memories.list(aScope(), { kind: 'fact', filter, page: 1, size: 9 });
      await expect(list(above('a'))).rejects.toMatchObject({
        code: 'records_unavailable',
        message: expect.stringContaining('took too long'),
      });
      expect(await list(null)).toMatchObject({ total: 1 });
    },
    { statementTimeoutMs: -1 },
  ));
