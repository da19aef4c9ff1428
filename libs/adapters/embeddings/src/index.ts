export { defaultCacheFolder } from './acquisition/cache-folder.ts';
export {
  getWeights,
  isWeightsSource,
  WEIGHTS_SOURCES,
  type Weights,
  type WeightsOptions,
  type WeightsOutcome,
  type WeightsProgress,
  type WeightsSource,
} from './acquisition/get-weights.ts';
export {
  createEndpointEmbeddingModel,
  EndpointEmbeddingModel,
  type EndpointEmbeddingModelOptions,
} from './endpoint/endpoint-embedding-model.ts';
export { rolePrefixesOf, type RolePrefixes } from './endpoint/role-prefixes.ts';
export { createLocalEmbeddingModel, LocalEmbeddingModel, type LocalEmbeddingModelOptions } from './local/local-embedding-model.ts';
export { LOCAL_EMBEDDING_MODEL } from './local-model-facts.ts';
export { createEmbedder, expectedModelId, localEmbedderOptions, type OpenableEmbedder } from './open-embedder.ts';
