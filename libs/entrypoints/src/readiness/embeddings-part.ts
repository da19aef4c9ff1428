import type { EmbeddingModel, VectorRecords } from '@continuo/ports';
import { embedderSentence } from '@continuo/use-cases';
import type { WatchedPart } from './parts-readiness.ts';

type Progress = Awaited<ReturnType<VectorRecords['progress']>>;

/** Counting everything is work for the records; once it is complete, it is seldom anything else a moment later. */
const KNOWN_FOR_MS = 10_000;

/** Words alone serve, too; complete is when everything has a vector. */
export function embeddingsPart(embedder: EmbeddingModel, vectors: VectorRecords): WatchedPart {
  let known: { readonly modelId: string; readonly until: number; readonly progress: Progress } | null = null;
  const progressOf = async (modelId: string): Promise<Progress> => {
    if (known !== null && known.modelId === modelId && known.until > Date.now()) return known.progress;
    const progress = await vectors.progress(modelId);
    if (progress.filled >= progress.total) known = { modelId, until: Date.now() + KNOWN_FOR_MS, progress };
    return progress;
  };
  return {
    name: 'embeddings',
    required: false,
    look: async () => {
      const state = embedder.state();
      const progress = state.status === 'ready' ? await progressOf(state.model.id) : null;
      const isComplete = state.status === 'ready' && (progress === null || progress.filled >= progress.total);
      return { state: isComplete ? 'ready' : 'degraded', words: embedderSentence(state, progress) };
    },
  };
}
