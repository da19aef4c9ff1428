import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../cache-folder.ts';
import { eventually, System } from '../system.ts';

/** Where `npm test` has put the model before any of this runs. */
const CACHE = cacheFolder();
const KEPT = join(CACHE, 'multilingual-e5-small-int8');
const TRIP = [{ role: 'user', content: 'I have booked a trip to Guangzhou for the summer vacation.' }];
const CITIES = '我去过哪些城市';

/** How much a slow hub sends at a time, and how often. */
const TRICKLE = { bytes: 65_536, everyMs: 50 };

/** Serves the two files of the cache as the hub would; the second half of the model in a trickle until it is opened. */
class LocalHub {
  readonly asked: string[] = [];
  private readonly server: Server;
  private isOpen = false;

  private constructor() {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      void this.serve(request.url ?? '', response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<LocalHub> {
    const hub = new LocalHub();
    hub.server.listen(0, '127.0.0.1');
    await once(hub.server, 'listening');
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on files come whole. */
  open(): void {
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async serve(url: string, response: import('node:http').ServerResponse): Promise<void> {
    const name = url.endsWith('/tokenizer.json') ? 'tokenizer.json' : url.endsWith('.onnx') ? 'model_int8.onnx' : null;
    if (name === null) return void response.writeHead(404).end();
    const file = join(KEPT, name);
    const { size } = await stat(file);
    response.writeHead(200, { 'content-length': size, etag: `"${name}"` });
    let sent = 0;
    if (name === 'model_int8.onnx' && !this.isOpen) {
      sent = Math.floor(size / 2);
      await pour(createReadStream(file, { end: sent - 1 }), response);
      while (!this.isOpen && !response.destroyed && sent < size) {
        await sleep(TRICKLE.everyMs);
        await pour(createReadStream(file, { start: sent, end: Math.min(size, sent + TRICKLE.bytes) - 1 }), response);
        sent += TRICKLE.bytes;
      }
    }
    if (sent < size && !response.destroyed) await pour(createReadStream(file, { start: sent }), response);
    response.end();
  }
}

async function pour(from: NodeJS.ReadableStream, response: import('node:http').ServerResponse): Promise<void> {
  for await (const piece of from) if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

/** `/readyz` as a whole, and what it says of the embeddings. */
async function readiness(system: System): Promise<{ status: string; state: string; words: string }> {
  const { body } = await system.get(`${system.origin}/readyz`);
  return { status: body.status, ...body.parts.find((part: { name: string }) => part.name === 'embeddings') };
}

const complete = (system: System): Promise<void> =>
  eventually(
    async () => expect(await readiness(system)).toMatchObject({ state: 'ready', words: expect.stringContaining('complete') }),
    60_000,
  );

const explained = (system: System, user: string, query: string) =>
  system.post('/search/memory', { user_id: user, query }, { 'X-Continuo-Debug': 'explain' }).then(({ body }) => body.data);

describe('recall by meaning', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ environment: { CONTINUO_EMBEDDING_SOURCES: 'folder', CONTINUO_CACHE_DIR: CACHE } });
    await system.remember('ana', 'c', [...TRIP, { role: 'user', content: 'My brother Tim is a pilot.' }]);
    await complete(system);
  });
  afterAll(() => system.close());

  it('finds an English memory of a trip to Guangzhou for a Chinese question about cities', async () => {
    // The vectors are there; the index follows within moments.
    await eventually(async () => {
      const data = await explained(system, 'ana', CITIES);
      expect(data.memory_detail_list[0]?.memory_value).toContain('Guangzhou');
      expect(data.debug.missing_arms).toEqual([]);
      expect(data.debug.items[0].explanation.cosine).toBeGreaterThan(0.5);
    });
  });

  it('still finds nothing for a greeting', async () => {
    for (const greeting of ['hello', '你好', 'Good morning!']) expect(await system.recall('ana', greeting)).toEqual([]);
  });

  it('embeds what is said later, and answers by it', async () => {
    await system.remember('lin', 'c', [{ role: 'user', content: 'I am allergic to peanuts.' }]);
    await complete(system);
    await eventually(async () =>
      expect((await explained(system, 'lin', '我对什么过敏？')).memory_detail_list[0]?.memory_value).toContain('peanuts'),
    );
  });
});

describe('recall with every source cut off', () => {
  it('goes by words alone, and says so in /readyz and at the start', async () => {
    const system = await System.start({ environment: { CONTINUO_EMBEDDING_SOURCES: '', CONTINUO_CACHE_DIR: CACHE } });
    try {
      expect(system.output).toMatch(/Embedder +none: words alone/);
      expect(await readiness(system)).toMatchObject({ status: 'degraded', state: 'degraded', words: expect.stringMatching(/words alone/) });
      await system.remember('ana', 'c', TRIP);
      const data = await explained(system, 'ana', 'Where is my trip to?');
      expect(data.memory_detail_list[0]?.memory_value).toContain('Guangzhou');
      expect(data.debug.items[0].explanation.cosine).toBeNull();
    } finally {
      await system.close();
    }
  });
});

describe('a machine with an empty cache', () => {
  let hub: LocalHub;
  let cache: string;
  let data: string;
  let started: System[];
  beforeEach(async () => {
    hub = await LocalHub.start();
    cache = await mkdtemp(join(tmpdir(), 'continuo-cache-'));
    started = [];
    data = await mkdtemp(join(tmpdir(), 'continuo-embedding-'));
  });
  afterEach(async () => {
    for (const system of started) await system.stop('SIGKILL');
    await hub.close();
    await rm(cache, { recursive: true, force: true });
    await rm(data, { recursive: true, force: true });
  });

  const start = async (): Promise<System> => {
    const environment = { CONTINUO_EMBEDDING_SOURCES: 'hub', CONTINUO_CACHE_DIR: cache, HF_ENDPOINT: hub.url };
    const system = await System.start({ dataDirectory: data, environment });
    started.push(system);
    return system;
  };
  /** Half of the model is here, and the rest comes slowly. */
  const halfway = (system: System) =>
    eventually(async () => expect((await readiness(system)).words).toMatch(/words alone until.* [5-9]\d %/), 30_000);

  it('serves at once by words while the model arrives, says how far it is, and then recalls by meaning what was said before', async () => {
    const system = await start();
    try {
      expect(system.output).toMatch(/Embedder +words alone until the model is here/);
      await system.remember('ana', 'c', TRIP);
      expect(await system.recall('ana', 'Where is my trip to?')).toEqual([expect.stringContaining('Guangzhou')]);
      await halfway(system);
      expect((await readiness(system)).status).toBe('degraded');
      const before = await explained(system, 'ana', CITIES);
      expect(before.debug.items.every((item: { explanation: { cosine: number | null } }) => item.explanation.cosine === null)).toBe(true);

      hub.open();
      await complete(system);
      await eventually(async () => {
        const after = await explained(system, 'ana', CITIES);
        expect(after.memory_detail_list[0]?.memory_value).toContain('Guangzhou');
        expect(after.debug.items[0].explanation.cosine).toBeGreaterThan(0.5);
      });
    } finally {
      await system.close();
    }
  });

  it('loses nothing when it is killed during the download and again during the fill', async () => {
    const first = await start();
    await first.remember('ana', 'c', TRIP);
    const many = Array.from({ length: 60 }, (_, index) => ({
      role: 'user',
      content: `My cousin number ${index + 1} lives in a house of ${index + 2} rooms.`,
    }));
    await first.remember('ana', 'd', many);
    await halfway(first);
    await first.stop('SIGKILL');
    expect(existsSync(join(cache, 'multilingual-e5-small-int8'))).toBe(false);

    hub.open();
    const second = await start();
    await eventually(async () => expect((await readiness(second)).words).toMatch(/filling|complete/), 60_000);
    await second.stop('SIGKILL');
    expect((await readdir(cache)).filter((name) => name.includes('partial'))).toEqual([]);

    const asked = hub.asked.length;
    const third = await start();
    try {
      await complete(third);
      expect(hub.asked).toHaveLength(asked);
      await eventually(async () =>
        expect((await explained(third, 'ana', CITIES)).memory_detail_list[0]?.memory_value).toContain('Guangzhou'),
      );
      const { body } = await third.post('/get/memory', { user_id: 'ana', size: 50 });
      expect(new Set(body.data.memory_detail_list.map((item: { memory_value: string }) => item.memory_value)).size).toBe(
        body.data.memory_detail_list.length,
      );
    } finally {
      await third.stop();
    }
  });
});
