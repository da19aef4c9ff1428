import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { AppError, MAX_RPC_MESSAGE_BYTES, PROTO_FOLDER, PROTO_READING } from '@continuo/contracts';
import { ServerGrpc } from '@nestjs/microservices';
import { HealthImplementation } from 'grpc-health-check';
import type { RpcCalls } from './rpc-calls.ts';

/** PEM texts. With an authority, only clients with a certificate it signed are let in. */
export interface RpcServerTls {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string | null;
}

export interface ServiceServerOptions {
  /** Names of .proto files and of the services in them. */
  readonly services: Readonly<Record<string, string>>;
  readonly calls: RpcCalls;
  readonly tls: RpcServerTls | null;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** A client connects anew after this time, and so finds new replicas. */
  readonly maxConnectionAgeMs: number;
  /** A call on an old connection may last this long: longer than any answer. */
  readonly longestCallMs: number;
}

/** Calls that were cut get this long to say so. */
const LAST_WORDS_MS = 500;
/** A connection without calls that does not go by itself is closed after this. */
const IDLE_CONNECTION_MS = 1_000;

/** Nest's gRPC server; it listens only when its services stand, tells its health and stops without cutting calls. */
export class ServiceServer extends ServerGrpc {
  readonly #options: ServiceServerOptions;
  readonly #health: HealthImplementation;
  #server: Server | null = null;
  #port = 0;

  constructor(options: ServiceServerOptions) {
    super({
      package: 'continuo.v1',
      protoPath: Object.keys(options.services).map((file) => `continuo/v1/${file}.proto`),
      loader: { ...PROTO_READING, includeDirs: [fileURLToPath(PROTO_FOLDER)] },
    });
    this.#options = options;
    const names = ['', ...Object.values(options.services).map((name) => `continuo.v1.${name}`)];
    this.#health = new HealthImplementation(Object.fromEntries(names.map((name) => [name, 'SERVING'])));
  }

  /** Where it listens. */
  get port(): number {
    return this.#port;
  }

  override async createClient(): Promise<Server> {
    const { maxConnectionAgeMs, longestCallMs } = this.#options;
    const server = new Server({
      'grpc.max_receive_message_length': MAX_RPC_MESSAGE_BYTES,
      'grpc.max_send_message_length': MAX_RPC_MESSAGE_BYTES,
      'grpc.max_connection_age_ms': maxConnectionAgeMs,
      // No keepalive beside it: on a connection that closes a ping fails, and grpc-js cuts the calls that still run (grpc-node 3068).
      // A client that is silently gone is let go of by age and grace, and its calls by their deadlines.
      'grpc.max_connection_age_grace_ms': longestCallMs,
    });
    this.#health.addToServer(server);
    this.#server = server;
    return server;
  }

  /** Binds after the services are there; the other way round a client that is quick is told that its method is unknown. */
  override async start(callback?: () => void): Promise<void> {
    await this.bindEvents();
    const { host, port, tls } = this.#options;
    this.#port = await new Promise<number>((resolve, reject) => {
      const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
      this.#server?.bindAsync(address, credentialsOf(tls), (error, bound) => (error === null ? resolve(bound) : reject(error)));
    });
    callback?.();
  }

  /** Says that it serves no more, while it goes on serving. */
  announceLeaving(): void {
    for (const name of ['', ...Object.values(this.#options.services).map((service) => `continuo.v1.${service}`)])
      this.#health.setStatus(name, 'NOT_SERVING');
  }

  /** Takes no new calls, lets those that run finish within the grace, then cuts them with `draining`. */
  async leave(graceMs: number): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.announceLeaving();
    const settled = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    const over = new AbortController();
    const patience = this.#cutAfter(graceMs, over.signal).catch(() => undefined);
    await Promise.race([settled, patience]);
    over.abort();
    server.forceShutdown();
    this.#server = null;
  }

  /** Resolves when there is nothing left to wait for. */
  async #cutAfter(graceMs: number, signal: AbortSignal): Promise<void> {
    const { calls } = this.#options;
    const until = performance.now() + graceMs;
    let idleSince = performance.now();
    while (performance.now() < until) {
      if (calls.running > 0) idleSince = performance.now();
      else if (performance.now() - idleSince > IDLE_CONNECTION_MS) return;
      await sleep(20, undefined, { signal });
    }
    calls.abort(new AppError('draining', 'The service is stopping.'));
    await sleep(LAST_WORDS_MS, undefined, { signal });
  }

  override async close(): Promise<void> {
    await this.leave(0);
  }
}

function credentialsOf(tls: RpcServerTls | null): ServerCredentials {
  if (tls === null) return ServerCredentials.createInsecure();
  const authority = tls.authority === null ? null : Buffer.from(tls.authority);
  return ServerCredentials.createSsl(
    authority,
    [{ private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) }],
    authority !== null,
  );
}
