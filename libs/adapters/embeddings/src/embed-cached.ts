import type { EmbeddingRole } from '@continuo/ports';
import type { QueryCache } from './query-cache.ts';

/** Embeds normalised texts in order, asking `compute` only for queries the cache does not know. Passages are never kept. */
export async function embedCached(
  texts: readonly string[],
  role: EmbeddingRole,
  cache: QueryCache,
  compute: (texts: readonly string[]) => Promise<readonly Float32Array[]>,
): Promise<readonly Float32Array[]> {
  if (role === 'passage') return compute(texts);
  const known = new Map<string, Float32Array>();
  for (const text of texts) {
    const vector = cache.get(text);
    if (vector !== undefined) known.set(text, vector);
  }
  const missing = [...new Set(texts.filter((text) => !known.has(text)))];
  const computed = missing.length === 0 ? [] : await compute(missing);
  missing.forEach((text, index) => {
    const vector = computed[index];
    if (vector === undefined) throw new RangeError('an embedder answered with too few vectors');
    known.set(text, vector);
    cache.set(text, vector);
  });
  return texts.map((text) => (known.get(text) ?? new Float32Array()).slice());
}
