import { embedCached } from './embed-cached.ts';
import { QueryCache } from './query-cache.ts';

describe('the query cache', () => {
  it('keeps the queries asked last', () => {
    const cache = new QueryCache(2);
    cache.set('a', Float32Array.of(1));
    cache.set('b', Float32Array.of(2));
    cache.get('a');
    cache.set('c', Float32Array.of(3));
    expect(['a', 'b', 'c'].map((text) => cache.get(text)?.[0])).toEqual([1, undefined, 3]);
  });

  it('computes each unknown query once and never keeps passages', async () => {
    const cache = new QueryCache();
    const asked: (readonly string[])[] = [];
    const compute = async (texts: readonly string[]): Promise<Float32Array[]> => {
      asked.push(texts);
      return texts.map((text) => Float32Array.of(text.length));
    };
    const embed = async (texts: string[], role: 'query' | 'passage'): Promise<unknown[]> =>
      (await embedCached(texts, role, cache, compute)).map((vector) => vector[0]);
    expect(await embed(['one', 'three', 'one'], 'query')).toEqual([3, 5, 3]);
    expect(await embed(['three', 'seventeen'], 'query')).toEqual([5, 9]);
    expect(await embed(['one'], 'query')).toEqual([3]);
    expect(await embed(['one'], 'passage')).toEqual([3]);
    expect(asked).toEqual([['one', 'three'], ['seventeen'], ['one']]);
  });

  it('keeps nothing of a failure', async () => {
    const cache = new QueryCache();
    await expect(embedCached(['a'], 'query', cache, () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(cache.get('a')).toBeUndefined();
  });
});
