import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomFrom } from '../trials/random.ts';
import { seededUnitVector, seedOf } from './seeded-vectors.ts';

export interface EmbeddingEndpoint {
  readonly baseUrl: string;
  close(): Promise<void>;
}

export const ENDPOINT_MODEL = { id: 'seeded-vectors', dimension: 384 };

/** An OpenAI-compatible endpoint in this process that answers every text with the vector its characters are the seed of. */
export async function startEmbeddingEndpoint(): Promise<EmbeddingEndpoint> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => {
      const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { input: string | readonly string[] };
      const texts = typeof input === 'string' ? [input] : input;
      const data = texts.map((text, index) => ({
        object: 'embedding',
        index,
        embedding: [...seededUnitVector(randomFrom(seedOf(text)), ENDPOINT_MODEL.dimension)],
      }));
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ object: 'list', data, model: ENDPOINT_MODEL.id, usage: { prompt_tokens: 0, total_tokens: 0 } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
