import { ScopeVectors } from './scope-vectors.ts';
import { fromStoredVector, toStoredVector, toUnitLength } from './vector-bytes.ts';
import { VectorCache } from './vector-cache.ts';

function someVectors(count: number): ScopeVectors {
  const vectors = new ScopeVectors(3, count);
  for (let row = 1; row <= count; row += 1) vectors.set(row, 'fact', Float32Array.of(row, 0, 0));
  return vectors;
}

/** Every product by row. */
const byRow = (vectors: ScopeVectors, query: Float32Array): Record<number, number> =>
  Object.fromEntries([...vectors.products(query)].map((product, slot) => [vectors.rowAt(slot), product]));

describe('ScopeVectors', () => {
  it('keeps, replaces and deletes vectors by row', () => {
    const vectors = new ScopeVectors(3, 1);
    for (let row = 1; row <= 4; row += 1) vectors.set(row, 'fact', Float32Array.of(row, row, 1));
    vectors.set(2, 'turn', Float32Array.of(9, 9, 9));
    vectors.delete(1);
    vectors.delete(4);
    vectors.delete(77);
    expect(byRow(vectors, Float32Array.of(1, 1, 1))).toEqual({ 2: 27, 3: 7 });
    expect([1, 2, 3, 4].map((row) => vectors.slotOf(row) !== undefined)).toEqual([false, true, true, false]);
    expect(vectors.kindAt(vectors.slotOf(2) ?? -1)).toBe('turn');
  });

  it('multiplies vectors of any dimension', () => {
    for (const dimension of [1, 2, 3, 4, 5, 7, 8, 384]) {
      const vectors = new ScopeVectors(dimension, 0);
      const ones = new Float32Array(dimension).fill(1);
      vectors.set(1, 'fact', ones);
      vectors.set(
        2,
        'fact',
        ones.map((_, index) => index),
      );
      expect(byRow(vectors, ones)).toEqual({ 1: dimension, 2: (dimension * (dimension - 1)) / 2 });
    }
  });
});

describe('VectorCache', () => {
  it('forgets what was used longest ago once it holds more than its limit', () => {
    const cache = new VectorCache(someVectors(10).bytes * 2);
    const a = someVectors(10);
    cache.keep('a', a);
    cache.keep('b', someVectors(10));
    cache.keep('a', a);
    cache.keep('c', someVectors(10));
    expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true]);
  });

  it('keeps its limit while a scope grows, and keeps none larger than it', () => {
    const limit = someVectors(30).bytes;
    const cache = new VectorCache(limit);
    const growing = someVectors(10);
    cache.keep('growing', growing);
    cache.keep('other', someVectors(15));
    for (let row = 11; row <= 20; row += 1) growing.set(row, 'fact', Float32Array.of(1, 1, 1));
    cache.keep('growing', growing);
    expect(cache.get('other')).toBeUndefined();
    cache.keep('giant', someVectors(100));
    expect([cache.get('giant'), cache.bytes]).toEqual([undefined, 0]);
  });
});

describe('stored vectors', () => {
  it('have length one and come back at any offset', () => {
    const stored = toStoredVector(Float32Array.of(3, 4));
    const shifted = new Uint8Array(9);
    shifted.set(stored ?? [], 1);
    for (const bytes of [stored ?? new Uint8Array(), shifted.subarray(1)]) {
      const vector = [...fromStoredVector(bytes)];
      expect(vector[0]).toBeCloseTo(0.6, 6);
      expect(vector[1]).toBeCloseTo(0.8, 6);
    }
  });

  it('are none without a direction', () => {
    for (const vector of [Float32Array.of(0, 0), Float32Array.of(Number.NaN, 1), Float32Array.of(Infinity, 1), new Float32Array()])
      expect(toUnitLength(vector)).toBeNull();
    expect(toStoredVector(null)).toBeNull();
  });
});
