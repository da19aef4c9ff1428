import { indexOutbox } from '@continuo/contracts';
import type { EmbeddingModel, JobQueue, VectorRecords } from '@continuo/ports';
import { isAway } from './away.ts';

/** What is written together: each batch is a transaction and an index request, and queries overtake between any two passages. */
const BATCH = 32;

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
    if (state.status !== 'ready' || (await this.vectors.current())?.id !== state.model.id) return 0;
    let filled = 0;
    while (!signal.aborted) {
      const missing = await this.vectors.missing(state.model.id, BATCH);
      if (missing.length === 0) break;
      const vectors = await this.embedAll(
        missing.map((item) => item.passage),
        state.model.dimension,
        signal,
      );
      // Another model may have come meanwhile, elsewhere: whose vectors these are is not known then.
      if (!this.stillServes(state.model.id)) break;
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

  private stillServes(modelId: string): boolean {
    const state = this.embedder.state();
    return state.status === 'ready' && state.model.id === modelId;
  }

  /**
   * One by one when the batch is refused: a passage that the embedder cannot take gets a vector of zeros, which is never found, so
   * that it does not hold up all others. An embedder that refuses every one of them is down, and the job is tried again.
   */
  private async embedAll(passages: readonly string[], dimension: number, signal: AbortSignal): Promise<readonly Float32Array[]> {
    try {
      return await this.embedder.embed(passages, 'passage', { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (isAway(error)) throw error;
      const singly = await Promise.allSettled(passages.map((passage) => this.embedder.embed([passage], 'passage', { signal })));
      // Of several embedders one may have gone in the middle: no vector of zeros for what another would have embedded.
      const away = singly.find((outcome) => outcome.status === 'rejected' && isAway(outcome.reason));
      if (away?.status === 'rejected') throw away.reason;
      if (singly.every(({ status }) => status === 'rejected')) throw error;
      return singly.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value[0] : undefined) ?? new Float32Array(dimension));
    }
  }
}
