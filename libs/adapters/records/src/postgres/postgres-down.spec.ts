import { jest } from '@jest/globals';
import { append, aScope, contents } from '@continuo/testing';
import { type TemporaryDatabase, temporaryDatabase } from '../../test/postgres-database.ts';
import { Wire } from '../../test/wire.ts';
import { openRecords } from '../open-records.ts';
import type { Records } from '../records.ts';

jest.setTimeout(60_000);

const UNAVAILABLE = { code: 'records_unavailable' };
let database: TemporaryDatabase;
let wire: Wire;
let records: Records;

beforeAll(async () => {
  database = await temporaryDatabase();
});

beforeEach(async () => {
  await database.empty();
  wire = new Wire(database.serviceUrl);
  records = await openRecords({ engine: 'postgres', url: await wire.url() }, { connections: 5, statementTimeoutMs: 500 });
});

afterEach(async () => {
  await records.close();
  await wire.cut();
});

afterAll(() => database.drop());

const said = async (): Promise<readonly string[]> =>
  contents(await records.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 1_000, erased: 'left_out' }));
const count = async (table: string): Promise<number> =>
  Number((await database.ask<{ count: string }>(`select count(*) from ${table}`))[0]?.count);

/** Until a connection can be made again, which takes the server a moment. */
async function eventually<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      expect(error).toMatchObject(UNAVAILABLE);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return work();
}

describe('a Postgres that is down', () => {
  it('at the start fails every method until it is up', async () => {
    for (let round = 0; round < 2; round += 1) {
      await expect(records.ping()).rejects.toMatchObject(UNAVAILABLE);
      await expect(records.schema()).rejects.toMatchObject(UNAVAILABLE);
      await expect(append(records)).rejects.toMatchObject(UNAVAILABLE);
      await expect(records.recall.overlay(aScope())).rejects.toMatchObject(UNAVAILABLE);
      await expect(records.exclusive.attempt('sweep', () => Promise.resolve())).rejects.toMatchObject(UNAVAILABLE);
    }
    await wire.mend();
    expect(await records.ping()).toBe('ok');
    expect(await records.schema()).toBe('current');
    await append(records, { messages: ['one'] });
    expect((await records.recall.overlay(aScope())).turns).toHaveLength(1);
    expect(await records.exclusive.attempt('sweep', () => Promise.resolve())).toBe(true);
  });

  it('again and again loses nothing it acknowledged and leaves nothing half written', async () => {
    await wire.mend();
    const acknowledged: string[] = [];
    let failed = 0;
    let running = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; running; index += 1) {
        const text = `${writer} ${index}`;
        try {
          await append(records, { mode: 'turn', messages: [text] });
          acknowledged.push(text);
        } catch (error) {
          expect(error).toMatchObject(UNAVAILABLE);
          failed += 1;
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      }
    });
    for (let round = 0; round < 6; round += 1) {
      const before = acknowledged.length;
      while (acknowledged.length < before + 10) await new Promise((resolve) => setTimeout(resolve, 2));
      if (round % 2 === 0) wire.drop();
      else await wire.cut();
      await wire.mend();
    }
    running = false;
    await Promise.all(writers);
    expect(failed).toBeGreaterThan(0);
    const kept = await eventually(said);
    expect(acknowledged.filter((text) => !kept.includes(text))).toEqual([]);
    expect(new Set(kept).size).toBe(kept.length);
    for (const table of ['tasks', 'outbox']) expect(await count(table)).toBe(await count('messages'));
  });

  it('takes no connections, and then does', async () => {
    await wire.mend();
    await append(records, { messages: ['one'] });
    await database.askOutside(`alter database ${database.name} allow_connections false`);
    try {
      await database.askOutside(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}'`);
      for (let round = 0; round < 8; round += 1) await expect(said()).rejects.toMatchObject(UNAVAILABLE);
    } finally {
      await database.askOutside(`alter database ${database.name} allow_connections true`);
    }
    expect(await eventually(said)).toEqual(['one']);
  });

  it('without a word is given up', async () => {
    await wire.mend();
    await append(records, { messages: ['one'] });
    wire.hush();
    await expect(said()).rejects.toMatchObject(UNAVAILABLE);
    await wire.mend();
    expect(await eventually(said)).toEqual(['one']);
  });
});

describe('a Postgres that is up', () => {
  beforeEach(() => wire.mend());

  it('gives up a statement that takes too long, and the next is served', async () => {
    await append(records, { messages: ['one'] });
    await database.ask('begin');
    await database.ask('select 1 from conversations for update');
    try {
      await expect(append(records, { mode: 'turn', messages: ['two'] })).rejects.toMatchObject({
        ...UNAVAILABLE,
        message: expect.stringContaining('took too long'),
      });
    } finally {
      await database.ask('rollback');
    }
    await append(records, { mode: 'turn', messages: ['three'] });
    expect(await said()).toEqual(['one', 'three']);
  });

  it('waits with what is to go over much of the store', async () => {
    await append(records, { messages: ['one'] });
    await database.ask('begin');
    await database.ask('select 1 from subjects for update');
    const erased = records.memories.eraseSubject(aScope(), { keepMessages: false, now: 0 });
    await new Promise((resolve) => setTimeout(resolve, 700));
    await database.ask('rollback');
    expect(await erased).toMatchObject({ messages: 1 });
  });

  it('that has no connection left is unavailable, and does the rest', async () => {
    await database.askOutside(`alter role ${database.name}_service connection limit 2`);
    try {
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => append(records, { conversationId: `c${index}` })));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThan(5);
      for (const { reason } of refused) expect(reason).toMatchObject(UNAVAILABLE);
    } finally {
      await database.askOutside(`alter role ${database.name}_service connection limit -1`);
    }
    await append(records);
    expect(await count('conversations')).toBeGreaterThan(0);
  });

  it('is not asked any more after closing', async () => {
    await append(records);
    await records.close();
    await records.close();
    await expect(records.ping()).rejects.toMatchObject(UNAVAILABLE);
    await expect(append(records)).rejects.toMatchObject(UNAVAILABLE);
    await expect(records.recall.overlay(aScope())).rejects.toMatchObject(UNAVAILABLE);
    await expect(records.exclusive.attempt('sweep', () => Promise.resolve())).rejects.toMatchObject(UNAVAILABLE);
  });

  it('without the database that is named is unavailable', async () => {
    const url = new URL(database.serviceUrl);
    url.pathname = '/no_such_database';
    const nowhere = await openRecords({ engine: 'postgres', url: url.href });
    await expect(nowhere.ping()).rejects.toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining('no such database') });
    await nowhere.close();
  });

  it('is told who asks and for how long', async () => {
    const named = await openRecords(
      { engine: 'postgres', url: database.serviceUrl },
      { applicationName: 'continuo-spec', statementTimeoutMs: 1_234 },
    );
    await named.ping();
    expect(
      await database.ask(`select count(*)::int as connections from pg_stat_activity where application_name = 'continuo-spec'`),
    ).toEqual([{ connections: 1 }]);
    await named.close();
  });
});
