import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { MemoryIndex } from '@continuo/ports';
import { openOpenSearchIndex } from '@continuo/opensearch';
import { openRecords, type Records } from '@continuo/records';
import { openSqliteIndex } from '@continuo/sqlite-index';
import { anIndexedDocument } from '@continuo/testing';
import { IndexOutbox } from '@continuo/use-cases';
import { aDatabase, aFolder, asked, continuo, indexUrl, type Settings } from './installation.ts';
import { MODEL, populate } from './populate.ts';

interface Installation {
  readonly settings: Settings;
  readonly records: Records;
  readonly index: MemoryIndex;
  remove(): Promise<void>;
}

async function onFiles(): Promise<Installation> {
  const { folder, remove } = await aFolder();
  const records = await openRecords({ engine: 'sqlite', file: join(folder, 'records.db') });
  const opened = await openSqliteIndex({ file: join(folder, 'index.db') });
  return {
    settings: { CONTINUO_DATA_DIR: folder },
    records,
    index: opened.index,
    remove: async () => {
      await opened.close();
      await records.close();
      await remove();
    },
  };
}

async function inCluster(): Promise<Installation> {
  const { url, remove } = await aDatabase();
  const name = `spec-cli-${randomBytes(6).toString('hex')}`;
  const settings = { CONTINUO_RECORDS_URL: url, CONTINUO_INDEX_URL: indexUrl(), CONTINUO_INDEX_NAME: name, CONTINUO_INDEX_SHARDS: '1' };
  await asked(['migrate'], settings);
  const records = await openRecords({ engine: 'postgres', url });
  const opened = openOpenSearchIndex({ url: indexUrl(), name, shards: 1, replicas: 0 });
  return {
    settings,
    records,
    index: opened.index,
    remove: async () => {
      await opened.close();
      await records.close();
      await fetch(new URL(`/${name}-memories-*`, indexUrl()), { method: 'DELETE' });
      await remove();
    },
  };
}

describe.each([
  ['SQLite', onFiles],
  ['Postgres and OpenSearch', inCluster],
] as const)('the index on %s', (_name, make) => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await make();
    await populate(installation.records, 12);
    await bringOver();
  });
  afterAll(() => installation?.remove());

  /** What a running service does. */
  async function bringOver(): Promise<void> {
    const { records, index } = installation;
    await new IndexOutbox(records.outbox, records.memories, index).execute(new AbortController().signal);
  }
  const verify = async (...options: readonly string[]) => {
    const { exitCode, output, complaints } = await continuo(['index', 'verify', ...options, '--json'], installation.settings);
    expect(complaints).toBe('');
    return { exitCode, ...JSON.parse(output) };
  };
  const count = () => installation.index.count(null);

  it('agrees with the records when everything was brought over', async () => {
    expect(await verify()).toEqual({ exitCode: 0, checked: await count(), missing: 0, stale: 0, extra: 0, repaired: 0, waiting: 0 });
    expect((await continuo(['index', 'verify'], installation.settings)).output).toMatch(
      /^The index agrees with the records: \d+ documents\.\n$/,
    );
  });

  it('is found to differ, and is repaired', async () => {
    const { index, records } = installation;
    const documents = await count();
    const entries = await index.entries(null, 1_000);
    await index.remove(entries.slice(0, 3).map((entry) => ({ ...entry, indexVersion: entry.indexVersion + 1 })));
    await index.upsert([
      anIndexedDocument({ id: '00000000-0000-7000-8000-000000000000' }),
      anIndexedDocument({ id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' }),
    ]);

    expect(await verify()).toMatchObject({ exitCode: 1, checked: documents, missing: 3, stale: 0, extra: 2, repaired: 0 });
    expect((await continuo(['index', 'verify'], installation.settings)).output).toContain('index verify --repair');
    expect(await count()).toBe(documents - 1);

    expect(await verify('--repair')).toMatchObject({ exitCode: 0, missing: 3, extra: 2, repaired: 5 });
    await bringOver();
    // The first repair could not know with which version they were removed; the second is above it.
    for (let round = 0; round < 3 && (await verify('--repair')).repaired > 0; round += 1) await bringOver();
    expect(await verify()).toMatchObject({ exitCode: 0, missing: 0, stale: 0, extra: 0, waiting: 0 });
    expect(await count()).toBe(documents);
    expect(await records.outbox.depth()).toBe(0);
  });

  it('is filled anew while it serves', async () => {
    const before = await installation.index.entries(null, 1_000);
    const { exitCode } = await continuo(['index', 'rebuild', '--json'], installation.settings);
    expect(exitCode).toBe(0);
    expect(await count()).toBe(before.length);
    await bringOver();
    const after = await installation.index.entries(null, 1_000);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(await verify()).toMatchObject({ exitCode: 0, missing: 0, stale: 0, extra: 0 });
    expect((await installation.records.vectors.progress(MODEL.id)).filled).toBe(after.length);
  });
});

describe('an index that cannot be compared', () => {
  it('is named, with what to do', async () => {
    const { folder, remove } = await aFolder();
    try {
      const settings = { CONTINUO_DATA_DIR: folder };
      const records = await openRecords({ engine: 'sqlite', file: join(folder, 'records.db') });
      await records.close();
      const { exitCode, complaints } = await continuo(['index', 'verify'], settings);
      expect(exitCode).toBe(1);
      expect(complaints).toMatch(/no index at .*index\.db yet/);
      const nowhere = await continuo(['index', 'verify'], { ...settings, CONTINUO_INDEX_URL: 'http://127.0.0.1:1' });
      expect(nowhere.exitCode).toBe(1);
      expect(nowhere.complaints).not.toMatch(/\n\s+at /);
    } finally {
      await remove();
    }
  });
});
