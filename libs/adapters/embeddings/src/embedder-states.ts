import { AppError } from '@continuo/contracts';
import type { EmbedderState } from '@continuo/ports';

/** The present state of an embedder and those who want to know of changes. */
export class EmbedderStates {
  private readonly listeners = new Set<(state: EmbedderState) => void>();
  private state: EmbedderState;

  constructor(first: EmbedderState) {
    this.state = first;
  }

  get present(): EmbedderState {
    return this.state;
  }

  set(state: EmbedderState): void {
    this.state = state;
    const listening = [...this.listeners];
    for (const listener of listening) listener(state);
  }

  subscribe(listener: (state: EmbedderState) => void): () => void {
    // A listener may be given twice; each subscription ends by itself.
    const own = (state: EmbedderState): void => listener(state);
    this.listeners.add(own);
    own(this.state);
    return () => void this.listeners.delete(own);
  }

  /** @throws AppError `embedder_unavailable` with the reason of the present state, unless it is ready. */
  requireReady(): void {
    if (this.state.status !== 'ready') throw unavailable(`The embedder is not ready: ${this.state.reason}`);
  }
}

export function unavailable(message: string, options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {}): AppError {
  return new AppError('embedder_unavailable', message, options);
}
