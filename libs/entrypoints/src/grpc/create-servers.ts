import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@continuo/platform';
import {
  CHAT_MODEL,
  type ChatModel,
  EMBEDDING_MODEL,
  type EmbeddingModel,
  type IndexWriter,
  MEMORY_INDEX,
  RECALL_API,
  type RecallApi,
  STRUCTURED_MODEL,
  type StructuredModel,
} from '@continuo/ports';
import type { Provider, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { GenerationHandlers } from './generation-handlers.ts';
import { EmbeddingHandlers, IndexHandlers, RecallHandlers } from './recall-handlers.ts';
import { RpcCalls, type RpcMetrics } from './rpc-calls.ts';
import { type RpcServerTls, ServiceServer } from './service-server.ts';

export interface RpcServerOptions {
  /** What every call has to carry; never empty. */
  readonly token: string;
  /** Null: in the clear. */
  readonly tls: RpcServerTls | null;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly log: Log;
  readonly metrics?: RpcMetrics;
  /** Clients connect anew after this time and so find new replicas. Default 60,000. */
  readonly maxConnectionAgeMs?: number;
  /** The longest a call may last on a connection that is to go; longer than any answer. Default 660,000. */
  readonly longestCallMs?: number;
  /** How long it says that it leaves before it stops listening: what balances by the health service needs a moment. Default 0. */
  readonly drainMs?: number;
}

export interface RpcServer {
  /** Where it listens. */
  readonly port: number;
  /** Health says `NOT_SERVING` from now on; calls are served as before. */
  announceLeaving(): void;
  /** Stops listening, lets running calls finish within the grace, then cuts them with `draining`. A second call waits for the first. */
  close(graceMs: number): Promise<void>;
}

const DEFAULT_CONNECTION_AGE_MS = 60_000;
const DEFAULT_LONGEST_CALL_MS = 660_000;

/** Serves recall, the index's writing side and the embedder of this process. Listens once resolved. */
export function createRecallServer(
  options: RpcServerOptions & { readonly recall: RecallApi; readonly index: IndexWriter; readonly embedder: EmbeddingModel },
): Promise<RpcServer> {
  return serve(options, {
    services: { recall: 'Recall', index: 'Index', embedding: 'Embedding' },
    handlers: [RecallHandlers, IndexHandlers, EmbeddingHandlers],
    providers: [
      { provide: RECALL_API, useValue: options.recall },
      { provide: MEMORY_INDEX, useValue: options.index },
      { provide: EMBEDDING_MODEL, useValue: options.embedder },
    ],
  });
}

/** Serves the chat models of this process. Listens once resolved. */
export function createGenerationServer(
  options: RpcServerOptions & { readonly chat: ChatModel; readonly structured: StructuredModel },
): Promise<RpcServer> {
  return serve(options, {
    services: { generation: 'Generation' },
    handlers: [GenerationHandlers],
    providers: [
      { provide: CHAT_MODEL, useValue: options.chat },
      { provide: STRUCTURED_MODEL, useValue: options.structured },
    ],
  });
}

interface Room {
  readonly services: Readonly<Record<string, string>>;
  readonly handlers: readonly Type[];
  readonly providers: readonly Provider[];
}

async function serve(options: RpcServerOptions, room: Room): Promise<RpcServer> {
  const calls = new RpcCalls(options);
  const strategy = new ServiceServer({
    services: room.services,
    calls,
    tls: options.tls,
    host: options.host,
    port: options.port,
    maxConnectionAgeMs: options.maxConnectionAgeMs ?? DEFAULT_CONNECTION_AGE_MS,
    longestCallMs: options.longestCallMs ?? DEFAULT_LONGEST_CALL_MS,
  });
  const module = class ServiceModule {};
  const application = await NestFactory.createMicroservice<MicroserviceOptions>(
    { module, controllers: [...room.handlers], providers: [{ provide: RpcCalls, useValue: calls }, ...room.providers] },
    { strategy, logger: false, abortOnError: false },
  );
  await application.listen();
  let closing: Promise<void> | null = null;
  const close = async (graceMs: number): Promise<void> => {
    strategy.announceLeaving();
    await sleep(options.drainMs ?? 0);
    await strategy.leave(graceMs);
    await application.close();
  };
  return {
    port: strategy.port,
    announceLeaving: () => strategy.announceLeaving(),
    close: (graceMs) => (closing ??= close(graceMs)),
  };
}
