import { aMemory, append, aScope, noChanges, NOW, readBatch, someLabels } from '@continuo/testing';
import { type Filter, statementKey } from '@continuo/domain';
import { randomBytes } from 'node:crypto';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/postgres-database.ts';
import { recordsOn } from '../records-on.ts';
import { LocalExclusiveWork } from '../local-exclusive-work.ts';
import { openPostgresStore } from './open-postgres-store.ts';

let database: TemporaryDatabase;
let opened: ReturnType<typeof openPostgresStore>;

beforeAll(async () => {
  database = await temporaryDatabase();
  opened = openPostgresStore({ url: database.serviceUrl, connections: 6, statementTimeoutMs: 10_000, applicationName: 'continuo' });
});

beforeEach(() => database.empty());

afterAll(async () => {
  await opened.pool.end();
  await database.drop();
});

const write = (name: string, value: string) =>
  opened.store.database
    .insertInto('settings')
    .values({ name, value_json: value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value_json: value }))
    .execute();
const read = (name: string) => opened.store.database.selectFrom('settings').select('value_json').where('name', '=', name);

it('begins a transaction again that a deadlock has ended', async () => {
  await write('a', '0');
  await write('b', '0');
  const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const attempts = [0, 0];
  const change = (index: 0 | 1, names: readonly [string, string]) =>
    opened.store.transact(async (transaction) => {
      attempts[index] = (attempts[index] ?? 0) + 1;
      const value = String(index + 1);
      await transaction.updateTable('settings').set({ value_json: value }).where('name', '=', names[0]).execute();
      met[index].resolve();
      await met[1 - index]?.promise;
      await transaction.updateTable('settings').set({ value_json: value }).where('name', '=', names[1]).execute();
    });
  await Promise.all([change(0, ['a', 'b']), change(1, ['b', 'a'])]);
  expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 2]);
  expect(await read('a').execute()).toEqual(await read('b').execute());
});

it('does not begin again what fails for another reason', async () => {
  let attempts = 0;
  const work = opened.store.transact(async (transaction) => {
    attempts += 1;
    await transaction.insertInto('projects').values({ id: 'p', created_at: NOW, settings_json: '{}' }).execute();
    throw new Error('broken');
  });
  await expect(work).rejects.toThrow('broken');
  expect(attempts).toBe(1);
  expect(await opened.store.database.selectFrom('projects').selectAll().execute()).toEqual([]);
});

it('reads one state together, whatever is written meanwhile', async () => {
  await write('a', '0');
  await write('b', '0');
  let writing = true;
  const writer = (async () => {
    for (let value = 1; writing; value += 1) {
      await opened.store.transact(async (transaction) => {
        for (const name of ['a', 'b']) {
          await transaction
            .updateTable('settings')
            .set({ value_json: String(value) })
            .where('name', '=', name)
            .execute();
        }
      });
    }
  })();
  const seen = new Set<string>();
  for (let round = 0; round < 200; round += 1) {
    const [a, b] = await opened.store.dialect.readTogether<[{ value_json: string }[], { value_json: string }[]]>([
      read('a').compile(),
      read('b').compile(),
    ]);
    expect(a).toEqual(b);
    seen.add(a[0]?.value_json ?? '');
  }
  writing = false;
  await writer;
  expect(seen.size).toBeGreaterThan(5);
});

it('leaves no connection in a transaction when a read of one state fails', async () => {
  const broken = { ...read('a').compile(), sql: 'select nothing from nowhere' };
  for (let round = 0; round < 20; round += 1) {
    await expect(opened.store.dialect.readTogether([read('a').compile(), broken, read('b').compile()])).rejects.toMatchObject({
      code: 'records_unavailable',
    });
  }
  await write('a', '1');
  expect(await read('a').execute()).toEqual([{ value_json: '1' }]);
  const open = await database.ask(`select pid from pg_stat_activity where datname = current_database() and state like 'idle in%'`);
  expect(open).toEqual([]);
});

it('keeps and finds what is longer than an index entry', async () => {
  const records = { ...recordsOn(opened.store), exclusive: new LocalExclusiveWork() };
  const long = (start: string): string => `${start}${randomBytes(12_000).toString('hex')}`;
  const same = '😀'.repeat(LONG_START);
  const texts = [long(same), long(same), long('中')];
  const topics = [long('home.'), long('home.'), 'home.city'];
  const key = long('key');
  await append(records, { messages: ['said'] });
  const insert = texts.map((text, index) =>
    aMemory({ id: `memory-${index}`, text, topicKey: topics[index] ?? null, labels: someLabels({ info: { [key]: text } }) }),
  );
  expect(await records.inbox.commit(await readBatch(records), noChanges({ insert }), NOW)).toBe('committed');
  const none = { topicKeys: [], statementKeys: [], ids: [] };
  for (const [index, text] of texts.entries()) {
    const byText = await records.memories.neighbours(aScope(), { ...none, statementKeys: [statementKey(text), 'other'] });
    expect(byText.memories.map(({ id }) => id)).toEqual([`memory-${index}`]);
    const byTopic = await records.memories.neighbours(aScope(), { ...none, topicKeys: [topics[index] ?? ''] });
    expect(byTopic.memories.map(({ id }) => id)).toEqual([`memory-${index}`]);
    const filter: Filter = { op: 'equals', field: { name: 'info', key }, value: text };
    expect((await records.memories.list(aScope(), { kind: 'fact', filter, page: 1, size: 5 })).items.map(({ id }) => id)).toEqual([
      `memory-${index}`,
    ]);
  }
});

const LONG_START = 200;
