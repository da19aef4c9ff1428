import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ProxyOptions {
  /** Of the model, up to and including its version; null: replies come from the folder alone. */
  readonly baseUrl: string | null;
  readonly apiKey: string | null;
  /** Where replies are kept; null: nowhere. */
  readonly folder: string | null;
  readonly replays: boolean;
}

/** A reply as it is kept. */
interface Recording {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface ChatBody {
  readonly model?: unknown;
  readonly messages?: unknown;
  readonly response_format?: unknown;
}

const JSON_TYPE = 'application/json';
const VERSION_PATH = '/v1';

/** The same for the same question to the same model, whatever limits it is asked under. */
export function recordingName(body: string): string {
  const { model, messages, response_format: format } = JSON.parse(body) as ChatBody;
  return createHash('sha256')
    .update(JSON.stringify([model, messages, format ?? null]))
    .digest('hex')
    .slice(0, 32);
}

/** Stands before a model: counts what it is asked, keeps its replies in a folder, and gives them again. */
export class ModelProxy {
  /** Questions to the model so far, repeated ones included. */
  calls = 0;
  /** Names of recordings that were asked for and are not there. */
  readonly missing = new Set<string>();
  private readonly options: ProxyOptions;
  private readonly server = createServer((incoming, outgoing) => {
    this.serve(incoming, outgoing).catch((error: unknown) => answer(outgoing, failure(502, String(error))));
  });

  private constructor(options: ProxyOptions) {
    this.options = options;
  }

  static async start(options: ProxyOptions): Promise<ModelProxy> {
    if (options.folder !== null) await mkdir(options.folder, { recursive: true });
    const proxy = new ModelProxy(options);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  /** For the setting of a server that is to use the model. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${VERSION_PATH}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const path = (incoming.url ?? '').slice(VERSION_PATH.length);
    const isChat = path.startsWith('/chat/completions');
    if (isChat) this.calls += 1;
    const reply = isChat ? await this.chatReply(path, body) : await this.forward(path, incoming.method ?? 'GET', body);
    answer(outgoing, reply);
  }

  private async chatReply(path: string, body: string): Promise<Recording> {
    const { folder, replays } = this.options;
    const name = `${recordingName(body)}.json`;
    const file = folder === null ? null : join(folder, name);
    if (file !== null && existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Recording;
    if (replays) {
      this.missing.add(name);
      return failure(404, `no recording ${name}`);
    }
    const reply = await this.forward(path, 'POST', body);
    // A refusal may be gone the next time.
    if (file !== null && reply.status === 200) await writeFile(file, `${JSON.stringify(reply, null, 2)}\n`);
    return reply;
  }

  private async forward(path: string, method: string, body: string): Promise<Recording> {
    const { baseUrl, apiKey } = this.options;
    if (baseUrl === null) return failure(404, 'nothing but recordings here');
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { 'content-type': JSON_TYPE, ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }) },
      ...(method === 'GET' ? {} : { body }),
    });
    return { status: response.status, contentType: response.headers.get('content-type') ?? JSON_TYPE, body: await response.text() };
  }
}

const failure = (status: number, message: string): Recording => ({
  status,
  contentType: JSON_TYPE,
  body: JSON.stringify({ error: { message } }),
});

function answer(outgoing: ServerResponse, { status, contentType, body }: Recording): void {
  outgoing.writeHead(status, { 'content-type': contentType });
  outgoing.end(body);
}
