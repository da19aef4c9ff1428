import type { EmbedderState } from '@continuo/ports';

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
