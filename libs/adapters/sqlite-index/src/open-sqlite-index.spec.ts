import type { MemoryIndex } from '@continuo/ports';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@continuo/contracts';
import type { Filter, Labels } from '@continuo/domain';
import { anIndexedDocument, anIndexQuery } from '@continuo/testing';
import { openSqliteIndex, type OpenedSqliteIndex, type SqliteIndexOptions } from './open-sqlite-index.ts';

/** SQLite's default. */
const PAGE_BYTES = 4_096;

let folder: string;
let file: string;
let opened: OpenedSqliteIndex[];
let notices: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-index-'));
  file = join(folder, 'below', 'index.db');
  opened = [];
  notices = [];
});
afterEach(async () => {
  await Promise.all(opened.map((index) => index.close()));
  await rm(folder, { recursive: true });
});

async function open(options: Partial<SqliteIndexOptions> = {}): Promise<OpenedSqliteIndex> {
  const index = await openSqliteIndex({ file, onNotice: (sentence) => notices.push(sentence), ...options });
  opened.push(index);
  return index;
}

const confirm = async (index: MemoryIndex): Promise<void> => index.confirmRefill((await index.needsRefill()) ?? '');

/** A filled index, closed again. */
async function aFilledFile(documents = [anIndexedDocument()]): Promise<void> {
  const first = await open();
  await first.index.upsert(documents);
  await confirm(first.index);
  await first.close();
}

describe('openSqliteIndex', () => {
  it('is new until a refill is confirmed, also after a crash in between', async () => {
    const first = await open();
    expect(await first.index.needsRefill()).not.toBeNull();
    await first.close();
    const second = await open();
    expect(await second.index.needsRefill()).not.toBeNull();
    await confirm(second.index);
    await second.close();
    expect(await (await open()).index.needsRefill()).toBeNull();
  });

  it('reads what an earlier version wrote, which knew nobody that a memory is related to', async () => {
    const { relatedIds: _, ...labels } = anIndexedDocument().labels;
    await aFilledFile([anIndexedDocument({ labels: labels as Labels })]);
    const { index } = await open();
    const found = async (filter: Filter) => (await index.search(anIndexQuery({ filter }), {})).words.map(({ document }) => document.labels);
    expect(await found({ op: 'equals', field: { name: 'related_id' }, value: 'ana' })).toEqual([]);
    expect(await found({ op: 'and', of: [] })).toEqual([{ ...labels, relatedIds: [] }]);
  });

  it('keeps its documents from one start to the next', async () => {
    await aFilledFile();
    const second = await open({ readers: 2 });
    expect(await second.index.count(null)).toBe(1);
    expect((await second.index.search(anIndexQuery(), {})).words.length).toBe(1);
    expect(notices).toEqual([]);
  });

  it('moves a damaged file aside, says so in one sentence, and starts anew', async () => {
    await aFilledFile();
    writeFileSync(file, 'this was never a database, and it is long enough to be read as a header'.repeat(100));
    const second = await open();
    expect([(await second.index.needsRefill()) !== null, await second.index.count(null)]).toEqual([true, 0]);
    expect(notices).toEqual([
      `The memory index was damaged; it was moved to ${file}.damaged, which can be deleted, and is filled anew from the records.`,
    ]);
    expect(existsSync(`${file}.damaged`)).toBe(true);
  });

  it('fails with index_unavailable on damage found while searching, says so once, and replaces the file at the next start', async () => {
    await aFilledFile(
      Array.from({ length: 300 }, (_, place) => anIndexedDocument({ id: `d${place}`, text: place === 200 ? 'a zebra crossed' : 'tea' })),
    );
    const damaged = await open();
    expect(await damaged.index.needsRefill()).toBeNull();
    // Both threads have opened the file by then.
    await Promise.all([damaged.index.count(null), damaged.index.confirmRefill('file')]);
    // One page alone, which nobody looks at on opening.
    const bytes = readFileSync(file);
    const page = Math.floor(bytes.indexOf('a zebra crossed') / PAGE_BYTES);
    writeFileSync(file, bytes.fill(0xff, page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
    for (let times = 0; times < 3; times += 1) {
      const error = await damaged.index.search(anIndexQuery({ text: 'zebra' }), {}).catch((failure: unknown) => failure);
      expect(AppError.is(error, 'index_unavailable')).toBe(true);
    }
    expect(notices).toEqual(['The memory index is damaged; it is replaced and filled anew at the next start.']);
    await damaged.close();
    const next = await open();
    expect([(await next.index.needsRefill()) !== null, await next.index.count(null)]).toEqual([true, 0]);
    await confirm(next.index);
    await next.close();
    expect(await (await open()).index.needsRefill()).toBeNull();
  });

  it('finishes what was asked before it closes, and answers nothing afterwards', async () => {
    const first = await open();
    const written = Promise.all(Array.from({ length: 20 }, (_, place) => first.index.upsert([anIndexedDocument({ id: `d${place}` })])));
    await first.close();
    await written;
    await first.close();
    const error = await first.index.count(null).catch((failure: unknown) => failure);
    expect(AppError.is(error, 'index_unavailable')).toBe(true);
    expect(await (await open()).index.count(null)).toBe(20);
  });

  it('leaves no word of what was removed in the file once it is swept', async () => {
    const first = await open();
    const scope = { projectId: 'p', subject: 'user:gone' } as const;
    await first.index.upsert([
      anIndexedDocument({ id: 'kept', text: 'keepsakeword' }),
      anIndexedDocument({ id: 'erased', scope, text: 'erasedsecret', keys: ['erasedkey'], vector: Float32Array.of(1, 0) }),
      anIndexedDocument({ id: 'removed', text: 'removedsecret' }),
    ]);
    await first.index.removeScope(scope);
    await first.index.remove([{ id: 'removed', scope: anIndexedDocument().scope, indexVersion: 2 }]);
    await first.index.sweepTombstones(Date.now() - 60_000);
    await first.close();
    const bytes = readdirSync(join(folder, 'below'))
      .map((name) => readFileSync(join(folder, 'below', name), 'latin1'))
      .join('');
    expect(bytes).toContain('keepsakeword');
    for (const secret of ['erasedsecret', 'erasedkey', 'removedsecret', 'user:gone']) expect(bytes).not.toContain(secret);
  });

  it('answers many searches and writes at once, over several readers', async () => {
    const { index } = await open({ readers: 2, cacheBytes: 10_000 });
    const scopes = Array.from({ length: 20 }, (_, place) => ({ projectId: 'p', subject: `user:${place}` }) as const);
    const work = scopes.map(async (scope, place) => {
      for (let version = 1; version <= 5; version += 1) {
        const vector = Float32Array.of(version, place, 1);
        await index.upsert([anIndexedDocument({ id: `d${place}`, scope, text: `green tea ${version}`, indexVersion: version, vector })]);
        const hits = await index.search(anIndexQuery({ scope, vector }), {});
        expect(hits.words.map((hit) => hit.document.text)).toEqual([`green tea ${version}`]);
        expect(hits.vectors[0]?.score).toBeCloseTo(1, 5);
      }
    });
    await Promise.all(work);
  });
});
