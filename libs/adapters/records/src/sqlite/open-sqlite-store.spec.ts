import { append, anAppend, aScope, contents, NOW } from '@continuo/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteRecords, type SqliteRecords } from '../open-sqlite-records.ts';
import { MIGRATIONS } from '../schema/migrations.ts';
import { migrateSqlite } from './migrate-sqlite.ts';
import { SqliteThread } from './sqlite-thread.ts';

let folder: string;
let file: string;
const open: SqliteRecords[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-open-'));
  file = join(folder, 'records.db');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((records) => records.close()));
  await rm(folder, { recursive: true });
});

async function opened(): Promise<SqliteRecords> {
  const records = await openSqliteRecords({ file });
  open.push(records);
  return records;
}

const saidOn = async (records: SqliteRecords, conversationId = 'monday') =>
  contents(await records.messages.latest(aScope(), conversationId, { roles: ['user'], limit: 1_000, erased: 'left_out' }));

describe('opening', () => {
  it('finds what an earlier process left', async () => {
    const first = await opened();
    await append(first, { messages: ['one', 'two'] });
    await first.close();
    expect(await saidOn(await opened())).toEqual(['one', 'two']);
  });

  it('finds what an earlier process left in the write-ahead log', async () => {
    const first = await opened();
    await append(first, { messages: ['one'] });
    // Held open, so that closing does not move the log into the file.
    const holder = new DatabaseSync(file);
    holder.prepare('select count(*) from messages').get();
    await first.close();
    expect((await stat(`${file}-wal`)).size).toBeGreaterThan(0);
    expect(await saidOn(await opened())).toEqual(['one']);
    holder.close();
  });

  it('lets several processes open a new file at once', async () => {
    const all = await Promise.all([opened(), opened(), opened()]);
    await Promise.all(all.map((records, index) => append(records, { conversationId: `c${index}`, messages: [`by ${index}`] })));
    for (const records of all) expect(await saidOn(records, 'c1')).toEqual(['by 1']);
  });

  it('says that a newer version has written the file', async () => {
    await (await opened()).close();
    const database = new DatabaseSync(file);
    database.exec(`insert into schema_migrations values (999, 'later', 0)`);
    database.close();
    await expect(openSqliteRecords({ file })).rejects.toMatchObject({
      code: 'records_unavailable',
      message: expect.stringMatching(/newer version.*999/),
    });
  });

  it('brings a file of an earlier version forward', async () => {
    const thread = new SqliteThread({ file, role: 'writer', busyTimeoutMs: 100 });
    await migrateSqlite(thread, MIGRATIONS.slice(0, 1), NOW);
    await thread.close();
    const records = await opened();
    expect(await records.schema()).toBe('current');
    await append(records, { messages: ['one'] });
    expect(await saidOn(records)).toEqual(['one']);
  });

  it('keeps a step of the schema whole or not at all', async () => {
    const thread = new SqliteThread({ file, role: 'writer', busyTimeoutMs: 100 });
    const good = { number: 1, name: 'good', statements: () => ['create table kept (a text)'] };
    const bad = { number: 2, name: 'bad', statements: () => ['create table lost (a text)', 'create nonsense'] };
    await migrateSqlite(thread, [good], NOW);
    await expect(migrateSqlite(thread, [good, bad], NOW)).rejects.toThrow('syntax error');
    await migrateSqlite(thread, [good], NOW);
    const [result] = await thread.run([
      { sql: `select name from sqlite_master where type = 'table' and name in ('kept', 'lost')`, parameters: [] },
    ]);
    expect(result?.rows).toEqual([['kept']]);
    await thread.close();
  });

  it.each([
    ['a folder that is not there', () => join(folder, 'nowhere', 'records.db')],
    ['a folder in its place', () => folder],
  ])('fails plainly for %s', async (_, place) => {
    await expect(openSqliteRecords({ file: place() })).rejects.toMatchObject({ code: 'records_unavailable' });
  });
});

describe('closing', () => {
  it('answers what was asked before and refuses the rest', async () => {
    const records = await opened();
    expect(await records.ping()).toBe('ok');
    const before = append(records, { messages: ['one'] });
    await before;
    await records.close();
    await records.close();
    await expect(records.ping()).rejects.toMatchObject({ code: 'records_unavailable' });
    await expect(append(records)).rejects.toMatchObject({ code: 'records_unavailable' });
    await expect(records.recall.overlay(aScope())).rejects.toMatchObject({ code: 'records_unavailable' });
    await expect(records.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 1, erased: 'left_out' })).rejects.toMatchObject({
      code: 'records_unavailable',
    });
  });

  it('moves the log into the file on request', async () => {
    const records = await opened();
    await append(records, { messages: ['one'] });
    await records.checkpoint();
    expect((await stat(`${file}-wal`)).size).toBe(0);
    expect(await saidOn(records)).toEqual(['one']);
  });
});

describe('a process that is killed', () => {
  /** Appends without end and prints the place of each message once it is acknowledged. */
  const WRITER = `
    const [module, file, sent] = process.argv.slice(1);
    const { openSqliteRecords } = await import(module);
    const records = await openSqliteRecords({ file });
    const input = JSON.parse(sent);
    for (let lane = 0; lane < 4; lane += 1) (async () => {
      for (let place = 0; ; place += 1) {
        await records.messages.append({ ...input, conversationId: 'c' + lane, messages: [{ ...input.messages[0], content: String(place) }] });
        process.stdout.write(lane + ' ' + place + '\\n');
      }
    })();`;

  it('has lost nothing it acknowledged and left nothing half done', async () => {
    const built = new URL('../../dist/index.js', import.meta.url).href;
    const input = JSON.stringify(anAppend({ mode: 'turn' }));
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', WRITER, built, file, input], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.length > 1_000) child.kill('SIGKILL');
    });
    await once(child, 'close');

    const acknowledged = printed.split('\n').slice(0, -1);
    expect(acknowledged.length).toBeGreaterThan(100);
    const records = await opened();
    for (let lane = 0; lane < 4; lane += 1) {
      const kept = await saidOn(records, `c${lane}`);
      expect(kept).toEqual(kept.map((_, place) => String(place)));
      const last = acknowledged.filter((line) => line.startsWith(`${lane} `)).length;
      expect(kept.length).toBeGreaterThanOrEqual(last);
    }
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    const count = (sql: string): unknown => database.prepare(sql).get()?.['count'];
    const messages = count('select count(*) as count from messages');
    expect(count('select count(*) as count from tasks where exists (select 1 from messages where task_id = tasks.id)')).toBe(messages);
    expect(count('select count(*) as count from outbox where exists (select 1 from messages where id = item_id)')).toBe(messages);
    database.close();
    expect((await append(records, { conversationId: 'c0', mode: 'turn', messages: ['after'] })).appended).toBe(1);
  }, 60_000);
});
