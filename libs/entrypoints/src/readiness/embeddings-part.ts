import type { EmbeddingModel, VectorRecords } from '@continuo/ports';
import { embedderSentence } from '@continuo/use-cases';
import type { WatchedPart } from './parts-readiness.ts';

/** Words alone serve, too; complete is when everything has a vector. */
export const embeddingsPart = (embedder: EmbeddingModel, vectors: VectorRecords): WatchedPart => ({
  name: 'embeddings',
  required: false,
  look: async () => {
    const state = embedder.state();
    const progress = state.status === 'ready' ? await vectors.progress(state.model.id) : null;
    const isComplete = state.status === 'ready' && (progress === null || progress.filled >= progress.total);
    return { state: isComplete ? 'ready' : 'degraded', words: embedderSentence(state, progress) };
  },
});
