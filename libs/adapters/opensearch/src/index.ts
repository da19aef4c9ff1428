export { openOpenSearchIndex } from './open-opensearch-index.ts';
export type { OpenedOpenSearchIndex, OpenSearchIndexOptions } from './open-opensearch-index.ts';
export type { IndexEvent } from './index-event.ts';
export type { BreakerState } from './connection/circuit-breaker.ts';
export { countIndexEvents } from './count-events.ts';
