import { setTimeout as sleep } from 'node:timers/promises';
import { System } from '../system.ts';
import { ENDPOINT_MODEL, startEmbeddingEndpoint } from './embedding-endpoint.ts';
import { readiness } from './readiness.ts';

/** Which embedder the server under load uses. */
export interface EmbedderChoice {
  readonly name: 'local' | 'endpoint';
  /** In words, for the report. */
  readonly words: string;
  readonly model: { readonly id: string; readonly dimension: number };
  /** Settings of the server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Settings of a server on the same folder that finds by words alone. */
  readonly wordsAlone: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const LOCAL_DIMENSION = 384;
/** No source that downloads: only what an earlier start fetched is used. */
const FROM_CACHE: Readonly<Record<string, string>> = {
  CONTINUO_EMBEDDING_SOURCES: 'folder',
  ...Object.fromEntries(
    ['CONTINUO_CACHE_DIR', 'XDG_CACHE_HOME'].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ),
};
/** Nobody answers there: the model is known, and words are all there is. */
const NO_ENDPOINT = 'http://127.0.0.1:9/v1';

/** The model of this machine when its weights were fetched before, else an endpoint in this process. `wanted` overrides. */
export async function chooseEmbedder(wanted: 'local' | 'endpoint' | 'auto'): Promise<EmbedderChoice> {
  const local = wanted === 'endpoint' ? null : await localModel();
  if (local !== null) {
    return {
      name: 'local',
      words: `${local}, in a thread of each process that embeds`,
      model: { id: local, dimension: LOCAL_DIMENSION },
      environment: FROM_CACHE,
      wordsAlone: { CONTINUO_EMBEDDING_SOURCES: '' },
      close: () => Promise.resolve(),
    };
  }
  if (wanted === 'local') throw new Error('the weights of the local embedder are not in the cache; start the server once to fetch them');
  const endpoint = await startEmbeddingEndpoint();
  const settings = (baseUrl: string) => ({ CONTINUO_EMBEDDING_BASE_URL: baseUrl, CONTINUO_EMBEDDING_MODEL: ENDPOINT_MODEL.id });
  return {
    name: 'endpoint',
    words: 'an endpoint in the process of the bench that answers seeded vectors',
    model: ENDPOINT_MODEL,
    environment: settings(endpoint.baseUrl),
    wordsAlone: settings(NO_ENDPOINT),
    close: () => endpoint.close(),
  };
}

/** The id of the local model as a server on an empty folder names it, or null when it does not have its weights. */
async function localModel(): Promise<string | null> {
  const system = await System.start({ environment: FROM_CACHE });
  try {
    for (const until = Date.now() + 30_000; Date.now() < until; await sleep(100)) {
      const { state, words } = (await readiness(system.origin)).embeddings;
      if (state === 'ready') return words.split(',')[0] ?? null;
      if (words.startsWith('none')) return null;
    }
    return null;
  } finally {
    await system.close();
  }
}
