import cluster from 'node:cluster';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /**
   * Lets other processes listen on the same port, so that a new server begins beside the one it takes the place of; the kernel
   * shares new connections out between them (`SO_REUSEPORT`, Linux alone). A worker of `node:cluster` shares the listener of its
   * primary instead, which loses no connection when one of them stops.
   */
  readonly reusePort: boolean;
}

export interface Listening {
  /** The port that was taken. */
  readonly port: number;
  /** Where a client on this machine finds the server: `http://127.0.0.1:8787`. */
  readonly origin: string;
}

/** Opens the HTTP door. @throws the error of the operating system when the port cannot be taken. */
export async function listenOn(app: NestFastifyApplication, { host, port, reusePort }: ListenOptions): Promise<Listening> {
  // Fastify hands what it does not know on to Node, whose option `reusePort` is.
  const options = { host, port, ...(reusePort && !cluster.isWorker ? { reusePort } : {}) };
  await app.listen(options);
  const taken = ((app.getHttpServer() as Server).address() as AddressInfo).port;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return { port: taken, origin: `http://${name.includes(':') ? `[${name}]` : name}:${taken}` };
}
