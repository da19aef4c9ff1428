import type { EmbeddingModel } from '@continuo/ports';
import { RerankDocuments } from './rerank.use-case.ts';

const TOKENS = { count: (text: string) => text.length, exceeds: () => false };
const DOCUMENTS = [
  'Bread is baked in an oven.',
  'The capital of Portugal is Lisbon.',
  'Trains are late in winter.',
  'Lisbon lies in Portugal by the sea.',
];
const QUERY = 'What is the capital of Portugal?';

/** Vectors by what a text is about; `of` says what becomes of a call. */
const embedder = (of: (texts: readonly string[]) => Promise<readonly Float32Array[]>): EmbeddingModel => ({
  state: () => ({ status: 'ready', reason: '', model: { id: 'multilingual-e5-small/int8', dimension: 2 } }),
  onState: () => () => undefined,
  embed: (texts) => of(texts),
  close: async () => undefined,
});
const NONE: EmbeddingModel = {
  ...embedder(async () => []),
  state: () => ({ status: 'none', reason: '' }),
  embed: () => Promise.reject(new Error('there is no model')),
};
const about = (word: string) => async (texts: readonly string[]) =>
  texts.map((text) => (text === QUERY || text.includes(word) ? Float32Array.of(1, 0) : Float32Array.of(0.1, 0.995)));

const rank = (model: EmbeddingModel, topN: number | null = null, documents: readonly string[] = DOCUMENTS, query = QUERY) =>
  new RerankDocuments(model, TOKENS, { timeZone: 'UTC', embedTimeoutMs: 200 }).execute({ projectId: 'p', query, documents, topN }, {});

describe('RerankDocuments', () => {
  it('puts what answers first, by words alone', async () => {
    const { results } = await rank(NONE);
    expect(results.map(({ index }) => index).slice(0, 2)).toEqual([1, 3]);
    expect(results.map(({ text }) => text)).toEqual(results.map(({ index }) => DOCUMENTS[index]));
    expect(results.every(({ score }, place) => score >= 0 && score <= 1 && score <= (results[place - 1]?.score ?? 1))).toBe(true);
  });

  it('finds by meaning what shares no word', async () => {
    const query = 'Where is dough turned into loaves?';
    const meaning = async (texts: readonly string[]) =>
      texts.map((text) => (text === query || text.includes('oven') ? Float32Array.of(1, 0) : Float32Array.of(0.1, 0.995)));
    expect((await rank(embedder(meaning), null, DOCUMENTS, query)).results[0]).toMatchObject({ index: 0, score: expect.closeTo(0.9, 0) });
    expect((await rank(NONE, null, DOCUMENTS, query)).results[0]?.score).toBe(0);
  });

  it('gives the best so many, each document once, and counts all that was read', async () => {
    const all = await rank(embedder(about('capital')));
    expect(all.results.map(({ index }) => index).toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3]);
    expect(all.tokens).toBe([QUERY, ...DOCUMENTS].join('\n').length);
    expect((await rank(embedder(about('capital')), 1)).results).toEqual(all.results.slice(0, 1));
    expect((await rank(NONE, 99)).results).toHaveLength(4);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('gone'))],
    ['never answers', () => new Promise<never>(() => undefined)],
    ['fails half way', (texts: readonly string[]) => (texts.length === 1 ? Promise.reject(new Error('gone')) : about('Trains')(texts))],
  ])('goes by the words of all when the model %s', async (_what, of) => {
    const documents = [...DOCUMENTS, ...DOCUMENTS, 'x'];
    expect((await rank(embedder(of), null, documents)).results).toEqual((await rank(NONE, null, documents)).results);
  });

  it('keeps the order of texts that answer nothing', async () => {
    expect((await rank(NONE, null, ['b', 'a', 'b'], 'thanks')).results).toEqual([
      { index: 0, text: 'b', score: 0 },
      { index: 1, text: 'a', score: 0 },
      { index: 2, text: 'b', score: 0 },
    ]);
  });
});
