import type { OpenableEmbedder } from '@continuo/embeddings';
import type { EmbedderState, EmbeddingModelIdentity } from '@continuo/ports';

/** Opens an embedder and waits until it can be used. @throws Error in words when it cannot, or not in time. */
export function embedderArrival(embedder: OpenableEmbedder, timeoutMs: number): Promise<EmbeddingModelIdentity> {
  const { promise, resolve, reject } = Promise.withResolvers<EmbeddingModelIdentity>();
  const late = setTimeout(() => reject(new Error('it did not arrive in time')), timeoutMs);
  // Before it is opened the state is `none`, too; only what comes after that says anything.
  let isOpen = false;
  const stop = embedder.onState((state: EmbedderState) => {
    if (!isOpen || state.status === 'fetching') return;
    if (state.status === 'ready') resolve(state.model);
    else reject(new Error(state.reason));
  });
  isOpen = true;
  embedder.open();
  return promise.finally(() => {
    clearTimeout(late);
    stop();
  });
}
