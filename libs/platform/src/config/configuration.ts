import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LogOptions } from '../logs/log.ts';
import { type ConfiguredModels } from './models-file.ts';
import type { Settings } from './settings.ts';

/** What the program works with: every setting, resolved and typed. */
export interface Configuration {
  readonly host: string;
  readonly port: number;
  readonly apiKey: string | null;
  readonly http: {
    readonly prefix: string;
    readonly strict: boolean;
    readonly timeZone: string;
    readonly legacyStatusList: boolean;
    readonly maxBodyBytes: number;
    readonly heartbeatMs: number;
    readonly drainMs: number;
  };
  readonly log: Pick<LogOptions, 'level' | 'format'>;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly keepMessages: boolean;
  /** From the models file; null without one. */
  readonly models: ConfiguredModels | null;
  /** The short way; null when it is not configured. */
  readonly oneModel: { readonly baseUrl: string; readonly apiKey: string | null; readonly model: string } | null;
  /** A setting of the short way that does nothing by itself, in words; null: none. */
  readonly modelHint: string | null;
  readonly modelDiscovery: boolean;
  readonly embedding: {
    readonly endpoint: { readonly baseUrl: string; readonly apiKey: string | null; readonly model: string } | null;
    readonly sources: readonly ('folder' | 'hub' | 'wheel')[];
    readonly folder: string | null;
    readonly cacheDirectory: string;
    readonly hubUrl: string | null;
    /** Null: what is built in. */
    readonly calibration: NonNullable<Settings['CONTINUO_EMBEDDING_CALIBRATION']> | null;
  };
  readonly timeZone: string;
  /** Private `host:port` that files may be fetched from. */
  readonly fetchAllowed: readonly string[];
  readonly recallTurns: 'on' | 'fresh';
  readonly recallTimeoutMs: number;
  readonly chatTimeoutMs: number;
  readonly workerConcurrency: number;
  readonly extraction: { readonly timeoutMs: number; readonly maxTokens: number; readonly tokensPerDay: number | null };
  readonly mining: {
    readonly maxMessages: number;
    readonly maxCharacters: number;
    readonly maxAttempts: number;
    readonly providerPatienceMs: number;
  };
  readonly stores: {
    /** A file (absolute) or an address; what the services use, and what migrates the schema. */
    readonly records: RecordsPlace;
    readonly migration: RecordsPlace;
    readonly recordsConnections: number;
    readonly recordsTimeoutMs: number;
    /** Null: the index is a file in the data folder. */
    readonly index: { readonly url: string; readonly name: string; readonly shards: number; readonly replicas: number } | null;
    /** Null: work is queued in the process. */
    readonly broker: { readonly url: string; readonly prefix: string } | null;
  };
  readonly services: {
    readonly recallTarget: string;
    readonly generationTarget: string;
    /** Null: the default of the service. */
    readonly port: number | null;
    readonly token: string | null;
    /** Absolute paths of PEM files. */
    readonly tls: { readonly certificate: string | null; readonly key: string | null; readonly authority: string | null };
    readonly operationsPort: number;
    readonly sharePort: boolean;
  };
  /** Null: no traces. */
  readonly tracesEndpoint: string | null;
  /** For programs this one starts, such as pip. */
  readonly processEnvironment: NodeJS.ProcessEnv;
}

export type RecordsPlace = { readonly engine: 'sqlite'; readonly file: string } | { readonly engine: 'postgres'; readonly url: string };

/** Large enough for many turns in one model call, small enough for a local model to read and answer in time. */
const EXTRACTION = { timeoutMs: 120_000, maxTokens: 4_000 } as const;
const MINING = { maxMessages: 40, maxCharacters: 24_000, maxAttempts: 4 } as const;

/** @param folder what relative paths are relative to. */
export function configurationOf(
  settings: Settings,
  models: ConfiguredModels | null,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Configuration {
  const timeZone = settings.CONTINUO_TIME_ZONE ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    host: settings.HOST,
    port: settings.PORT,
    apiKey: settings.CONTINUO_API_KEY ?? null,
    http: httpSettings(settings, timeZone),
    log: { level: settings.CONTINUO_LOG_LEVEL, format: settings.CONTINUO_LOG_FORMAT },
    dataDirectory: resolve(folder, settings.CONTINUO_DATA_DIR),
    keepMessages: settings.CONTINUO_KEEP_MESSAGES,
    ...chatModels(settings, models),
    embedding: {
      endpoint: embeddingEndpoint(settings),
      sources: settings.CONTINUO_EMBEDDING_SOURCES,
      folder: settings.CONTINUO_EMBEDDING_FOLDER === undefined ? null : resolve(folder, settings.CONTINUO_EMBEDDING_FOLDER),
      cacheDirectory:
        settings.CONTINUO_CACHE_DIR === undefined ? defaultCacheDirectory(environment) : resolve(folder, settings.CONTINUO_CACHE_DIR),
      hubUrl: settings.HF_ENDPOINT ?? null,
      calibration: settings.CONTINUO_EMBEDDING_CALIBRATION ?? null,
    },
    timeZone,
    fetchAllowed: settings.CONTINUO_FETCH_ALLOW,
    recallTurns: settings.CONTINUO_RECALL_TURNS,
    recallTimeoutMs: settings.CONTINUO_RECALL_TIMEOUT_MS,
    chatTimeoutMs: settings.CONTINUO_CHAT_TIMEOUT_MS,
    workerConcurrency: settings.WORKER_CONCURRENCY,
    extraction: { ...EXTRACTION, tokensPerDay: settings.CONTINUO_BACKGROUND_TOKENS_PER_DAY ?? null },
    mining: { ...MINING, providerPatienceMs: settings.CONTINUO_PROVIDER_PATIENCE_MS },
    stores: storesOf(settings, folder),
    services: servicesOf(settings, folder),
    tracesEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    processEnvironment: environment,
  };
}

function storesOf(settings: Settings, folder: string): Configuration['stores'] {
  const dataDirectory = resolve(folder, settings.CONTINUO_DATA_DIR);
  const records = recordsPlace(settings.CONTINUO_RECORDS_URL, folder) ?? { engine: 'sqlite', file: join(dataDirectory, 'records.db') };
  const { CONTINUO_INDEX_URL: indexUrl, CONTINUO_BROKER_URL: brokerUrl } = settings;
  return {
    records,
    migration: recordsPlace(settings.CONTINUO_MIGRATION_URL, folder) ?? records,
    recordsConnections: settings.CONTINUO_RECORDS_CONNECTIONS,
    recordsTimeoutMs: settings.CONTINUO_RECORDS_TIMEOUT_MS,
    index:
      indexUrl === undefined
        ? null
        : {
            url: indexUrl,
            name: settings.CONTINUO_INDEX_NAME,
            shards: settings.CONTINUO_INDEX_SHARDS,
            replicas: settings.CONTINUO_INDEX_REPLICAS,
          },
    broker: brokerUrl === undefined ? null : { url: brokerUrl, prefix: settings.CONTINUO_BROKER_PREFIX },
  };
}

function recordsPlace(place: string | undefined, folder: string): RecordsPlace | null {
  if (place === undefined) return null;
  return place.startsWith('sqlite:')
    ? { engine: 'sqlite', file: resolve(folder, place.slice('sqlite:'.length)) }
    : { engine: 'postgres', url: place };
}

function servicesOf(settings: Settings, folder: string): Configuration['services'] {
  const file = (path: string | undefined): string | null => (path === undefined ? null : resolve(folder, path));
  return {
    recallTarget: settings.CONTINUO_RECALL_URL,
    generationTarget: settings.CONTINUO_GENERATION_URL,
    port: settings.CONTINUO_SERVICE_PORT ?? null,
    token: settings.CONTINUO_SERVICE_TOKEN ?? null,
    tls: {
      certificate: file(settings.CONTINUO_SERVICE_TLS_CERTIFICATE),
      key: file(settings.CONTINUO_SERVICE_TLS_KEY),
      authority: file(settings.CONTINUO_SERVICE_TLS_AUTHORITY),
    },
    operationsPort: settings.CONTINUO_OPERATIONS_PORT,
    sharePort: settings.CONTINUO_SHARE_PORT,
  };
}

const httpSettings = (settings: Settings, timeZone: string): Configuration['http'] => ({
  prefix: settings.CONTINUO_PREFIX,
  strict: settings.CONTINUO_STRICT,
  timeZone,
  legacyStatusList: settings.CONTINUO_LEGACY_STATUS_LIST,
  maxBodyBytes: settings.CONTINUO_MAX_BODY_BYTES,
  heartbeatMs: settings.CONTINUO_HEARTBEAT_MS,
  drainMs: settings.CONTINUO_DRAIN_MS,
});

function chatModels(
  settings: Settings,
  models: ConfiguredModels | null,
): Pick<Configuration, 'models' | 'oneModel' | 'modelHint' | 'modelDiscovery'> {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, CONTINUO_MODEL: model } = settings;
  const oneModel =
    model === undefined || models !== null ? null : { baseUrl: baseUrl ?? 'https://api.openai.com/v1', apiKey: apiKey ?? null, model };
  const modelHint =
    baseUrl !== undefined && model === undefined && models === null
      ? 'OPENAI_BASE_URL is set; name the model to use there in CONTINUO_MODEL'
      : null;
  return { models, oneModel, modelHint, modelDiscovery: settings.CONTINUO_MODEL_DISCOVERY };
}

function embeddingEndpoint(settings: Settings): Configuration['embedding']['endpoint'] {
  const { CONTINUO_EMBEDDING_BASE_URL: baseUrl, CONTINUO_EMBEDDING_API_KEY: apiKey, CONTINUO_EMBEDDING_MODEL: model } = settings;
  return baseUrl === undefined || model === undefined ? null : { baseUrl: baseUrl.replace(/\/+$/u, ''), apiKey: apiKey ?? null, model };
}

function defaultCacheDirectory(environment: NodeJS.ProcessEnv): string {
  const cache = environment['XDG_CACHE_HOME'] ?? environment['LOCALAPPDATA'];
  if (cache !== undefined && cache !== '') return join(cache, 'continuo');
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches', 'continuo') : join(homedir(), '.cache', 'continuo');
}
