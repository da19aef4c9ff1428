import type { EmbeddingModel } from '@continuo/ports';
import type { Configuration } from '@continuo/platform';
import { createEndpointEmbeddingModel } from './endpoint/endpoint-embedding-model.ts';
import { createLocalEmbeddingModel, type LocalEmbeddingModelOptions } from './local/local-embedding-model.ts';
import { LOCAL_EMBEDDING_MODEL } from './local-model-facts.ts';

/** An embedder that begins its work when it is opened. */
export type OpenableEmbedder = EmbeddingModel & { open(): void };

type EmbedderConfiguration = Pick<Configuration, 'embedding' | 'processEnvironment'>;

/** The configured endpoint, else the model of this machine. Nothing is fetched or asked before it is opened. */
export function createEmbedder(configuration: EmbedderConfiguration): OpenableEmbedder {
  const { endpoint } = configuration.embedding;
  return endpoint === null ? createLocalEmbeddingModel(localEmbedderOptions(configuration)) : createEndpointEmbeddingModel(endpoint);
}

/** Where the model of this machine comes from, as configured. */
export const localEmbedderOptions = ({ embedding, processEnvironment }: EmbedderConfiguration): LocalEmbeddingModelOptions => ({
  sources: embedding.sources,
  folder: embedding.folder,
  cacheFolder: embedding.cacheDirectory,
  hubEndpoint: embedding.hubUrl,
  environment: processEnvironment,
});

/** The identity an embedder will have, where that is known before it is ready. */
export const expectedModelId = ({ embedding }: Pick<Configuration, 'embedding'>): string =>
  embedding.endpoint?.model ?? LOCAL_EMBEDDING_MODEL.id;
