import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { retention } from '@continuo/contracts';
import { openOpenSearchIndex } from '@continuo/opensearch';
import { openRecords } from '@continuo/records';
import { openBullQueue } from '@continuo/redis';
import { ScriptedModel } from '@continuo/testing';
import { IndexOutbox } from '@continuo/use-cases';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { aDatabase, asked, brokerUrl, continuo, indexUrl, removeKeys, type Settings } from './installation.ts';
import { populate } from './populate.ts';

describe('the stores of a cluster', () => {
  const name = `spec-cli-${randomBytes(6).toString('hex')}`;
  let removeDatabase: () => Promise<void>;
  let url: string;
  let settings: Settings;

  beforeAll(async () => {
    const database = await aDatabase();
    ({ url } = database);
    removeDatabase = database.remove;
    settings = {
      CONTINUO_RECORDS_URL: url,
      CONTINUO_INDEX_URL: indexUrl(),
      CONTINUO_INDEX_NAME: name,
      CONTINUO_INDEX_SHARDS: '1',
      CONTINUO_BROKER_URL: brokerUrl(),
      CONTINUO_BROKER_PREFIX: name,
    };
  });
  afterAll(async () => {
    await fetch(new URL(`/${name}-memories-*`, indexUrl()), { method: 'DELETE' });
    await removeKeys(name);
    await removeDatabase();
  });

  const examine = async (more: Settings = {}) => {
    const { output } = await continuo(['doctor', '--json'], { ...settings, ...more });
    return new Map<string, { state: string; words: string; remedy: string }>(
      JSON.parse(output).map((finding: { part: string }) => [finding.part, finding]),
    );
  };

  it('are brought up to date by migrate, once, and not touched before', async () => {
    const before = await continuo(['projects', 'list'], settings);
    expect([before.exitCode, before.output]).toEqual([1, '']);
    expect(before.complaints).toMatch(/schema of the database is missing[^]*npx continuo migrate/);
    expect((await examine()).get('records')).toMatchObject({ state: 'wrong', words: expect.stringContaining('npx continuo migrate') });

    const outcomes = await Promise.all(
      [1, 2, 3].map(() =>
        asked(['migrate'], { ...settings, CONTINUO_RECORDS_URL: 'postgres://nobody@127.0.0.1:1/none', CONTINUO_MIGRATION_URL: url }),
      ),
    );
    expect(outcomes.filter(({ from }) => from === 0)).toHaveLength(1);
    const { to } = outcomes[0];
    expect(await asked(['migrate'], settings)).toEqual({ engine: 'postgres', from: to, to });
    expect(await asked(['projects', 'create', 'default'], settings)).toEqual({ id: 'default', created: true });
    expect(await asked(['projects', 'list'], settings)).toMatchObject([{ id: 'default' }]);
  });

  it('are examined one by one', async () => {
    const well = await examine();
    expect(well.get('records')).toMatchObject({ state: 'ok', words: expect.stringMatching(/^0 messages[^]*Postgres answers in \d+ ms/) });
    expect(well.get('broker')).toMatchObject({
      state: 'ok',
      words: expect.stringMatching(/answers in \d+ ms, 0 jobs wait, 0 dead letters/),
    });
    expect(well.get('index')?.words).toMatch(/^OpenSearch \d+\.\d+/);
    expect(well.get('services')).toMatchObject({ state: 'degraded', remedy: expect.stringContaining('CONTINUO_SERVICE_TOKEN') });
    expect(well.has('data folder')).toBe(false);

    const nowhere = { CONTINUO_RECALL_URL: '127.0.0.1:1', CONTINUO_GENERATION_URL: '127.0.0.1:1', CONTINUO_SERVICE_TOKEN: 'token' };
    const ill = await examine({ ...nowhere, CONTINUO_BROKER_URL: 'redis://127.0.0.1:1', CONTINUO_INDEX_URL: 'http://127.0.0.1:1' });
    for (const [part, setting] of [
      ['broker', 'CONTINUO_BROKER_URL'],
      ['index', 'CONTINUO_INDEX_URL'],
      ['recall', 'CONTINUO_RECALL_URL'],
      ['generation', 'CONTINUO_GENERATION_URL'],
    ] as const) {
      expect([part, ill.get(part)]).toEqual([part, expect.objectContaining({ state: 'wrong', remedy: expect.stringContaining(setting) })]);
    }
    expect(ill.get('records')?.state).toBe('ok');
  });

  it('of which one hangs do not make the doctor hang', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const port = (silent.address() as AddressInfo).port;
    try {
      const findings = await examine({ CONTINUO_BROKER_URL: `redis://127.0.0.1:${port}`, CONTINUO_INDEX_URL: `http://127.0.0.1:${port}` });
      expect([findings.get('broker')?.state, findings.get('index')?.state]).toEqual(['wrong', 'wrong']);
    } finally {
      silent.close();
    }
  });

  it('keep what failed for good until somebody asks for it anew', async () => {
    const queue = openBullQueue({ url: brokerUrl(), prefix: name, onFailure: () => undefined });
    const failed = Promise.withResolvers<void>();
    let isWell = false;
    const done = Promise.withResolvers<void>();
    queue.handle(
      { ...retention, attempts: 1, backoffMs: 1 },
      async () => {
        if (isWell) return done.resolve();
        failed.resolve();
        throw new Error('the disk is full');
      },
      1,
    );
    try {
      await queue.depth();
      await queue.enqueue({ ...retention, attempts: 1 }, {});
      await failed.promise;
      let letters: { id: string; name: string; reason: string }[] = [];
      for (let look = 0; look < 20 && letters.length === 0; look += 1) letters = await asked(['jobs', 'failed'], settings);
      expect(letters).toMatchObject([{ name: 'retention', payload: {}, attempts: 1 }]);
      expect((await continuo(['jobs', 'failed'], settings)).output).toMatch(/^ID +JOB +FAILED[^\n]*\n\S+ +retention /);
      expect((await examine()).get('broker')).toMatchObject({ state: 'degraded', remedy: expect.stringContaining('jobs retry') });

      const unknown = await continuo(['jobs', 'retry', 'no-such'], settings);
      expect([unknown.exitCode, unknown.output]).toEqual([1, 'There is no dead letter no-such.\n']);
      isWell = true;
      expect(await asked(['jobs', 'retry', letters[0]?.id ?? ''], settings)).toEqual({ replayed: 1, unknown: 0 });
      await done.promise;
      expect(await asked(['jobs', 'failed'], settings)).toEqual([]);
      expect(await asked(['jobs', 'retry', 'all'], settings)).toEqual({ replayed: 0, unknown: 0 });
    } finally {
      await queue.close(1_000);
    }
  });

  it('say when the broker is away', async () => {
    for (const words of [
      ['jobs', 'failed'],
      ['jobs', 'retry', 'all'],
      ['jobs', 'depth'],
    ]) {
      const { exitCode, output, complaints } = await continuo(words, { ...settings, CONTINUO_BROKER_URL: 'redis://127.0.0.1:1' });
      expect([exitCode, output]).toEqual([1, '']);
      expect(complaints).toMatch(/broker does not answer[^]*CONTINUO_BROKER_URL/);
    }
  });

  it('get the next index with the vectors of another model, which serves when it is swapped', async () => {
    const model = await ScriptedModel.start({ dimension: 16 });
    const records = await openRecords({ engine: 'postgres', url });
    const opened = openOpenSearchIndex({ url: indexUrl(), name, shards: 1, replicas: 0 });
    try {
      await populate(records, 3);
      await new IndexOutbox(records.outbox, records.memories, opened.index).execute(new AbortController().signal);
      const documents = await opened.index.count(null);
      const embedding = { CONTINUO_EMBEDDING_BASE_URL: model.baseUrl, CONTINUO_EMBEDDING_MODEL: 'beta' };
      const made = await asked(['reembed', '--to', 'beta'], { ...settings, ...embedding });
      expect(made).toEqual({ model: 'beta', vectors: documents, documents });
      expect(await opened.builds.current()).toMatchObject({ model: { id: 'beta', dimension: 16 }, isComplete: true });
      expect(await asked(['reembed', '--to', 'beta'], { ...settings, ...embedding })).toMatchObject({ model: 'beta', vectors: documents });

      expect(await asked(['index', 'swap'], settings)).toMatchObject({ swapped: true, model: { id: 'beta' } });
      expect(await opened.builds.current()).toBeNull();
      expect(await asked(['index', 'swap'], settings)).toEqual({ swapped: false });
      expect((await asked(['index', 'verify'], settings)).checked).toBe(documents);
    } finally {
      await opened.close();
      await records.close();
      await model.close();
    }
  });
});
