import { Client } from '@grpc/grpc-js';
import { EMBEDDING_RPC, INDEX_RPC, RECALL_RPC, TOKEN_PATTERN } from '@continuo/contracts';
import { type Log, silentLog } from '@continuo/platform';
import type { ChatModel, EmbeddingModel, IndexWriter, RecallApi, StructuredModel } from '@continuo/ports';
import { channelOptions, credentialsOf, type RpcClientTls } from './channel-options.ts';
import { readTarget } from './channel-target.ts';
import { GenerationState } from './generation-state.ts';
import { GrpcChatModel } from './grpc-chat-model.ts';
import { GrpcEmbeddingModel } from './grpc-embedding-model.ts';
import { GrpcIndexWriter } from './grpc-index-writer.ts';
import { GrpcRecall } from './grpc-recall.ts';
import { GrpcStructuredModel } from './grpc-structured-model.ts';
import { letCallsFinishOnClosingSessions } from './pings-of-closing-sessions.ts';
import { RpcChannel } from './rpc-channel.ts';

export interface RpcClientOptions {
  /** `host:port`, `a:1,b:2` or `dns:///name:port`; see `readTarget`. */
  readonly target: string;
  readonly token: string;
  /** Null: in the clear. */
  readonly tls: RpcClientTls | null;
  /** The request that a call is made for at the moment, if any. */
  readonly requestId?: () => string | undefined;
  readonly log?: Log;
}

export interface RecallClientOptions extends RpcClientOptions {
  /** The service's own limit for one recall, as it is configured. Default 2,000. */
  readonly recallTimeoutMs?: number;
}

const RECALL_TIMEOUT_MS = 2_000;
/** What a recall may take beyond the service's own limit, on the way. */
const RECALL_MARGIN_MS = 500;

interface ServiceClient {
  /** True when one of the replicas says that it serves. */
  isServing(): Promise<boolean>;
  /** Stops asking and ends the connections; calls that run fail. */
  close(): Promise<void>;
}

export interface RecallClient extends ServiceClient {
  readonly recall: RecallApi;
  readonly index: IndexWriter;
  /** `open` begins to ask for its state. */
  readonly embedder: EmbeddingModel & { open(): void };
}

export interface GenerationClient extends ServiceClient {
  /** `open` begins to ask which models there are, for `structured` as well. */
  readonly chat: ChatModel & { open(): void };
  readonly structured: StructuredModel;
  /** Resolves when the service has said which models it has (after `chat.open()`): true, or false after that time. For whoever wants to be ready only then. */
  described(withinMs: number): Promise<boolean>;
}

/** Everything of the recall service may be asked twice: reading changes nothing, and writing is decided by versions. */
const REPEATABLE = [RECALL_RPC.search, INDEX_RPC.upsert, EMBEDDING_RPC.embed].map(({ service }) => service);

/**
 * The recall service of other processes. Connects when it is first needed; being away is told by the calls.
 *
 * @throws Error when the target cannot be read, or a name in a list of replicas not be found.
 */
export async function openRecallClient(options: RecallClientOptions): Promise<RecallClient> {
  const channel = await openChannel(options, REPEATABLE);
  const embedder = new GrpcEmbeddingModel(channel);
  return {
    recall: new GrpcRecall(channel, (options.recallTimeoutMs ?? RECALL_TIMEOUT_MS) + RECALL_MARGIN_MS, options.log ?? silentLog),
    index: new GrpcIndexWriter(channel),
    embedder,
    isServing: () => channel.isServing(),
    close: async () => {
      await embedder.close();
      channel.close();
    },
  };
}

/**
 * The generation service of other processes. A call is never repeated once it has left: it could ask a model twice.
 *
 * @throws Error when the target cannot be read, or a name in a list of replicas not be found.
 */
export async function openGenerationClient(options: RpcClientOptions): Promise<GenerationClient> {
  const channel = await openChannel(options, []);
  const state = new GenerationState(channel);
  return {
    chat: new GrpcChatModel(channel, state),
    structured: new GrpcStructuredModel(channel, state),
    described: (withinMs) => state.answered(withinMs),
    isServing: () => channel.isServing(),
    close: async () => {
      state.close();
      channel.close();
    },
  };
}

async function openChannel(options: RpcClientOptions, repeatable: readonly string[]): Promise<RpcChannel> {
  if (!TOKEN_PATTERN.test(options.token)) throw new Error('The service token has to be ASCII characters, and not empty.');
  letCallsFinishOnClosingSessions();
  const { address, authority } = await readTarget(options.target);
  const client = new Client(address, credentialsOf(options.tls), channelOptions(repeatable, authority));
  return new RpcChannel(client, { token: options.token, requestId: options.requestId ?? (() => undefined) });
}
