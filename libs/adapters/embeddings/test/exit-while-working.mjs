import { createLocalEmbeddingModel } from '../dist/index.js';

/** Exits while the model runs in its thread: `node exit-while-working.mjs CACHE_FOLDER MODEL_FOLDER`. */
const [cacheFolder, folder] = process.argv.slice(2);
const embedder = createLocalEmbeddingModel({
  cacheFolder,
  sources: ['folder'],
  folder: folder || null,
  hubEndpoint: null,
  environment: {},
});
embedder.open();
embedder.onState((state) => {
  if (state.status === 'failed') throw new Error(state.reason);
  if (state.status !== 'ready') return;
  const passages = Array.from({ length: 1_000 }, (_, index) => `passage ${index}`);
  embedder.embed(passages, 'passage', {}).catch(() => undefined);
  setTimeout(() => process.exit(0), 100);
});
