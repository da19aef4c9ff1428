import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { storeUrl } from './test-index.ts';

export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What stands before the store does with a request: an answer of its own, silence, or nothing (null): the store answers. */
export type Interference = { readonly status: number; readonly body: unknown } | 'silence' | null;

export interface StoreProxy {
  readonly url: string;
  readonly requests: ProxiedRequest[];
  interfere: (request: ProxiedRequest) => Interference;
  /** May change what the store answers. */
  rewrite: (request: ProxiedRequest, answer: string) => string;
  close(): Promise<void>;
}

/** Stands before the real store, so that it can be slow, overloaded or wrong. */
export async function openStoreProxy(): Promise<StoreProxy> {
  const server = createServer((request, response) => void answer(proxy, request, response).catch(() => response.destroy()));
  const proxy: StoreProxy & { url: string } = {
    url: '',
    requests: [],
    interfere: () => null,
    rewrite: (_request, given) => given,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

async function answer(proxy: StoreProxy, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const request = { method: incoming.method ?? '', path: incoming.url ?? '', body: Buffer.concat(parts).toString('utf8') };
  proxy.requests.push(request);
  const interference = proxy.interfere(request);
  if (interference === 'silence') return;
  if (interference !== null) return send(response, interference.status, JSON.stringify(interference.body));
  const passed = await fetch(`${storeUrl()}${request.path}`, {
    method: request.method,
    headers: { 'content-type': incoming.headers['content-type'] ?? 'application/json' },
    ...(request.body === '' ? {} : { body: request.body }),
  });
  send(response, passed.status, proxy.rewrite(request, await passed.text()));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body);
}
