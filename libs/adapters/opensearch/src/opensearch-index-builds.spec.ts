import { AppError } from '@continuo/contracts';
import type { IndexedDocument, Scope } from '@continuo/domain';
import type { MemoryIndex } from '@continuo/ports';
import { anIndexedDocument, anIndexQuery } from '@continuo/testing';
import { ask, openTestIndex, type TestIndex } from '../test/test-index.ts';

const SCOPE: Scope = { projectId: 'default', subject: 'user:ana' };
const OTHER: Scope = { projectId: 'default', subject: 'user:bo' };
const OLD = { id: 'old-model', dimension: 4 };
const NEW = { id: 'new-model', dimension: 3 };
const withOld = { vector: Float32Array.of(1, 0, 0, 0), vectorModelId: OLD.id };
const withNew = { vector: Float32Array.of(1, 0, 0), vectorModelId: NEW.id };

let one: TestIndex;
/** Another process, which learns of what the first does from the store alone. */
let two: TestIndex;
beforeEach(() => {
  one = openTestIndex();
  two = openTestIndex({ name: one.name });
});
afterEach(async () => {
  await two.close();
  await one.remove();
});

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
const aDocument = (id: string, parts: Partial<IndexedDocument> = {}): IndexedDocument => anIndexedDocument({ id, scope: SCOPE, ...parts });
const idsOf = async (index: MemoryIndex, parts: Parameters<typeof anIndexQuery>[0] = {}): Promise<readonly (readonly string[])[]> => {
  const { words, vectors } = await index.search(anIndexQuery({ scope: SCOPE, ...parts }), {});
  return [words, vectors].map((hits) => hits.map((hit) => hit.document.id).toSorted());
};
const built = async (): Promise<readonly string[]> =>
  (await one.builds.entries(null, 100)).map(({ id, indexVersion, hasVector }) => `${id} ${indexVersion} ${hasVector ? 'vector' : '-'}`);
const indexes = async (): Promise<readonly string[]> =>
  Object.keys(await ask<object>('GET', `/${one.name}-memories-*`))
    .map((index) => index.slice(one.name.length + 1))
    .toSorted();

describe('a build', () => {
  it('gets every write of every process, and each index only vectors of its model', async () => {
    await one.index.upsert([aDocument('before', withOld), aDocument('mine'), aDocument('theirs', { scope: OTHER })]);
    await two.index.upsert([aDocument('b')]);
    expect(await one.builds.begin(NEW)).toEqual({ model: NEW, checkpoint: null, isComplete: false });
    await two.index.upsert([aDocument('c', withOld), aDocument('d', withNew), aDocument('e'), aDocument('f', { scope: OTHER })]);
    await two.index.remove([{ id: 'e', scope: SCOPE, indexVersion: 2 }]);
    expect(await built()).toEqual(['c 1 -', 'd 1 vector', 'f 1 -']);
    expect(await two.index.removeScope(OTHER)).toBe(2);
    expect(await built()).toEqual(['c 1 -', 'd 1 vector']);
    expect(await idsOf(two.index, withOld)).toEqual([
      ['b', 'before', 'c', 'd', 'mine'],
      ['before', 'c'],
    ]);
  });

  it('keeps what is newer, and takes the vector for a document that came without', async () => {
    await one.builds.begin(NEW);
    await one.index.upsert([aDocument('newer', { indexVersion: 3 }), aDocument('same', { indexVersion: 2, ...withOld })]);
    await one.index.remove([{ id: 'gone', scope: SCOPE, indexVersion: 2 }]);
    await one.builds.fill([aDocument('gone', { indexVersion: 2, ...withNew })], 'gone');
    await one.builds.fill(
      [aDocument('newer', { indexVersion: 2, ...withNew }), aDocument('same', { indexVersion: 2, ...withNew })],
      'same',
    );
    expect(await built()).toEqual(['newer 3 -', 'same 2 vector']);
    // The same version once more, from a process that embeds with the old model, takes the vector away from nobody.
    await two.index.upsert([aDocument('same', { indexVersion: 2, ...withOld })]);
    expect(await built()).toEqual(['newer 3 -', 'same 2 vector']);
    await two.index.upsert([aDocument('same', { indexVersion: 3 })]);
    expect(await built()).toEqual(['newer 3 -', 'same 3 -']);
  });

  it('goes on in another process where the first stopped, for the same model only', async () => {
    await one.builds.begin(NEW);
    await one.builds.fill([aDocument('a'), aDocument('b')], 'b');
    expect(await two.builds.current()).toEqual({ model: NEW, checkpoint: 'b', isComplete: false });
    expect(await two.builds.begin(NEW)).toEqual({ model: NEW, checkpoint: 'b', isComplete: false });
    expect(await built()).toEqual(['a 1 -', 'b 1 -']);
    expect(await two.builds.begin(null)).toEqual({ model: null, checkpoint: null, isComplete: false });
    expect(await built()).toEqual([]);
    expect(await indexes()).toEqual(['memories-1', 'memories-3']);
  });

  it('serves instead of the index before it once it is swapped, in every process, and the old one goes', async () => {
    await one.index.upsert([aDocument('a', withOld)]);
    expect(await idsOf(two.index, withOld)).toEqual([['a'], ['a']]);
    await one.builds.begin(NEW);
    await one.builds.fill([aDocument('a', withNew)], 'a');
    await expect(one.builds.swap()).rejects.toMatchObject({ code: 'index_unavailable' });
    await one.builds.complete();
    await one.builds.swap();
    expect(await indexes()).toEqual(['memories-2']);
    expect(await idsOf(two.index, withNew)).toEqual([['a'], ['a']]);
    expect(await idsOf(two.index, withOld)).toEqual([['a'], []]);
    expect(await two.index.needsRefill()).toBeNull();
    await two.index.upsert([aDocument('b', withNew)]);
    expect(await idsOf(one.index, withNew)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    await one.builds.swap();
    expect([await one.builds.current(), await indexes()]).toEqual([null, ['memories-2']]);
  });

  it('answers those who embed with its model once it is complete, while others are answered as before', async () => {
    await one.index.upsert([aDocument('a', withOld)]);
    await one.builds.begin(NEW);
    await one.builds.fill([aDocument('a', withNew)], 'a');
    expect(await idsOf(two.index, withNew)).toEqual([['a'], []]);
    await one.builds.complete();
    await two.index.upsert([aDocument('b', withOld)]);
    // What a searching process knows of the generations is a moment old.
    await pause(1_100);
    await idsOf(two.index, withNew);
    await pause(500);
    expect(await idsOf(two.index, withNew)).toEqual([['a', 'b'], ['a']]);
    expect(await idsOf(two.index, withOld)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(await indexes()).toEqual(['memories-1', 'memories-2']);
  });

  it('can be given up, and leaves no trace', async () => {
    await one.index.upsert([aDocument('a')]);
    await one.builds.begin(null);
    await two.index.upsert([aDocument('b')]);
    await one.builds.discard();
    await one.builds.discard();
    await two.index.upsert([aDocument('c')]);
    expect([await indexes(), await idsOf(two.index)]).toEqual([['memories-1'], [['a', 'b', 'c'], []]]);
    await expect(one.builds.fill([aDocument('d')], 'd')).rejects.toMatchObject({ code: 'index_unavailable' });
  });

  it('swaps under writes of several processes and loses none of them', async () => {
    const versions = new Map([['first', 1]]);
    await one.index.upsert([aDocument('first')]);
    const failures: unknown[] = [];
    let isOver = false;
    let writes = 0;
    const write = async ({ index }: TestIndex, writer: string): Promise<void> => {
      for (let turn = 0; !isOver; turn += 1) {
        const id = `${writer}-${turn % 40}`;
        const indexVersion = (versions.get(id) ?? 0) + 1;
        versions.set(id, indexVersion);
        await index.upsert([aDocument(id, { indexVersion })]).catch((error: unknown) => failures.push(error));
        writes += 1;
        await pause(20);
      }
    };
    const search = async (): Promise<void> => {
      while (!isOver) {
        await idsOf(two.index).catch((error: unknown) => failures.push(error));
        await pause(20);
      }
    };
    const work = [write(one, 'one'), write(two, 'two'), search()];
    try {
      for (let round = 0; round < 2; round += 1) {
        await one.builds.begin(null);
        // What a back-fill reads is as new as the moment it reads.
        const documents = [...versions].map(([id, indexVersion]) => aDocument(id, { indexVersion }));
        await one.builds.fill(documents, 'z');
        await one.builds.complete();
        await one.builds.swap();
      }
    } finally {
      isOver = true;
      await Promise.all(work);
    }
    expect(failures).toEqual([]);
    const held = (await two.index.entries(null, 1_000)).map(({ id, indexVersion }) => [id, indexVersion] as const);
    expect(new Map(held)).toEqual(new Map([...versions].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    expect(writes).toBeGreaterThan(10);
    expect(await indexes()).toEqual(['memories-3']);
  });

  it('says that none is there', async () => {
    expect(await one.builds.current()).toBeNull();
    const failure = await one.builds.entries(null, 1).catch((error: unknown) => error);
    expect(AppError.is(failure, 'index_unavailable')).toBe(true);
  });
});
