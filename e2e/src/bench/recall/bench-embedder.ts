import { cacheFolder } from '../../cache-folder.ts';
import { embeddings } from './built-parts.ts';
import { CachingEmbedder } from './caching-embedder.ts';

/** What the server under test embeds with. */
export interface BenchEmbedder {
  /** As every answer must name it. */
  readonly model: string;
  /** Settings of the server. */
  readonly environment: Readonly<Record<string, string>>;
  /** For the report. */
  words(): string;
  /** Prepares questions, where that is possible from outside. */
  warm(questions: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The server's own model, which it embeds everything with again. */
export async function localBenchEmbedder(): Promise<BenchEmbedder> {
  const { LOCAL_EMBEDDING_MODEL } = await embeddings();
  return {
    model: LOCAL_EMBEDDING_MODEL.id,
    environment: { CONTINUO_EMBEDDING_SOURCES: 'folder', CONTINUO_CACHE_DIR: cacheFolder() },
    words: () => `${LOCAL_EMBEDDING_MODEL.id} in the server`,
    warm: async () => undefined,
    close: async () => undefined,
  };
}

/** The same model in the process of the bench, with a cache of vectors on disk. */
export async function cachedBenchEmbedder(say: (line: string) => void): Promise<BenchEmbedder> {
  const embedder = await CachingEmbedder.start();
  try {
    await requireSame(embedder, say);
  } catch (error) {
    await embedder.close();
    throw error;
  }
  return {
    model: embedder.model,
    environment: embedder.environment,
    words: () =>
      `${embedder.model}, cached by the bench (${embedder.counts.computed} vectors computed, ${embedder.counts.known} known before)`,
    warm: (questions) => embedder.warm(questions, 'query'),
    close: () => embedder.close(),
  };
}

async function requireSame(embedder: CachingEmbedder, say: (line: string) => void): Promise<void> {
  const difference = await embedder.largestDifference();
  say(
    `vectors of ${embedder.model} from the cache and by HTTP differ from the model's own by ${difference === 0 ? 'nothing' : difference}`,
  );
  if (difference !== 0) throw new Error('the cached vectors are not the model’s own');
  Object.assign(embedder.counts, { computed: 0, known: 0 });
}
