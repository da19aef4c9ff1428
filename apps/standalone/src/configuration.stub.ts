import { resolve } from 'node:path';
import { registryOfOne, type ModelRegistry } from '@continuo/openai';
import { defaultCacheFolder } from '@continuo/embeddings';
import { DEFAULT_HTTP_SETTINGS } from '@continuo/entrypoints';
const env = process.env;
export class ConfigurationError extends Error { constructor(lines: readonly string[]) { super(lines.join('\n')); } }
export function loadConfiguration() {
  const models: ModelRegistry | null = env['OPENAI_BASE_URL'] ? registryOfOne({ baseUrl: env['OPENAI_BASE_URL'], apiKey: env['OPENAI_API_KEY'] ?? null, model: env['CONTINUO_MODEL'] ?? 'x' }) : null;
  return {
    models,
    modelDiscovery: env['CONTINUO_MODEL_DISCOVERY'] !== 'off',
    embedding: { endpoint: null as null | { baseUrl: string; apiKey: string | null; model: string }, sources: (env['CONTINUO_EMBEDDING_SOURCES'] ?? 'folder,hub,wheel').split(',').filter((x) => x !== '') as ('folder' | 'hub' | 'wheel')[], folder: null as string | null, cacheDirectory: env['CONTINUO_CACHE_DIR'] ?? defaultCacheFolder(env), hubUrl: null as string | null },
    processEnvironment: env,
    dataDirectory: resolve(env['CONTINUO_DATA_DIR'] ?? 'data'),
    recallTimeoutMs: 2_000, recallTurns: 'on' as const, timeZone: env['CONTINUO_TIME_ZONE'] ?? 'UTC',
    extraction: { timeoutMs: 60_000, maxTokens: 4_000, tokensPerDay: null as number | null },
    mining: { maxMessages: 40, maxCharacters: 24_000, maxAttempts: 4, providerPatienceMs: 86_400_000 },
    workerConcurrency: 4, apiKey: env['CONTINUO_API_KEY'] ? env['CONTINUO_API_KEY'] : null,
    host: env['HOST'] ?? '127.0.0.1', port: Number(env['PORT'] ?? 8787), keepMessages: false, chatTimeoutMs: 120_000,
    http: { ...DEFAULT_HTTP_SETTINGS, strict: env['CONTINUO_STRICT'] === 'true', timeZone: env['CONTINUO_TIME_ZONE'] ?? 'UTC' },
    log: { level: 'warn' as const, format: 'auto' as const },
  };
}
export type Configuration = ReturnType<typeof loadConfiguration>;
