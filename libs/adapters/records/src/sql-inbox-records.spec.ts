import { append, aScope, contents, noChanges, NOW, readBatch } from '@continuo/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteRecords, type SqliteRecords } from './open-sqlite-records.ts';

let folder: string;
let records: SqliteRecords;
let tables: DatabaseSync;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-inbox-'));
  records = await openSqliteRecords({ file: join(folder, 'records.db') });
  tables = new DatabaseSync(join(folder, 'records.db'), { timeout: 1_000 });
});

afterEach(async () => {
  tables.close();
  await records.close();
  await rm(folder, { recursive: true });
});

describe('journals', () => {
  const journals = (): readonly string[] =>
    tables
      .prepare('select journal_json from extractions order by journal_json')
      .all()
      .map((row) => JSON.parse(String(row['journal_json'])) as string);
  const read = (maxMessages = 50) => readBatch(records, aScope(), { maxMessages });

  beforeEach(async () => {
    await append(records, { mode: 'turn', messages: ['one', 'two'] });
  });

  it.each(['commit', 'fail'] as const)('are gone after a %s', async (end) => {
    const batch = await read();
    await records.inbox.writeJournal(batch, 'both', NOW);
    expect(journals()).toEqual(['both']);
    if (end === 'commit') await records.inbox.commit(batch, noChanges(), NOW);
    else await records.inbox.fail(batch, 'parse_failed', NOW);
    expect(journals()).toEqual([]);
  });

  it('are gone when the batch has grown or shrunk since', async () => {
    const [both, one] = [await read(), await read(1)];
    await records.inbox.writeJournal(one, 'one', NOW);
    await records.inbox.writeJournal(both, 'both', NOW);
    expect(journals()).toEqual(['both']);
    await records.inbox.writeJournal(one, 'one', NOW);
    expect(journals()).toEqual(['one']);
    await records.inbox.commit(one, noChanges(), NOW);
    expect(journals()).toEqual([]);
    expect(contents((await read()).messages)).toEqual(['two']);
  });

  it('are gone when only a part of the batch is committed', async () => {
    await records.inbox.writeJournal(await read(), 'both', NOW);
    const part = await read(1);
    expect(part.journal).toBeNull();
    await records.inbox.commit(part, noChanges(), NOW);
    expect(journals()).toEqual([]);
  });

  it('are gone with a message of theirs', async () => {
    const { messages } = await read();
    await records.inbox.writeJournal(await read(), 'both', NOW);
    await append(records, { mode: 'turn', messages: ['instead'], replaces: [messages[0]?.id ?? ''] });
    expect(journals()).toEqual([]);
  });

  it('stay while their batch waits', async () => {
    const batch = await read();
    await records.inbox.writeJournal(batch, 'both', NOW);
    await records.inbox.postpone(batch, { retryAt: NOW, countsAsAttempt: true, reason: 'parse_failed' });
    expect((await read()).journal).toBe('both');
  });

  it('mark nothing of a batch that is not whole any more', async () => {
    const both = await read();
    await records.inbox.commit(await read(1), noChanges(), NOW);
    await records.inbox.writeJournal(both, 'late', NOW);
    expect(journals()).toEqual([]);
    expect(tables.prepare('select count(*) as marked from messages where batch_id is not null').get()).toEqual({ marked: 0 });
  });
});

it('reads on behind what an erasure has left pending, and recalls none of it', async () => {
  const left = await append(records, { conversationId: 'monday', messages: ['left behind'] });
  await append(records, { conversationId: 'tuesday', messages: ['due'] });
  await append(records, { scope: aScope({ subject: 'user:eve' }), messages: ['left behind'] });
  tables.exec(`update messages set epoch = -1 where content = 'left behind'`);
  expect(contents((await readBatch(records)).messages)).toEqual(['due']);
  expect(await records.inbox.pendingScopes(NOW, 10)).toEqual([aScope()]);
  const { turns, absent } = await records.recall.check(
    aScope(),
    0,
    left.messages.map(({ id }) => id),
  );
  expect([turns.size, [...absent.values()]]).toEqual([0, ['hidden']]);
});
