import { indexOutbox } from '@continuo/contracts';
import type { EmbeddingModel, JobQueue, VectorRecords } from '@continuo/ports';

/** Eight passages keep the embedding thread busy for less than a query can wait. */
const BATCH = 8;

/** Embeds what has no vector of the current model yet, newest first, so that what was just said is found by meaning soon. */
export class FillVectors {
  private readonly vectors: VectorRecords;
  private readonly embedder: EmbeddingModel;
  private readonly jobs: JobQueue;

  constructor(vectors: VectorRecords, embedder: EmbeddingModel, jobs: JobQueue) {
    this.vectors = vectors;
    this.embedder = embedder;
    this.jobs = jobs;
  }

  /** Does nothing until the model is there; its arrival raises the job again. */
  async execute(signal: AbortSignal): Promise<number> {
    const state = this.embedder.state();
    if (state.status !== 'ready') return 0;
    let filled = 0;
    while (!signal.aborted) {
      const missing = await this.vectors.missing(state.model.id, BATCH);
      if (missing.length === 0) break;
      const vectors = await this.embedder.embed(
        missing.map((item) => item.passage),
        'passage',
        { signal },
      );
      await this.vectors.store(
        state.model.id,
        missing.flatMap((item, position) => {
          const vector = vectors[position];
          return vector === undefined ? [] : [{ id: item.id, vector }];
        }),
      );
      await this.jobs.enqueue(indexOutbox, {});
      filled += missing.length;
    }
    return filled;
  }
}
