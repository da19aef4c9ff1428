import {
  createEndpointEmbeddingModel,
  createLocalEmbeddingModel,
  LOCAL_EMBEDDING_MODEL,
  type LocalEmbeddingModelOptions,
} from '@continuo/embeddings';
import type { EmbedderState, EmbeddingModel, EmbeddingModelIdentity, VectorRecords } from '@continuo/ports';
import { type Configuration, ConfigurationError } from '@continuo/platform';

/** An embedder that begins its work when it is opened. */
export type OpenableEmbedder = EmbeddingModel & { open(): void };

/** A model's vectors count as there when at most one in this many is missing; the rest is filled in while they serve. */
const MAY_BE_MISSING = 10;

/** The configured endpoint, else the model of this machine. */
export function createEmbedder(configuration: Configuration): OpenableEmbedder {
  const { endpoint } = configuration.embedding;
  return endpoint === null ? createLocalEmbeddingModel(localEmbedderOptions(configuration)) : createEndpointEmbeddingModel(endpoint);
}

export const localEmbedderOptions = ({ embedding, processEnvironment }: Configuration): LocalEmbeddingModelOptions => ({
  sources: embedding.sources,
  folder: embedding.folder,
  cacheFolder: embedding.cacheDirectory,
  hubEndpoint: embedding.hubUrl,
  environment: processEnvironment,
});

/**
 * Vectors of two models must not meet: refuses a model whose vectors are not there while another's are.
 *
 * @throws ConfigurationError naming the command that makes them.
 */
export async function requireVectorsOf(modelId: string, vectors: VectorRecords): Promise<void> {
  const current = await vectors.current();
  if (current === null || current.id === modelId || (await vectors.progress(current.id)).filled === 0) return;
  const { filled, total } = await vectors.progress(modelId);
  if (filled > 0 && (total - filled) * MAY_BE_MISSING <= total) return;
  throw new ConfigurationError([
    `The stored vectors are of the embedding model "${current.id}", but "${modelId}" is configured (${filled} of ${total} vectors are there). ` +
      `Run "npx continuo reembed --to ${modelId}" and start again, or configure the former model.`,
  ]);
}

/** From now on this model's vectors are searched; what is missing is filled in. `requireVectorsOf` has let it pass. */
export async function adoptModel(vectors: VectorRecords, model: EmbeddingModelIdentity): Promise<void> {
  const current = await vectors.current();
  if (current?.id === model.id && current.dimension === model.dimension) return;
  await vectors.setCurrent(model);
  await vectors.dropOthers(model.id);
}

/** The identity an embedder will have, where that is known before it is ready. */
export const expectedModelId = (configuration: Configuration): string =>
  configuration.embedding.endpoint?.model ?? LOCAL_EMBEDDING_MODEL.id;

/** One sentence on the embedder for the start message and `/readyz`. */
export function embedderSentence(state: EmbedderState, progress: { readonly filled: number; readonly total: number } | null): string {
  switch (state.status) {
    case 'none':
      return `none: words alone (${state.reason})`;
    case 'failed':
      return `none yet: words alone (${state.reason})`;
    case 'fetching':
      return `words alone until the model is here (${state.reason}${percentOf(state)})`;
    case 'ready':
      return progress === null || progress.filled >= progress.total
        ? `${state.model.id}, complete (${state.reason})`
        : `${state.model.id}, filling ${progress.filled} of ${progress.total} (${state.reason})`;
  }
}

function percentOf(state: Extract<EmbedderState, { status: 'fetching' }>): string {
  return state.totalBytes === null || state.totalBytes === 0 ? '' : `, ${Math.floor((100 * state.receivedBytes) / state.totalBytes)} %`;
}
