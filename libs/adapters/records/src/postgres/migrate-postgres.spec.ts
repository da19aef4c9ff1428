import { append, NOW } from '@continuo/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/postgres-database.ts';
import { migrateRecords, openRecords } from '../open-records.ts';
import { MIGRATIONS, NEWEST_SCHEMA } from '../schema/migrations.ts';
import { migratePostgres } from './migrate-postgres.ts';

let database: TemporaryDatabase;

beforeEach(async () => {
  database = await temporaryDatabase({ migrated: false });
});

afterEach(() => database.drop());

const place = () => ({ engine: 'postgres', url: database.migrationUrl }) as const;

async function stateNow(): Promise<string> {
  const records = await openRecords({ engine: 'postgres', url: database.serviceUrl });
  try {
    return await records.schema();
  } finally {
    await records.close();
  }
}

it('brings an empty database to the newest schema, once, however many try', async () => {
  const records = await openRecords({ engine: 'postgres', url: database.serviceUrl });
  expect(await records.schema()).toBe('missing');
  await expect(append(records)).rejects.toMatchObject({
    code: 'records_unavailable',
    message: expect.stringContaining('run the migration'),
  });
  const reached = await Promise.all(Array.from({ length: 5 }, () => migrateRecords(place())));
  expect(reached.toSorted((a, b) => a.from - b.from)).toEqual([
    { from: 0, to: NEWEST_SCHEMA },
    ...Array.from({ length: 4 }, () => ({ from: NEWEST_SCHEMA, to: NEWEST_SCHEMA })),
  ]);
  expect(await records.schema()).toBe('current');
  expect((await append(records)).appended).toBe(1);
  await records.close();
});

it('goes forward step by step from where a database is', async () => {
  await migratePostgres(database.migrationUrl, MIGRATIONS.slice(0, 1), NOW);
  expect(await stateNow()).toBe('older');
  expect(await migrateRecords(place())).toEqual({ from: 1, to: NEWEST_SCHEMA });
  expect(await stateNow()).toBe('current');
});

it('touches nothing that a newer version has migrated, and says so', async () => {
  await migrateRecords(place());
  await database.ask(`insert into schema_migrations values (999, 'later', 0)`);
  expect(await stateNow()).toBe('newer');
  await expect(migrateRecords(place())).rejects.toMatchObject({
    code: 'records_unavailable',
    message: expect.stringMatching(/newer version.*999/),
  });
});

it('keeps a step whole or not at all', async () => {
  const good = { number: 1, name: 'good', statements: () => ['create table kept (a text)'] };
  const bad = { number: 2, name: 'bad', statements: () => ['create table lost (a text)', 'create nonsense'] };
  await expect(migratePostgres(database.migrationUrl, [good, bad], NOW)).rejects.toThrow('syntax error');
  expect(await database.ask(`select tablename from pg_tables where tablename in ('kept', 'lost')`)).toEqual([{ tablename: 'kept' }]);
  expect(await migratePostgres(database.migrationUrl, [good], NOW)).toEqual({ from: 1, to: 1 });
});

it('says when the database does not answer', async () => {
  await expect(migrateRecords({ engine: 'postgres', url: 'postgres://nobody@127.0.0.1:9/none' })).rejects.toMatchObject({
    code: 'records_unavailable',
  });
});

it('makes the tables that SQLite has', async () => {
  await migrateRecords(place());
  const columns = await database.ask<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' order by (table_name || '.' || column_name) collate "C"`,
  );
  const folder = await mkdtemp(join(tmpdir(), 'continuo-migrate-'));
  const file = join(folder, 'records.db');
  expect(await migrateRecords({ engine: 'sqlite', file })).toEqual({ from: 0, to: NEWEST_SCHEMA });
  expect(await migrateRecords({ engine: 'sqlite', file })).toEqual({ from: NEWEST_SCHEMA, to: NEWEST_SCHEMA });
  const sqlite = new DatabaseSync(file, { readOnly: true });
  const expected = sqlite
    .prepare(
      `select t.name || '.' || c.name as name from sqlite_master t, pragma_table_info(t.name) c
       where t.type = 'table' and t.name not like 'sqlite_%' order by 1`,
    )
    .all();
  sqlite.close();
  await rm(folder, { recursive: true });
  expect(columns.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
});

it('compares every text byte by byte, whatever the language of the database', async () => {
  await migrateRecords(place());
  const others = await database.ask(
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'`,
  );
  expect(others).toEqual([]);
});
