import { defaultCacheFolder, getWeights, LOCAL_EMBEDDING_MODEL } from '@continuo/embeddings';
import { ENDPOINT_MODEL, startEmbeddingEndpoint } from './embedding-endpoint.ts';

/** Which embedder the server under load uses. */
export interface EmbedderChoice {
  readonly name: 'local' | 'endpoint';
  /** In words, for the report. */
  readonly words: string;
  readonly model: { readonly id: string; readonly dimension: number };
  /** Settings of the server. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Settings of a server that finds by words alone. */
export const WORDS_ALONE: Readonly<Record<string, string>> = { CONTINUO_EMBEDDING_SOURCES: '' };

/** The model of this machine when its weights were fetched before, else an endpoint in this process. `wanted` overrides. */
export async function chooseEmbedder(wanted: 'local' | 'endpoint' | 'auto'): Promise<EmbedderChoice> {
  const cacheFolder = process.env['CONTINUO_CACHE_DIR'] ?? defaultCacheFolder(process.env);
  const isHere = wanted !== 'endpoint' && (await weightsAreIn(cacheFolder));
  if (isHere) {
    return {
      name: 'local',
      words: `${LOCAL_EMBEDDING_MODEL.id}, in a thread of the server`,
      model: LOCAL_EMBEDDING_MODEL,
      environment: { CONTINUO_EMBEDDING_SOURCES: 'folder', CONTINUO_CACHE_DIR: cacheFolder },
      close: () => Promise.resolve(),
    };
  }
  if (wanted === 'local') throw new Error('the weights of the local embedder are not in the cache; start the server once to fetch them');
  const endpoint = await startEmbeddingEndpoint();
  return {
    name: 'endpoint',
    words: 'an endpoint in the process of the bench that answers seeded vectors',
    model: ENDPOINT_MODEL,
    environment: { CONTINUO_EMBEDDING_BASE_URL: endpoint.baseUrl, CONTINUO_EMBEDDING_MODEL: ENDPOINT_MODEL.id, CONTINUO_EMBEDDING_SOURCES: '' },
    close: () => endpoint.close(),
  };
}

async function weightsAreIn(cacheFolder: string): Promise<boolean> {
  // The source "folder" without a folder: only what an earlier start fetched is looked at.
  const found = await getWeights({ cacheFolder, sources: ['folder'], folder: null, hubEndpoint: null, environment: process.env }, () => undefined);
  return found.status === 'found';
}
