import type { EmbeddingModelIdentity, VectorRecords } from '@continuo/ports';

/** A model's vectors count as there when at most one in this many is missing; the rest is filled in while they serve. */
const MAY_BE_MISSING = 10;

/**
 * Vectors of two models must not meet: why a model may not be searched with, because its vectors are not there while another's are,
 * and the command that makes them. Null: it may.
 */
export async function refusalOfModel(modelId: string, vectors: VectorRecords): Promise<string | null> {
  const current = await vectors.current();
  if (current === null || current.id === modelId || (await vectors.progress(current.id)).filled === 0) return null;
  const { filled, total } = await vectors.progress(modelId);
  if (filled > 0 && (total - filled) * MAY_BE_MISSING <= total) return null;
  return (
    `The stored vectors are of the embedding model "${current.id}", but "${modelId}" is configured (${filled} of ${total} vectors are there). ` +
    `Run "npx continuo reembed --to ${modelId}" and start again, or configure the former model.`
  );
}

/** From now on this model's vectors are searched; what is missing is filled in. `refusalOfModel` has let it pass. */
export async function adoptModel(vectors: VectorRecords, model: EmbeddingModelIdentity): Promise<void> {
  const current = await vectors.current();
  if (current?.id === model.id && current.dimension === model.dimension) return;
  await vectors.setCurrent(model);
  await vectors.dropOthers(model.id);
}
