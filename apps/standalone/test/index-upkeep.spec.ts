import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { AppError } from '@continuo/contracts';
import type { Scope } from '@continuo/domain';
import { type OpenedOpenSearchIndex, openOpenSearchIndex } from '@continuo/opensearch';
import type { IndexBuilds, IndexEntry } from '@continuo/ports';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { anIndexQuery } from '@continuo/testing';
import { CompareIndex, IndexOutbox, RebuildIndex } from '@continuo/use-cases';

const SCOPE: Scope = { projectId: 'default', subject: 'user:ana' };
const OLD = { id: 'old-model', dimension: 4 };
const NEW = { id: 'new-model', dimension: 3 };
const NEVER = new AbortController().signal;
const QUIET = { missing: 0, stale: 0, extra: 0, repaired: 0 };

// A real store on a busy machine; a build waits until every process knows of it.
jest.setTimeout(60_000);

function storeUrl(): string {
  const url = process.env.CONTINUO_INDEX_URL;
  if (url === undefined)
    throw new Error('This spec needs a real OpenSearch: run `npm run stack` and export what `npm run stack -- status` prints.');
  return url;
}

let folder: string;
let records: SqliteRecords;
let opened: OpenedOpenSearchIndex;
let name: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-upkeep-'));
  records = await openSqliteRecords({ file: join(folder, 'records.db') });
  await records.projects.create('default', 0);
  name = `test-${randomBytes(6).toString('hex')}`;
  opened = openOpenSearchIndex({ url: storeUrl(), name, shards: 2, replicas: 0 });
});
afterEach(async () => {
  await opened.close();
  await records.close();
  await rm(folder, { recursive: true });
  const { origin, username, password } = new URL(storeUrl());
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  await fetch(`${origin}/${name}-memories-*`, { method: 'DELETE', headers: username === '' ? {} : { authorization } });
});

const say = (content: string, scope: Scope = SCOPE): Promise<unknown> =>
  records.messages.append({
    scope,
    conversationId: 'c',
    messages: [{ role: 'user', content, parts: null, chatTime: null, roleName: null, speakerId: null, partial: false, recallable: true }],
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    purpose: 'said',
    extraction: null,
    copies: [],
    mode: 'turn',
    mine: true,
    now: Date.now(),
    answered: null,
    cutShort: null,
    replaces: [],
  });
const sayMany = async (count: number, from = 0): Promise<void> => {
  for (let place = from; place < from + count; place += 1) await say(`Green tea, cup number ${place}`);
};
const bringOver = (): Promise<number> => new IndexOutbox(records.outbox, records.memories, opened.index).execute(NEVER);
const embed = async (model: typeof OLD): Promise<void> => {
  const missing = await records.vectors.missing(model.id, 1_000);
  const vectorAt = (place: number): Float32Array => Float32Array.from({ length: model.dimension }, (_, at) => Math.sin(place * 7 + at));
  await records.vectors.store(
    model.id,
    missing.map(({ id }, place) => ({ id, vector: vectorAt(place) })),
  );
};
const rebuild = (builds: IndexBuilds = opened.builds): RebuildIndex => new RebuildIndex(records.indexSource, builds, records.exclusive);
/** The store's builds, but for some members. */
const builds = (parts: Partial<IndexBuilds>): IndexBuilds => ({
  current: () => opened.builds.current(),
  begin: (model) => opened.builds.begin(model),
  fill: (documents, checkpoint) => opened.builds.fill(documents, checkpoint),
  mend: (documents) => opened.builds.mend(documents),
  remove: (entries) => opened.builds.remove(entries),
  entries: (afterId, limit) => opened.builds.entries(afterId, limit),
  complete: () => opened.builds.complete(),
  swap: () => opened.builds.swap(),
  discard: () => opened.builds.discard(),
  ...parts,
});
const compare = (repair: boolean): ReturnType<CompareIndex['execute']> =>
  new CompareIndex(opened.index, records.indexSource).execute({ repair }, NEVER);
const held = async (): Promise<readonly IndexEntry[]> => opened.index.entries(null, 1_000);
const vectorsOf = async ({ id, dimension }: typeof OLD): Promise<number> => {
  const vector = new Float32Array(dimension).fill(1);
  return (await opened.index.search(anIndexQuery({ scope: SCOPE, vector, vectorModelId: id, topK: 200 }), {})).vectors.length;
};

describe('comparing the index with the records', () => {
  it('finds and repairs what is missing, stale or extra, and nothing in what agrees', async () => {
    await sayMany(12);
    await bringOver();
    expect(await compare(true)).toEqual({ checked: 12, ...QUIET });

    const [lost, aged] = await held();
    if (lost === undefined || aged === undefined) throw new Error('The index is empty.');
    const { index } = opened;
    const source = await records.indexSource.documents({ afterId: null, limit: 100, modelId: null });
    await index.removeScope(SCOPE);
    await index.upsert(
      source.filter(({ id }) => id !== lost.id).map((document) => (document.id === aged.id ? { ...document, indexVersion: 0 } : document)),
    );
    await index.upsert(source.slice(0, 1).map((document) => ({ ...document, id: '00000000-0000-5000-8000-000000000000' })));

    expect(await compare(false)).toEqual({ checked: 12, missing: 1, stale: 1, extra: 1, repaired: 0 });
    expect(await compare(true)).toEqual({ checked: 12, missing: 1, stale: 1, extra: 1, repaired: 3 });
    expect(await bringOver()).toBe(2);
    expect(await compare(true)).toEqual({ checked: 12, ...QUIET });
  });

  it('takes what waits in the outbox for no difference', async () => {
    await sayMany(3);
    await opened.index.needsRefill();
    expect(await compare(true)).toEqual({ checked: 3, ...QUIET });
  });

  it('walks through more than one page of both', async () => {
    await sayMany(1_100);
    await bringOver();
    const gone = (await held()).filter((_, place) => place % 100 === 7);
    await opened.index.remove(gone);
    expect(await compare(false)).toMatchObject({ checked: 1_100, missing: gone.length, stale: 0, extra: 0 });
  }, 120_000);

  it('says so when the index is ahead of the records, which no repair can help', async () => {
    await sayMany(2);
    await bringOver();
    const [document] = await records.indexSource.documents({ afterId: null, limit: 1, modelId: null });
    if (document !== undefined) await opened.index.upsert([{ ...document, indexVersion: document.indexVersion + 5 }]);
    expect(await compare(true)).toEqual({ checked: 2, ...QUIET, stale: 1 });
    await rebuild().execute({ model: null, swap: 'now' }, NEVER);
    expect(await compare(true)).toEqual({ checked: 2, ...QUIET });
  });
});

describe('building the index anew', () => {
  it('holds afterwards what the records hold, vectors included, and nothing else', async () => {
    await sayMany(450);
    await records.vectors.setCurrent(OLD);
    await embed(OLD);
    await bringOver();
    await opened.index.upsert([{ ...(await records.indexSource.documents({ afterId: null, limit: 1, modelId: null }))[0]!, id: 'extra' }]);
    expect(await rebuild().execute({ model: OLD, swap: 'now' }, NEVER)).toEqual({ filled: 450, mended: 0, removed: 0, refused: 0 });
    expect((await held()).length).toBe(450);
    expect(await compare(true)).toEqual({ checked: 450, ...QUIET });
    expect(await vectorsOf(OLD)).toBe(200);
    expect(await opened.index.needsRefill()).toBeNull();
  });

  it('goes on after a crash where it was', async () => {
    await sayMany(500);
    await bringOver();
    let fills = 0;
    const fill: IndexBuilds['fill'] = async (documents, checkpoint) => {
      if ((fills += 1) > 1) throw new AppError('index_unavailable', 'killed');
      await opened.builds.fill(documents, checkpoint);
    };
    await expect(rebuild(builds({ fill })).execute({ model: null, swap: 'now' }, NEVER)).rejects.toThrow('killed');
    await say('Said in between');
    await bringOver();
    const report = await rebuild().execute({ model: null, swap: 'now' }, NEVER);
    expect(report?.filled).toBeLessThan(310);
    expect(await compare(true)).toEqual({ checked: 501, ...QUIET });
  });

  it('mends what a build lacks or has too much of, before it serves', async () => {
    await sayMany(20);
    await bringOver();
    const fill: IndexBuilds['fill'] = (documents, checkpoint) =>
      opened.builds.fill(
        documents.map((document, place) => (place === 3 ? { ...document, id: 'made-up' } : document)).slice(2),
        checkpoint,
      );
    expect(await rebuild(builds({ fill })).execute({ model: null, swap: 'now' }, NEVER)).toEqual({
      filled: 20,
      mended: 3,
      removed: 1,
      refused: 0,
    });
    expect(await compare(true)).toEqual({ checked: 20, ...QUIET });
  });

  it('leaves out a document that the store does not take, and brings the others', async () => {
    await sayMany(5);
    await bringOver();
    let poison: string | undefined;
    const spoilt: IndexBuilds['mend'] = async (documents) => {
      poison ??= documents[2]?.id;
      if (documents.some(({ id }) => id === poison)) throw new Error('refused');
      await opened.builds.mend(documents);
    };
    expect(await rebuild(builds({ fill: spoilt, mend: spoilt })).execute({ model: null, swap: 'now' }, NEVER)).toMatchObject({
      filled: 5,
      refused: 1,
    });
    expect((await held()).length).toBe(4);
  });

  it('loses nothing that is said, forgotten or embedded meanwhile', async () => {
    await sayMany(300);
    await records.vectors.setCurrent(OLD);
    await embed(OLD);
    await bringOver();
    const other: Scope = { projectId: 'default', subject: 'user:bo' };
    await say('Forget me', other);
    await bringOver();
    let isOver = false;
    const live = async (): Promise<void> => {
      for (let turn = 0; !isOver; turn += 1) {
        await say(`Meanwhile, number ${turn}`);
        if (turn === 5) await records.memories.eraseSubject(other, { keepMessages: false, now: Date.now() });
        await embed(OLD);
        await bringOver();
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    };
    const living = live();
    try {
      await rebuild().execute({ model: OLD, swap: 'now' }, NEVER);
    } finally {
      isOver = true;
      await living;
    }
    const report = await compare(false);
    expect(report).toEqual({ checked: report.checked, ...QUIET });
    expect(report.checked).toBeGreaterThan(310);
    expect(await opened.index.count(other)).toBe(0);
  }, 120_000);

  it('is done by one process at a time', async () => {
    await sayMany(3);
    const [one, two] = await Promise.all([
      rebuild().execute({ model: null, swap: 'now' }, NEVER),
      rebuild().execute({ model: null, swap: 'now' }, NEVER),
    ]);
    expect([one, two].filter((report) => report === null).length).toBe(1);
  });
});

describe('embedding anew', () => {
  it('changes the model without a moment in which vectors are missing', async () => {
    await sayMany(30);
    await records.vectors.setCurrent(OLD);
    await embed(OLD);
    await bringOver();
    await embed(NEW);
    await rebuild().execute({ model: NEW, swap: 'later' }, NEVER);
    // A turn that is said now has vectors of the old model first.
    await say('Said in between');
    await embed(OLD);
    await bringOver();
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([31, 30]);
    await records.vectors.setCurrent(NEW);
    await embed(NEW);
    await bringOver();
    expect(await vectorsOf(NEW)).toBe(31);
    expect(await rebuild().swap()).toBe(true);
    expect([await vectorsOf(OLD), await vectorsOf(NEW)]).toEqual([0, 31]);
    expect(await compare(true)).toEqual({ checked: 31, ...QUIET });
  });
});
