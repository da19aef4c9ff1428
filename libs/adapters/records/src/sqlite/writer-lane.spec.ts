import { sql } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Database } from '../sql-dialect.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { WriterLane } from './writer-lane.ts';

let folder: string;
let file: string;
let opened: Awaited<ReturnType<typeof openSqliteStore>>;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-lane-'));
  file = join(folder, 'records.db');
  opened = await openSqliteStore({ file, readers: 2, busyTimeoutMs: 100 });
  database = opened.store.database;
});

afterEach(async () => {
  await Promise.all([opened.threads.writer.close(), opened.threads.readers.close()]);
  await rm(folder, { recursive: true });
});

const write = (transaction: Database, name: string) => transaction.insertInto('settings').values({ name, value_json: '1' }).execute();

const names = async (): Promise<readonly string[]> =>
  (await database.selectFrom('settings').select('name').orderBy('name').execute()).map((row) => row.name);

/** Counts what reaches the writer's thread. */
function countStatements(text: string): () => number {
  let count = 0;
  const { writer } = opened.threads;
  const run = writer.run.bind(writer);
  writer.run = (statements, options) => {
    count += statements.filter((statement) => statement.sql === text).length;
    return run(statements, options);
  };
  return () => count;
}

it('commits transactions that wait for each other together', async () => {
  const commits = countStatements('commit');
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      database.transaction().execute((transaction) => write(transaction, `n${String(index).padStart(2, '0')}`)),
    ),
  );
  expect(await names()).toHaveLength(20);
  expect(commits()).toBeLessThan(20);
});

it('acknowledges nothing before it can be read by others', async () => {
  const other = new DatabaseSync(file, { readOnly: true });
  try {
    const seen = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await database.transaction().execute((transaction) => write(transaction, `n${index}`));
        return other.prepare('select count(*) as count from settings where name = ?').get(`n${index}`)?.['count'];
      }),
    );
    expect(seen).toEqual(Array.from({ length: 10 }, () => 1));
  } finally {
    other.close();
  }
});

it('undoes one transaction of a group without touching the others', async () => {
  const outcomes = await Promise.allSettled(
    ['a', 'b', 'c', 'd', 'e'].map((name) =>
      database.transaction().execute(async (transaction) => {
        await write(transaction, name);
        if (name === 'a' || name === 'c' || name === 'e') throw new Error(`not ${name}`);
      }),
    ),
  );
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(await names()).toEqual(['b', 'd']);
});

it.each([0, 1, 2])('undoes transaction %i of one group alone', async (undone) => {
  const { writer } = opened.threads;
  const lane = new WriterLane(writer, { transactions: 3, ageMs: Number.POSITIVE_INFINITY });
  const commits = countStatements('commit');
  const turns = [0, 1, 2].map(async (index) => {
    await lane.enter();
    await writer.run([{ sql: `insert into settings values ('n${index}', '1')`, parameters: [] }]);
    await (index === undone ? lane.rollback() : lane.commit());
  });
  await Promise.all(turns);
  expect(await names()).toEqual([0, 1, 2].filter((index) => index !== undone).map((index) => `n${index}`));
  expect(commits()).toBe(1);
});

it('writes nothing of a transaction after its end', async () => {
  let ended: Database = database;
  const outcome = database.transaction().execute(async (transaction) => {
    ended = transaction;
    await write(transaction, 'a');
    throw new Error('one of several statements asked together has failed');
  });
  await expect(outcome).rejects.toThrow('has failed');
  await expect(write(ended, 'b')).rejects.toThrow();
  expect(await names()).toEqual([]);
});

it('goes on after a statement that fails', async () => {
  await write(database, 'a');
  const outcomes = await Promise.allSettled([write(database, 'b'), write(database, 'a'), write(database, 'c')]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await names()).toEqual(['a', 'b', 'c']);
});

it('tells every transaction of a group when their commit fails', async () => {
  const { writer } = opened.threads;
  const run = writer.run.bind(writer);
  let failing = true;
  writer.run = (statements, options) => {
    const fails = failing && statements.some((statement) => statement.sql === 'commit');
    if (fails) failing = false;
    return run(fails ? [{ sql: 'select no_such_column', parameters: [] }] : statements, options);
  };
  const outcomes = await Promise.allSettled(
    ['a', 'b', 'c'].map((name) => database.transaction().execute((transaction) => write(transaction, name))),
  );
  const kept = await names();
  for (const [index, name] of ['a', 'b', 'c'].entries()) expect(kept.includes(name)).toBe(outcomes[index]?.status === 'fulfilled');
  expect(outcomes[0]?.status).toBe('rejected');
  await write(database, 'later');
  expect(await names()).toContain('later');
});

it('loses the whole group when the engine ends its transaction', async () => {
  const outcomes = await Promise.allSettled([
    database.transaction().execute((transaction) => write(transaction, 'a')),
    database.transaction().execute(async (transaction) => {
      await write(transaction, 'b');
      await sql`rollback`.execute(transaction);
      throw new Error('as after an error of the disk');
    }),
    database.transaction().execute((transaction) => write(transaction, 'c')),
  ]);
  const kept = await names();
  for (const [index, name] of ['a', 'b', 'c'].entries()) expect(kept.includes(name)).toBe(outcomes[index]?.status === 'fulfilled');
  expect(kept).not.toContain('b');
});

it('reads beside an open transaction', async () => {
  await database.transaction().execute(async (transaction) => {
    await write(transaction, 'a');
    expect(await names()).toEqual([]);
  });
  expect(await names()).toEqual(['a']);
});

it('waits for another process that writes, and says so when it takes too long', async () => {
  const other = new DatabaseSync(file);
  other.exec('begin immediate');
  await expect(write(database, 'a')).rejects.toMatchObject({ code: 'records_unavailable' });
  const waiting = write(database, 'b');
  other.exec('commit');
  other.close();
  await waiting;
  expect(await names()).toEqual(['b']);
});

it('refuses to write on a reader', async () => {
  const reader = opened.threads.readers.idlest();
  await expect(reader.run([{ sql: `insert into settings values ('a', '1')`, parameters: [] }])).rejects.toMatchObject({ code: 8 });
});
