import {
  createEndpointEmbeddingModel,
  createLocalEmbeddingModel,
  LOCAL_EMBEDDING_MODEL,
  localEmbedderOptions,
  type OpenableEmbedder,
} from '@continuo/embeddings';
import type { Configuration } from '@continuo/platform';
import { embedderArrival } from './embedder-arrival.ts';
import { type Printed, UsageError } from './output.ts';
import { buildGeneration } from './rebuild-index.ts';
import { withRecords } from './with-records.ts';

const BATCH = 8;
const ARRIVAL_TIMEOUT_MS = 15 * 60_000;

/** Fills the vectors of another model. The present model goes on serving; the next start with the other one configured uses them. */
export const reembed = (modelId: string): Promise<Printed> =>
  withRecords(async (records, configuration) => {
    const embedder = embedderOf(modelId, configuration);
    try {
      const model = await embedderArrival(embedder, ARRIVAL_TIMEOUT_MS).catch((error: unknown) => {
        throw new Error(`The embedding model cannot be used: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
      });
      for (;;) {
        const missing = await records.vectors.missing(model.id, BATCH);
        if (missing.length === 0) break;
        const vectors = await embedder.embed(
          missing.map((item) => item.passage),
          'passage',
          {},
        );
        await records.vectors.store(
          model.id,
          missing.map((item, position) => ({ id: item.id, vector: vectors[position] ?? new Float32Array(model.dimension) })),
        );
        await tell(() => records.vectors.progress(model.id));
      }
      const { filled } = await records.vectors.progress(model.id);
      const value = { model: model.id, vectors: filled };
      if (configuration.stores.index === null)
        return { value, lines: [`${filled} vectors of ${model.id} are there; the next start with it configured uses them.`] };
      const built = await buildGeneration(records, configuration, model, 'later');
      return {
        value: { ...value, documents: built.filled },
        lines: [
          `${filled} vectors of ${model.id} are there, and the next index holds them.`,
          'Start every service again with that model configured, one after the other; then run "npx continuo index swap".',
        ],
      };
    } finally {
      await embedder.close();
    }
  });

function embedderOf(modelId: string, configuration: Configuration): OpenableEmbedder {
  if (modelId === LOCAL_EMBEDDING_MODEL.id) return createLocalEmbeddingModel(localEmbedderOptions(configuration));
  const { endpoint } = configuration.embedding;
  if (endpoint === null) {
    throw new UsageError(
      `"${modelId}" is not the model of this machine (${LOCAL_EMBEDDING_MODEL.id}), and CONTINUO_EMBEDDING_BASE_URL names no endpoint that could have it.`,
    );
  }
  return createEndpointEmbeddingModel({ ...endpoint, model: modelId });
}

/** Into a file nothing is written, and nothing is asked for. */
async function tell(progress: () => Promise<{ readonly filled: number; readonly total: number }>): Promise<void> {
  if (!process.stderr.isTTY) return;
  const { filled, total } = await progress();
  process.stderr.write(`\r${filled} of ${total} vectors${filled === total ? '\n' : ''}`);
}
