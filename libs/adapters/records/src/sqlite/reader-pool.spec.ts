import { append, aScope, contents } from '@continuo/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalExclusiveWork } from '../local-exclusive-work.ts';
import { recordsOn } from '../records-on.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { ReaderPool } from './reader-pool.ts';
import { SqliteThread } from './sqlite-thread.ts';

/** Requests in which a thread has started many times over. */
const PATIENCE = 100_000;

let folder: string;
const pools: ReaderPool[] = [];
let opened: Awaited<ReturnType<typeof openSqliteStore>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-readers-'));
  opened = await openSqliteStore({ file: join(folder, 'records.db'), readers: 2, busyTimeoutMs: 100 });
});

afterEach(async () => {
  await Promise.all([opened.threads.writer, opened.threads.readers, ...pools.splice(0)].map((thread) => thread.close()));
  await rm(folder, { recursive: true });
});

const readAll = async (times: number) => {
  const records = { ...recordsOn(opened.store), exclusive: new LocalExclusiveWork() };
  for (let count = 0; count < times; count += 1) {
    expect((await records.recall.overlay(aScope())).turns).toHaveLength(1);
    expect(contents(await records.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 9, erased: 'left_out' }))).toEqual(['one']);
  }
};

/** A reader that ends as one that fails does: nobody told the pool. */
const end = (readers: readonly SqliteThread[]) => Promise.all(readers.map((reader) => reader.close()));

it('never asks a reader that has ended, and replaces it', async () => {
  await append({ ...recordsOn(opened.store), exclusive: new LocalExclusiveWork() }, { messages: ['one'] });
  const [first, second] = opened.threads.readers.threads as [SqliteThread, SqliteThread];
  await end([first]);
  await readAll(3);
  // Replaced behind the requests: it joins once it has answered.
  for (let asked = 0; asked < PATIENCE && opened.threads.readers.threads.length < 2; asked += 1) await readAll(1);
  expect(opened.threads.readers.threads).toHaveLength(2);
  expect(opened.threads.readers.threads).toContain(second);
  expect(opened.threads.readers.threads.every((reader) => !reader.hasEnded)).toBe(true);
});

it('reads again after every reader has ended', async () => {
  await append({ ...recordsOn(opened.store), exclusive: new LocalExclusiveWork() }, { messages: ['one'] });
  await end(opened.threads.readers.threads);
  await readAll(3);
});

it('keeps a reader that cannot start away from requests while another lives', async () => {
  const file = join(folder, 'records.db');
  let started = 0;
  const pool = new ReaderPool(2, () => {
    started += 1;
    return new SqliteThread({ file: started > 2 ? folder : file, role: 'reader', busyTimeoutMs: 100 });
  });
  pools.push(pool);
  const [first, second] = pool.threads as [SqliteThread, SqliteThread];
  await end([first]);
  for (let asked = 0; asked < PATIENCE && started < 5; asked += 1) {
    const work = Promise.all([1, 2, 3].map(() => second.run([{ sql: 'select 1', parameters: [] }])));
    expect(pool.idlest()).toBe(second);
    await work;
  }
  expect(started).toBe(5);
});

it('starts nothing once it is closed', async () => {
  const reader = opened.threads.readers.idlest();
  await opened.threads.readers.close();
  expect(opened.threads.readers.idlest()).toBe(reader);
  await expect(reader.run([{ sql: 'select 1', parameters: [] }])).rejects.toMatchObject({ code: null });
});
