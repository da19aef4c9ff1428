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
  };
  readonly timeZone: string;
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
  /** For programs this one starts, such as pip. */
  readonly processEnvironment: NodeJS.ProcessEnv;
}

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
    },
    timeZone,
    recallTurns: settings.CONTINUO_RECALL_TURNS,
    recallTimeoutMs: settings.CONTINUO_RECALL_TIMEOUT_MS,
    chatTimeoutMs: settings.CONTINUO_CHAT_TIMEOUT_MS,
    workerConcurrency: settings.WORKER_CONCURRENCY,
    extraction: { ...EXTRACTION, tokensPerDay: settings.CONTINUO_BACKGROUND_TOKENS_PER_DAY ?? null },
    mining: { ...MINING, providerPatienceMs: settings.CONTINUO_PROVIDER_PATIENCE_MS },
    processEnvironment: environment,
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
