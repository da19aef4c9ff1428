import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../cache-folder.ts';
import { embeddings, type EmbeddingRole, type LocalModel } from './built-parts.ts';
import { VectorCache } from './vector-cache.ts';

/** What the server puts before texts for this family of models; here they tell the role, and the model puts its own. */
const PREFIXES: Readonly<Record<EmbeddingRole, string>> = { query: 'query: ', passage: 'passage: ' };
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
const SAMPLE = ['a walk by the river', '昨天我们去了博物馆', 'Ana: my sister’s cat is called Otto'];

/** The model of this machine behind the API of an endpoint, with a cache on disk: the same vectors, embedded once. */
export class CachingEmbedder {
  readonly model: string;
  /** How often a vector was computed, and how often it was known. */
  readonly counts = { computed: 0, known: 0 };
  private readonly local: LocalModel;
  private readonly cache: VectorCache;
  private readonly server: Server;

  private constructor(model: string, local: LocalModel, cache: VectorCache) {
    this.model = model;
    this.local = local;
    this.cache = cache;
    this.server = createServer((incoming, outgoing) => {
      this.answer(incoming).then(
        (body) => outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body),
        (error: unknown) => outgoing.writeHead(500).end(String(error)),
      );
    });
  }

  /** @throws Error when the weights were never fetched. */
  static async start(file = join(cacheFolder(), 'bench-recall', 'vectors.sqlite')): Promise<CachingEmbedder> {
    const { createLocalEmbeddingModel, LOCAL_EMBEDDING_MODEL } = await embeddings();
    const local = createLocalEmbeddingModel({
      sources: ['folder'],
      folder: null,
      cacheFolder: cacheFolder(),
      hubEndpoint: null,
      environment: process.env,
    });
    await untilReady(local);
    const embedder = new CachingEmbedder(LOCAL_EMBEDDING_MODEL.id, local, new VectorCache(file, LOCAL_EMBEDDING_MODEL.id));
    embedder.server.listen(0, '127.0.0.1');
    await once(embedder.server, 'listening');
    return embedder;
  }

  /** Settings of a server that embeds here. The name is the local model's own: prefixes and calibration follow from it. */
  get environment(): Readonly<Record<string, string>> {
    const { port } = this.server.address() as AddressInfo;
    return { CONTINUO_EMBEDDING_BASE_URL: `http://127.0.0.1:${port}/v1`, CONTINUO_EMBEDDING_MODEL: this.model };
  }

  /** Embeds what is not known yet, so that no search waits for it. */
  async warm(texts: readonly string[], role: EmbeddingRole): Promise<void> {
    for (const text of texts) await this.vectorOf(normalised(text), role);
  }

  /** The largest difference between a number of the model and the same one as it arrives by HTTP and from the disk. */
  async largestDifference(): Promise<number> {
    const differences = await Promise.all(
      (['query', 'passage'] as const).map(async (role) => {
        const direct = await this.local.embed(SAMPLE, role, {});
        const input = SAMPLE.map((text) => PREFIXES[role] + text);
        const address = `${this.environment['CONTINUO_EMBEDDING_BASE_URL']}/embeddings`;
        const arrived = await Promise.all([0, 1].map(() => fetch(address, { method: 'POST', body: JSON.stringify({ input }) })));
        const replies = (await Promise.all(arrived.map((each) => each.json()))) as { data: { embedding: number[] }[] }[];
        return replies.flatMap(({ data }) =>
          data.flatMap(({ embedding }, place) => embedding.map((value, index) => Math.abs(value - (direct[place]?.[index] ?? NaN)))),
        );
      }),
    );
    return Math.max(...differences.flat());
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await this.local.close();
    this.cache.close();
  }

  private async answer(incoming: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { input } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly input: string | readonly string[] };
    const data: object[] = [];
    for (const [index, text] of (typeof input === 'string' ? [input] : input).entries()) {
      const role = text.startsWith(PREFIXES.query) ? 'query' : 'passage';
      if (!text.startsWith(PREFIXES[role])) throw new Error('a text came without the prefix of its role');
      const vector = await this.vectorOf(text.slice(PREFIXES[role].length), role);
      data.push({ object: 'embedding', index, embedding: [...vector] });
    }
    return JSON.stringify({ object: 'list', data, model: this.model, usage: { prompt_tokens: 0, total_tokens: 0 } });
  }

  private async vectorOf(text: string, role: EmbeddingRole): Promise<Float32Array> {
    const known = this.cache.get(text, role);
    if (known !== null) {
      this.counts.known += 1;
      return known;
    }
    const [vector] = await this.local.embed([text], role, {});
    if (vector === undefined) throw new Error('the model gave no vector');
    this.cache.set(text, role, vector);
    this.counts.computed += 1;
    return vector;
  }
}

/** As the server normalises: texts that differ in white space only have one vector. */
const normalised = (text: string): string => text.toWellFormed().replace(/\s+/gu, ' ').trim();

/** @throws Error, with the model closed, when it does not become ready. */
async function untilReady(local: LocalModel): Promise<void> {
  local.open();
  for (const until = Date.now() + READY_TIMEOUT_MS; Date.now() < until; await sleep(READY_POLL_MS)) {
    const { status } = local.state();
    if (status === 'ready') return;
    if (status === 'failed') break;
  }
  const { reason } = local.state();
  await local.close();
  throw new Error(`the local embedder cannot be used: ${reason}; start the server once to fetch its weights`);
}
