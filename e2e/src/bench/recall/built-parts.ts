const ROOT = '../../../../';

/** The vectors of this machine's own model. */
export interface LocalModel {
  open(): void;
  state(): { readonly status: string; readonly reason: string };
  embed(texts: readonly string[], role: EmbeddingRole, options: object): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

export type EmbeddingRole = 'query' | 'passage';

interface Embeddings {
  createLocalEmbeddingModel(options: {
    readonly sources: readonly string[];
    readonly folder: null;
    readonly cacheFolder: string;
    readonly hubEndpoint: null;
    readonly environment: Readonly<Record<string, string | undefined>>;
  }): LocalModel;
  readonly LOCAL_EMBEDDING_MODEL: { readonly id: string; readonly dimension: number };
}

interface Tokens {
  readonly O200kTokenCounter: new () => { count(text: string): number };
}

interface Domain {
  readonly RECALL_SIGNALS: readonly string[];
}

/** The embedder as the server under test has it, as built. */
export const embeddings = (): Promise<Embeddings> => load<Embeddings>('libs/adapters/embeddings');

/** One tokenizer for all rows. */
export const tokens = (): Promise<Tokens> => load<Tokens>('libs/adapters/tokens');

/** What can be left out of a search. */
export const recallSignals = async (): Promise<readonly string[]> => (await load<Domain>('libs/domain')).RECALL_SIGNALS;

// Taken as built and by address, as the bench of the cluster takes its stores: what is measured is reached by HTTP alone.
const load = async <Part>(project: string): Promise<Part> =>
  (await import(new URL(`${ROOT}${project}/dist/index.js`, import.meta.url).href)) as Part;
