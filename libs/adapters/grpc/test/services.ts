import { createGenerationServer, createRecallServer, type RpcServer, type RpcServerOptions } from '@continuo/entrypoints';
import { silentLog } from '@continuo/platform';
import type { ChatModel, EmbeddingModel, IndexWriter, RecallApi, StructuredModel } from '@continuo/ports';
import {
  type GenerationClient,
  openGenerationClient,
  openRecallClient,
  type RecallClient,
  type RpcClientOptions,
} from '../src/open-clients.ts';

export const TOKEN = 'the-token-of-the-specs';

const refuses = (what: string): never => {
  throw new Error(`The spec did not expect to be asked for ${what}.`);
};

const NO_RECALL: RecallApi = { search: async () => refuses('recall') };
export const NO_INDEX: IndexWriter = {
  upsert: async () => refuses('an upsert'),
  remove: async () => refuses('a removal'),
  removeScope: async () => refuses('the removal of a scope'),
  count: async () => refuses('a count'),
  sweepTombstones: async () => refuses('a sweep'),
  entries: async () => refuses('entries'),
  needsRefill: async () => refuses('whether it needs a refill'),
  confirmRefill: async () => refuses('the end of a refill'),
};
export const NO_EMBEDDER: EmbeddingModel = {
  state: () => ({ status: 'none', reason: 'The spec has no embedder.' }),
  onState: () => () => undefined,
  embed: async () => refuses('vectors'),
  close: async () => undefined,
};
const NO_CHAT: ChatModel = { stream: () => refuses('an answer'), describe: () => ({ available: true, models: [], reason: 'The spec.' }) };
const NO_STRUCTURED: StructuredModel = { available: () => false, complete: async () => refuses('a structured reply') };

/** Servers and clients of one spec; closes what it opened. */
export class Services {
  readonly #closers: (() => Promise<unknown>)[] = [];

  async recallServer(
    parts: Partial<RpcServerOptions> & {
      readonly recall?: RecallApi;
      readonly index?: IndexWriter;
      readonly embedder?: EmbeddingModel;
    } = {},
  ): Promise<RpcServer> {
    return this.#kept(
      await createRecallServer({
        ...SERVER,
        recall: NO_RECALL,
        index: NO_INDEX,
        embedder: NO_EMBEDDER,
        ...parts,
      }),
      (server) => server.close(0),
    );
  }

  async generationServer(
    parts: Partial<RpcServerOptions> & { readonly chat?: ChatModel; readonly structured?: StructuredModel } = {},
  ): Promise<RpcServer> {
    return this.#kept(await createGenerationServer({ ...SERVER, chat: NO_CHAT, structured: NO_STRUCTURED, ...parts }), (server) =>
      server.close(0),
    );
  }

  async recallClient(target: string | RpcServer, parts: Partial<RpcClientOptions> = {}): Promise<RecallClient> {
    return this.#kept(await openRecallClient({ ...CLIENT, target: addressOf(target), ...parts }), (client) => client.close());
  }

  async generationClient(target: string | RpcServer, parts: Partial<RpcClientOptions> = {}): Promise<GenerationClient> {
    return this.#kept(await openGenerationClient({ ...CLIENT, target: addressOf(target), ...parts }), (client) => client.close());
  }

  /** Clients first, in reverse order of opening. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).toReversed()) await close();
  }

  #kept<Opened>(opened: Opened, close: (opened: Opened) => Promise<unknown>): Opened {
    this.#closers.push(() => close(opened));
    return opened;
  }
}

const SERVER = { token: TOKEN, tls: null, host: '127.0.0.1', port: 0, log: silentLog } as const;
const CLIENT = { token: TOKEN, tls: null } as const;

export const addressOf = (target: string | RpcServer): string => (typeof target === 'string' ? target : `127.0.0.1:${target.port}`);
