import type { EmbedderState, EmbeddingModel } from '@continuo/ports';

/** The first state from now on, the present one included, for which the condition holds. */
export function untilState(embedder: EmbeddingModel, holds: (state: EmbedderState) => boolean): Promise<EmbedderState> {
  return new Promise((resolve) => {
    let leave: (() => void) | null = null;
    let done = false;
    leave = embedder.onState((state) => {
      if (done || !holds(state)) return;
      done = true;
      resolve(state);
      leave?.();
    });
    if (done) leave();
  });
}

export function untilStatus(embedder: EmbeddingModel, status: EmbedderState['status']): Promise<EmbedderState> {
  return untilState(embedder, (state) => state.status === status);
}
