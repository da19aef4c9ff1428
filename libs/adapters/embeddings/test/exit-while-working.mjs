import { env } from 'node:process';
import { createLocalEmbeddingModel, WEIGHTS_SOURCES } from '../dist/index.js';

/** Exits while the model runs in its thread: `node exit-while-working.mjs CACHE_FOLDER MODEL_FOLDER`. */
const [cacheFolder, folder] = process.argv.slice(2);
const embedder = createLocalEmbeddingModel({
  cacheFolder,
  sources: WEIGHTS_SOURCES,
  folder: folder || null,
  hubEndpoint: env['HF_ENDPOINT'] || null,
  environment: env,
});
embedder.open();
embedder.onState((state) => {
  if (state.status === 'failed') throw new Error(state.reason);
  if (state.status !== 'ready') return;
  const passages = Array.from({ length: 1_000 }, (_, index) => `passage ${index}`);
  embedder.embed(passages, 'passage', {}).catch(() => undefined);
  setTimeout(() => process.exit(0), 100);
});
