export { readTimeExpressions, type TimeExpression } from './read-time.ts';
export { resolveRelativeDates } from './resolve.ts';
export { readTimeWindow, type TimeWindow } from './window.ts';
export type { TimeGrain } from './span.ts';
