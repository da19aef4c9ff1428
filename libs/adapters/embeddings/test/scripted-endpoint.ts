import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EndpointRequest {
  readonly authorization: string | undefined;
  readonly model: string;
  readonly input: readonly string[];
}

/** What the endpoint does instead of answering well. */
export type Mood = 'well' | 'down' | 'limiting' | 'silent' | 'garbled' | 'refusing';

/** Concepts the endpoint understands, in two languages: each is one direction of its vectors. */
const CONCEPTS = [/trip|vacation|going|城市/u, /dentist|teeth|牙医/u];
const DIMENSION = 16;

/** A tiny OpenAI-compatible embedding endpoint: a text's vector follows from the text alone. Records what it was asked. */
export class ScriptedEndpoint {
  readonly requests: EndpointRequest[] = [];
  mood: Mood = 'well';
  retryAfter = '60';
  dimension = DIMENSION;
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = JSON.parse(Buffer.concat(pieces).toString('utf8')) as { model: string; input: string[] };
    this.requests.push({ authorization: request.headers.authorization, model: body.model, input: body.input });
    if (this.mood === 'silent') return;
    if (this.mood === 'down') return void response.writeHead(503).end('{}');
    if (this.mood === 'refusing') return void response.writeHead(400).end('{}');
    if (this.mood === 'limiting') return void response.writeHead(429, { 'retry-after': this.retryAfter }).end('{}');
    if (this.mood === 'garbled') return void response.writeHead(200).end('<html>');
    const data = body.input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text, this.dimension) }));
    // In reverse: the index counts, not the place.
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data: data.toReversed() }));
  }
}

function vectorOf(text: string, dimension: number): number[] {
  const noise = createHash('sha512').update(text).digest();
  const vector = Array.from({ length: dimension }, (_, index) => (noise[index] ?? 0) / 512);
  CONCEPTS.forEach((concept, index) => {
    if (concept.test(text)) vector[index] = 3;
  });
  return vector;
}
