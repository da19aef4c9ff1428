export { createLog, errorFields, LOG_LEVELS, silentLog } from './logs/log.ts';
export type { Log, LogFields, LogLevel, LogOptions } from './logs/log.ts';
export { Metrics } from './metrics/metrics.ts';
export type { ModelOutcome } from './metrics/metrics.ts';
