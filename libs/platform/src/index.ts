export { createLog, errorFields, LOG_LEVELS, silentLog } from './logs/log.ts';
export type { Log, LogFields, LogLevel, LogOptions } from './logs/log.ts';
export { Metrics } from './metrics/metrics.ts';
export type { ModelOutcome } from './metrics/metrics.ts';
export { ConfigurationError, loadConfiguration } from './config/load-configuration.ts';
export type { ConfigurationSources } from './config/load-configuration.ts';
export type { Configuration, RecordsPlace } from './config/configuration.ts';
export { documentConfiguration } from './config/document-configuration.ts';
export { SETTING_NAMES } from './config/settings.ts';
