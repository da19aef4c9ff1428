import { env } from 'node:process';
import { untilState } from '../../test/until-state.ts';
import { defaultCacheFolder } from '../acquisition/cache-folder.ts';
import { WEIGHTS_SOURCES } from '../acquisition/get-weights.ts';
import { LocalEmbeddingModel } from './local-embedding-model.ts';

describe('the embedding thread with the real model', () => {
  const embedder = new LocalEmbeddingModel({
    cacheFolder: defaultCacheFolder(env),
    sources: WEIGHTS_SOURCES,
    folder: env['CONTINUO_EMBEDDING_FOLDER'] || null,
    hubEndpoint: env['HF_ENDPOINT'] || null,
    environment: env,
  });
  const passages = Array.from({ length: 100 }, (_, index) => `A passage that somebody imports, number ${index}`);

  beforeAll(async () => {
    embedder.open();
    const state = await untilState(embedder, (candidate) => candidate.status === 'ready' || candidate.status === 'failed');
    if (state.status !== 'ready') throw new Error(`This spec needs the real embedding model and did not get it: ${state.reason}`);
  }, 60_000);
  afterAll(() => embedder.close());

  it('lets a query overtake an import', async () => {
    const order: string[] = [];
    const imported = embedder.embed(passages, 'passage', {}).then(() => order.push('import'));
    await embedder.embed(['a question in between'], 'query', {}).then(() => order.push('query'));
    await imported;
    expect(order).toEqual(['query', 'import']);
  }, 60_000);

  it('lets passages that somebody waits for overtake it, too', async () => {
    const order: string[] = [];
    const imported = embedder.embed(passages, 'passage', {}).then(() => order.push('import'));
    await embedder.embed(passages.slice(0, 2), 'passage', { deadlineAt: Date.now() + 9_000 }).then(() => order.push('awaited'));
    await imported;
    expect(order).toEqual(['awaited', 'import']);
  }, 60_000);

  it('leaves the event loop free while it works', async () => {
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      timer = setImmediate(turn);
    };
    let timer = setImmediate(turn);
    await embedder.embed(passages.slice(0, 20), 'passage', {});
    clearImmediate(timer);
    // On the event loop itself 20 runs of the model would leave room for some 20 turns.
    expect(turns).toBeGreaterThan(200);
  }, 60_000);

  it('keeps the end of a long question and the beginning of a long passage', async () => {
    const noise = 'and then some more words were said about nothing in particular '.repeat(120);
    const [asked, tail, head] = await embedder.embed(
      ['where is the red bicycle?', `${noise} where is the red bicycle?`, `where is the red bicycle? ${noise}`],
      'query',
      {},
    );
    expect(cosine(asked, tail)).toBeGreaterThan(cosine(asked, head));
    const [stated, first, last] = await embedder.embed(
      ['The red bicycle is in Lyon.', `The red bicycle is in Lyon. ${noise}`, `${noise} The red bicycle is in Lyon.`],
      'passage',
      {},
    );
    expect(cosine(stated, first)).toBeGreaterThan(cosine(stated, last));
  }, 60_000);
});

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return (a ?? new Float32Array()).reduce((sum, value, index) => sum + value * (b?.[index] ?? 0), 0);
}
