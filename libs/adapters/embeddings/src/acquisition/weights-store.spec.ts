import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aFolder, removeFolders } from '../../test/temporary-folder.ts';
import { MODEL_FILE, TOKENIZER_FILE, WeightsStore } from './weights-store.ts';

describe('the cache folder of the weights', () => {
  let cache: string;
  let store: WeightsStore;

  beforeEach(async () => {
    cache = join(await aFolder(), 'not', 'there', 'yet');
    store = new WeightsStore(cache);
  });
  afterEach(removeFolders);

  async function filled(content: string): Promise<string> {
    const partial = await store.begin();
    await writeFile(join(partial, MODEL_FILE), content);
    await writeFile(join(partial, TOKENIZER_FILE), '{}');
    return partial;
  }

  it('finds nothing before something was committed', async () => {
    await filled('half a model');
    expect(await store.find()).toBeNull();
  });

  it('finds what was committed, and where it came from', async () => {
    const stored = await store.commit(await filled('a model'), 'from the moon');
    expect(await store.find()).toEqual(stored);
    expect(stored.origin).toBe('from the moon');
    expect(await readFile(stored.modelFile, 'utf8')).toBe('a model');
    expect(await readdir(cache)).toHaveLength(1);
  });

  it.each([
    ['changed', async (file: string) => writeFile(file, 'a MODEL')],
    ['cut', async (file: string) => writeFile(file, 'a mod')],
    ['gone', async (file: string) => rm(file)],
  ])('does not find weights of which a file is %s, and replaces them', async (_what, damage) => {
    const { modelFile } = await store.commit(await filled('a model'), 'from the moon');
    await damage(modelFile);
    expect(await store.find()).toBeNull();
    await store.commit(await filled('a new model'), 'from mars');
    expect(await store.find()).toMatchObject({ origin: 'from mars' });
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('keeps the first of several that arrive at once', async () => {
    const partials = await Promise.all(Array.from({ length: 8 }, (_, index) => filled(`model ${index}`)));
    const stored = await Promise.all(partials.map((partial, index) => new WeightsStore(cache).commit(partial, `source ${index}`)));
    expect(new Set(stored.map((weights) => weights.origin)).size).toBe(1);
    expect(await store.find()).toEqual(stored[0]);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('sweeps what a killed process has left, and nothing of those that live', async () => {
    const own = await filled('in the making');
    const gone = spawnSync(process.execPath, ['--version']).pid;
    const abandoned = own.replace(`-${process.pid}-`, `-${gone}-`);
    await rename(await filled('abandoned'), abandoned);
    const foreign = own.replace(/partial-[0-9a-f]{8}-/u, 'partial-ffffffff-');
    await mkdir(foreign);
    await store.sweep();
    expect((await readdir(cache)).toSorted()).toEqual([own, foreign].map((path) => path.slice(cache.length + 1)).toSorted());
  });
});
