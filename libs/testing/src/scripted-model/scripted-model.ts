import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeAnswer, writeJson } from './chat-completion-writer.ts';
import { RecordedRequest } from './recorded-request.ts';
import { scriptedEmbedding } from './scripted-embedding.ts';
import { says, type ScriptedReply } from './scripted-reply.ts';

/** What an unscripted chat request is answered with. */
export const UNSCRIPTED_ANSWER = 'This is the scripted model.';

export type ReplyHandler = (request: RecordedRequest) => ScriptedReply | Promise<ScriptedReply>;

export interface ScriptedModelOptions {
  /** Listed by `/v1/models`. Default one, `scripted-model`. */
  readonly models?: readonly string[];
  /** Length of the vectors of `/v1/embeddings`. Default 32. */
  readonly dimension?: number;
}

/**
 * An HTTP server on loopback that speaks the OpenAI protocol, records what it is sent and answers from a script: first the queued
 * replies, then the handler, then a fixed sentence.
 */
export class ScriptedModel {
  /** Every chat and embedding request so far, oldest first. */
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #options: Required<ScriptedModelOptions>;
  #queue: ScriptedReply[] = [];
  #handler: ReplyHandler | null = null;
  #arrivals: (() => void)[] = [];

  private constructor(options: ScriptedModelOptions) {
    this.#options = { models: options.models ?? ['scripted-model'], dimension: options.dimension ?? 32 };
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
    const model = new ScriptedModel(options);
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    return model;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** With `/v1`, ready for a base URL setting. */
  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** Queues replies: one per chat request, in order. */
  next(...replies: readonly ScriptedReply[]): this {
    this.#queue.push(...replies);
    return this;
  }

  /** Decides on every chat request the queue has no reply for. */
  always(handler: ReplyHandler | ScriptedReply): this {
    this.#handler = typeof handler === 'function' ? handler : () => handler;
    return this;
  }

  /** Chat requests so far, oldest first. */
  get chats(): readonly RecordedRequest[] {
    return this.requests.filter((request) => request.path.endsWith('/chat/completions'));
  }

  /** The newest chat request. Throws when there was none. */
  get lastChat(): RecordedRequest {
    const last = this.chats.at(-1);
    if (last === undefined) throw new Error('The scripted model has received no chat request.');
    return last;
  }

  /** Resolves with the chat request of this number, counted from 1, now or when it arrives. */
  async chat(number: number): Promise<RecordedRequest> {
    for (;;) {
      const request = this.chats[number - 1];
      if (request !== undefined) return request;
      await new Promise<void>((resolve) => this.#arrivals.push(resolve));
    }
  }

  /** Forgets script and records; open exchanges go on. */
  reset(): void {
    this.requests.length = 0;
    this.#queue = [];
    this.#handler = null;
  }

  /** Ends every connection, hanging ones included; a second call does nothing. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (request.method === 'GET' && path === '/v1/models') {
      const data = this.#options.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'scripted' }));
      return writeJson(response, 200, { object: 'list', data });
    }
    const recorded = new RecordedRequest(request, await readBody(request));
    response.on('close', () => recorded.end(response.writableFinished));
    this.requests.push(recorded);
    for (const arrived of this.#arrivals.splice(0)) arrived();
    if (path === '/v1/chat/completions') return this.#play(recorded, response);
    if (path === '/v1/embeddings') return this.#embed(recorded, response);
    writeJson(response, 404, { error: { message: 'Unknown path.' } });
  }

  async #play(request: RecordedRequest, response: ServerResponse): Promise<void> {
    const reply = this.#queue.shift() ?? (await this.#handler?.(request)) ?? says(UNSCRIPTED_ANSWER);
    switch (reply.kind) {
      case 'says':
        return writeAnswer(request, response, reply.text, reply.options);
      case 'status':
        return writeJson(response, reply.status, reply.body, reply.headers);
      case 'no-choice':
        if (!request.streamed) return writeJson(response, 200, { object: 'chat.completion', choices: [] });
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        return void response.end('data: {"object":"chat.completion.chunk","choices":[]}\n\ndata: [DONE]\n\n');
      case 'hang':
        return;
      case 'reset':
        return void response.socket?.resetAndDestroy();
    }
  }

  #embed(request: RecordedRequest, response: ServerResponse): void {
    const input = request.body['input'];
    const texts = Array.isArray(input) ? input.map(String) : [String(input)];
    const data = texts.map((text, index) => {
      const vector = scriptedEmbedding(text, this.#options.dimension);
      const asBase64 = request.body['encoding_format'] === 'base64';
      return {
        object: 'embedding',
        index,
        embedding: asBase64 ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector,
      };
    });
    const tokens = texts.reduce((sum, text) => sum + text.split(/\s+/u).length, 0);
    writeJson(response, 200, {
      object: 'list',
      data,
      model: request.body['model'],
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
