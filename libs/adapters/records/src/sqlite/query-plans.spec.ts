import { append, emptyOutbox, readBatch, remember } from '@continuo/testing';
import { aRequest, aScope, NOW, someLabels } from '@continuo/testing';
import type { CompiledQuery } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalExclusiveWork } from '../local-exclusive-work.ts';
import { recordsOn } from '../records-on.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { Statement } from './thread-protocol.ts';

/** What is pending and what is in the outbox stays short and may be read whole; rows given as values are no table. */
const ALLOWED = [
  /^SCAN messages USING (COVERING )?INDEX messages_pending/,
  /^SCAN outbox/,
  /^SCAN \d+(-ROW VALUES CLAUSE| CONSTANT ROWS?)$/,
];

let folder: string;
let opened: Awaited<ReturnType<typeof openSqliteStore>>;
let statements: Statement[];
let plans: DatabaseSync;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-plans-'));
  const file = join(folder, 'records.db');
  opened = await openSqliteStore({ file, readers: 1, busyTimeoutMs: 1_000 });
  for (const thread of [opened.threads.writer, ...opened.threads.readers.threads]) record(thread);
  plans = new DatabaseSync(file, { readOnly: true });
  // Of the threads' own connections.
  plans.function('within_time', { varargs: true }, () => 1);
});

afterAll(async () => {
  plans.close();
  await Promise.all([opened.threads.writer.close(), opened.threads.readers.close()]);
  await rm(folder, { recursive: true });
});

beforeEach(() => {
  statements = [];
});

function record(thread: SqliteThread): void {
  const run = thread.run.bind(thread);
  thread.run = (asked, options) => {
    statements.push(...asked);
    return run(asked, options);
  };
}

/** Steps that read a whole table, by statement. */
function scans(): readonly string[] {
  const found = new Set<string>();
  for (const { sql, parameters } of statements) {
    if (/^(begin|commit|rollback|savepoint|release)/.test(sql)) continue;
    for (const row of plans.prepare(`explain query plan ${sql}`).all(...parameters)) {
      const detail = String(row['detail']);
      if (detail.startsWith('SCAN') && !ALLOWED.some((allowed) => allowed.test(detail))) found.add(`${detail} ← ${sql}`);
    }
  }
  return [...found];
}

const records = () => ({ ...recordsOn(opened.store), exclusive: new LocalExclusiveWork() });

it('appends, reads and mines without reading a whole table', async () => {
  const all = records();
  await append(all, { messages: ['one', 'two', { content: 'timed', chatTime: NOW }] });
  await append(all, { messages: ['two', { content: 'timed', chatTime: NOW }, 'three'], replaces: ['unknown'] });
  await all.messages.latest(aScope(), 'monday', { roles: ['user'], limit: 20, erased: 'left_out' });
  await all.messages.byIds(aScope(), ['a', 'b']);
  const batch = await readBatch(all);
  await all.inbox.writeJournal(batch, {}, NOW);
  await all.inbox.postpone(batch, { retryAt: NOW, countsAsAttempt: true, reason: 'parse_failed' });
  await all.tasks.find('default', batch.messages[0]?.taskId ?? '');
  const { memory } = await remember(all, { labels: someLabels({ tags: ['t'] }) }, { conversationId: 'tuesday' }).catch(async () => {
    await all.inbox.fail(await readBatch(all), 'parse_failed', NOW);
    return remember(all, { id: 'second' }, { conversationId: 'tuesday' });
  });
  await all.memories.neighbours(aScope(), { topicKeys: ['home.city'], statementKeys: ['x'], ids: [memory.id] });
  await all.inbox.pendingScopes(NOW, 10);
  await all.inbox.depth(NOW);
  expect(statements.length).toBeGreaterThan(40);
  expect(scans()).toEqual([]);
});

it('recalls, indexes and deletes without reading a whole table', async () => {
  const all = records();
  const { memory } = await remember(all, { id: 'third' }, { conversationId: 'wednesday' });
  await all.recall.overlay(aScope());
  await all.recall.check(aScope(), 0, [memory.id, 'b', 'c']);
  await all.memories.list(aScope(), { kind: 'fact', filter: { op: 'equals', field: { name: 'tags' }, value: 't' }, page: 1, size: 10 });
  await all.memories.byIds('default', [memory.id]);
  await all.vectors.store('m', [{ id: memory.id, vector: new Float32Array([1]) }]);
  await all.vectors.missing('m', 10);
  await emptyOutbox(all);
  await all.outbox.depth();
  await all.memories.deleteByIds('default', [memory.id], null, NOW);
  expect(scans()).toEqual([]);
});

it('answers keys and repeats without reading a whole table', async () => {
  const all = records();
  await all.projects.create('default', NOW);
  await all.projects.addKey({ projectId: 'default', keyHash: 'h', hint: 'h', label: '', now: NOW });
  await all.projects.projectOfKey('h');
  const { requestId } = await all.requests.begin(aRequest({ kind: 'add' }));
  await append(all, { answered: { requestId, answer: 'a' }, conversationId: 'thursday' });
  await all.requests.begin(aRequest({ kind: 'add' }));
  const cut = await all.requests.begin(aRequest());
  await append(all, { cutShort: { requestId: cut.requestId, owner: 'process-1' }, conversationId: 'thursday' });
  await all.requests.renew(requestId, 'process-1', NOW);
  await all.requests.delivered(requestId);
  await all.requests.state(requestId, NOW);
  await all.requests.abandon(requestId);
  await all.requests.sweep(NOW);
  expect(scans()).toEqual([]);
});

it('erases one subject without reading the rows of others', async () => {
  const all = records();
  await append(all, { conversationId: 'friday' });
  statements = [];
  await all.memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
  await all.memories.erasureDone(aScope());
  await all.usage.add('default', '2026-05-01', 1);
  await all.usage.spent('default', '2026-05-01');
  expect(scans()).toEqual([]);
});

it('goes through what belongs into the index page by page, and forgets old tasks, without reading a whole table', async () => {
  const all = records();
  await append(all, { conversationId: 'saturday', messages: ['one'] });
  statements = [];
  const page = { afterId: 'a', limit: 10 };
  await all.indexSource.documents({ ...page, modelId: 'm' });
  await all.indexSource.entries(page);
  await all.indexSource.putBack([{ id: 'a', scope: aScope(), indexVersion: 1 }]);
  await all.tasks.sweep(NOW);
  expect(statements.length).toBeGreaterThan(0);
  expect(scans()).toEqual([]);
});

it('reads an archive of one project without reading the rows of others', async () => {
  const all = records();
  await all.projects.create('archived', NOW);
  await append(all, { scope: aScope({ projectId: 'archived' }), messages: ['one'] });
  statements = [];
  for await (const row of all.archive.read('archived', { vectors: true })) expect(row).toBeDefined();
  expect(scans()).toEqual([]);
});

it('sees a scan when there is one', () => {
  const query: Pick<CompiledQuery, 'sql'> = { sql: `select * from messages where content = 'x'` };
  statements = [{ sql: query.sql, parameters: [] }];
  expect(scans()).toHaveLength(1);
});
