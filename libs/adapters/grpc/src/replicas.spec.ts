import { forEachKind } from '@continuo/domain';
import type { RpcServer } from '@continuo/entrypoints';
import type { ChatModel, ChatModelEvent, ChatModelRequest, RecallApi, RecallRequest, RecallResult } from '@continuo/ports';
import { aRecallResult, aScope } from '@continuo/testing';
import { Passage } from '../test/passage.ts';
import { addressOf, Services } from '../test/services.ts';
import type { GenerationClient, RecallClient } from './open-clients.ts';

const services = new Services();
const passages: Passage[] = [];
const loads: { stop(): Promise<void> }[] = [];
/** Tests here wait for things to come about, on a busy machine for long. */
const PATIENT_MS = 60_000;
afterEach(async () => {
  await Promise.all(loads.splice(0).map((each) => each.stop()));
  await services.close();
  await Promise.all(passages.splice(0).map((passage) => passage.cut()));
});

const REQUEST: RecallRequest = {
  scope: aScope(),
  query: 'tea',
  conversationId: null,
  filter: null,
  limits: forEachKind(() => 1),
  others: [],
  together: null,
  minRelativity: 0,
  explainIds: [],
};
const RESULT = aRecallResult({ state: 'ok' });

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Recall that counts what it is asked and takes a moment. */
class CountedRecall implements RecallApi {
  readonly queries: string[] = [];

  async search(request: RecallRequest): Promise<RecallResult> {
    this.queries.push(request.query);
    await sleep(5);
    return RESULT;
  }
}

async function until(holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`It did not come about within ${withinMs} ms.`);
    await sleep(10);
  }
}

/** Both replicas have been reached: from now on they take turns. */
async function warm(client: RecallClient, replicas: readonly CountedRecall[]): Promise<void> {
  await until(async () => {
    await client.recall.search({ ...REQUEST, query: 'warm' }, {});
    return replicas.every(({ queries }) => queries.length > 1);
  });
  for (const { queries } of replicas) queries.length = 0;
}

/** Asks all the time, sixteen at once, until told to stop. */
function load(client: RecallClient): { readonly results: RecallResult[]; stop(): Promise<void> } {
  const results: RecallResult[] = [];
  let isOver = false;
  let asked = 0;
  const callers = Array.from({ length: 16 }, async () => {
    while (!isOver) results.push(await client.recall.search({ ...REQUEST, query: `q${(asked += 1)}` }, {}));
  });
  const running = {
    results,
    stop: async () => {
      isOver = true;
      await Promise.all(callers);
    },
  };
  loads.push(running);
  return running;
}

/** How many answers were not whole. */
const degraded = (results: readonly RecallResult[]): number => results.filter(({ state }) => state !== 'ok').length;

describe('two replicas of recall', () => {
  it(
    'share requests evenly, and each runs exactly once',
    async () => {
      const replicas = [new CountedRecall(), new CountedRecall()];
      const servers = await Promise.all(replicas.map((recall) => services.recallServer({ recall })));
      const client = await services.recallClient(servers.map(addressOf).join(','));
      await warm(client, replicas);
      await Promise.all(Array.from({ length: 500 }, (_, place) => client.recall.search({ ...REQUEST, query: `q${place}` }, {})));
      const counts = replicas.map(({ queries }) => queries.length);
      expect(Math.abs((counts[0] ?? 0) - 250)).toBeLessThanOrEqual(1);
      expect(replicas.flatMap(({ queries }) => queries).toSorted()).toEqual(
        Array.from({ length: 500 }, (_, place) => `q${place}`).toSorted(),
      );
    },
    PATIENT_MS,
  );

  it(
    'lose one to a cut of power under load without an error, and use it again when it is back',
    async () => {
      const replicas = [new CountedRecall(), new CountedRecall()];
      const servers = await Promise.all(replicas.map((recall) => services.recallServer({ recall })));
      for (const server of servers) {
        const passage = new Passage(() => server.port);
        passages.push(passage);
        await passage.open();
      }
      const client = await services.recallClient(passages.map(({ port }) => `127.0.0.1:${port}`).join(','));
      await warm(client, replicas);
      const asking = load(client);
      await until(() => asking.results.length > 300);
      await passages[0]?.cut();
      const atCut = asking.results.length;
      await until(() => asking.results.length > atCut + 500);
      await passages[0]?.open();
      const [back] = replicas;
      const before = back?.queries.length ?? 0;
      await until(() => (back?.queries.length ?? 0) > before + 50);
      await asking.stop();
      expect(degraded(asking.results)).toBe(0);
    },
    PATIENT_MS,
  );

  it(
    'drain one under load without an error, and use its successor on the same port',
    async () => {
      const replicas = [new CountedRecall(), new CountedRecall()];
      const servers = await Promise.all(replicas.map((recall) => services.recallServer({ recall })));
      const client = await services.recallClient(servers.map(addressOf).join(','));
      await warm(client, replicas);
      const asking = load(client);
      await until(() => asking.results.length > 300);
      await servers[0]?.close(5_000);
      const atClose = replicas[0]?.queries.length;
      const answered = asking.results.length;
      await until(() => asking.results.length > answered + 300);
      expect(replicas[0]?.queries.length).toBe(atClose);
      const successor = new CountedRecall();
      await services.recallServer({ recall: successor, port: servers[0]?.port ?? 0 });
      await until(() => successor.queries.length > 50);
      await asking.stop();
      expect(degraded(asking.results)).toBe(0);
    },
    PATIENT_MS,
  );

  it(
    'renew their connections by and by without an error',
    async () => {
      const recall = new CountedRecall();
      const server = await services.recallServer({ recall, maxConnectionAgeMs: 200 });
      const client = await services.recallClient(server);
      const asking = load(client);
      await sleep(1_500);
      await asking.stop();
      expect(asking.results.length).toBeGreaterThan(30);
      expect(degraded(asking.results)).toBe(0);
    },
    PATIENT_MS,
  );

  it(
    'are all away: a recall without arms, soon',
    async () => {
      const server = await services.recallServer();
      await server.close(0);
      const client = await services.recallClient(server);
      const result = await client.recall.search(REQUEST, { deadlineAt: Date.now() + 5_000 });
      expect(result).toMatchObject({ state: 'degraded', facts: [], missingArms: ['words', 'vectors', 'overlay'] });
      await expect(client.index.count(null)).rejects.toMatchObject({ code: 'index_unavailable' });
      expect(await client.isServing()).toBe(false);
    },
    PATIENT_MS,
  );
});

const PROMPT: ChatModelRequest = { scope: aScope(), modelName: null, messages: [], temperature: 0, topP: 1, maxTokens: 1 };
const END: ChatModelEvent = { type: 'end', finish: 'stop', usage: { promptTokens: 1, answerTokens: 1 } };

/** Says five pieces, slowly. */
class SlowModel implements ChatModel {
  started = 0;
  readonly #pauseMs: number;

  constructor(pauseMs = 40) {
    this.#pauseMs = pauseMs;
  }

  describe(): ReturnType<ChatModel['describe']> {
    return { available: true, models: [], reason: 'slow' };
  }

  async *stream(): AsyncGenerator<ChatModelEvent> {
    this.started += 1;
    for (const text of 'abcde') {
      await sleep(this.#pauseMs);
      yield { type: 'text', text };
    }
    yield END;
  }
}

async function said(client: GenerationClient, onPiece: () => void = () => undefined): Promise<string> {
  let text = '';
  for await (const event of client.chat.stream(PROMPT, {})) {
    onPiece();
    text += event.type === 'text' ? event.text : event.type === 'end' ? '.' : '';
  }
  return text;
}

/** Both have been reached. */
async function warmModels(client: GenerationClient, models: readonly SlowModel[]): Promise<void> {
  await until(async () => {
    await said(client);
    return models.every(({ started }) => started > 0);
  });
  for (const model of models) model.started = 0;
}

describe('two replicas of generation', () => {
  async function two(): Promise<{ models: SlowModel[]; servers: RpcServer[]; client: GenerationClient }> {
    const models = [new SlowModel(), new SlowModel()];
    const servers = await Promise.all(models.map((chat) => services.generationServer({ chat })));
    const client = await services.generationClient(servers.map(addressOf).join(','));
    await warmModels(client, models);
    return { models, servers, client };
  }

  it(
    'share answers evenly, and each is asked for exactly once',
    async () => {
      const { models, client } = await two();
      expect(await Promise.all(Array.from({ length: 40 }, () => said(client)))).toEqual(Array.from({ length: 40 }, () => 'abcde.'));
      expect(models.map(({ started }) => started)).toEqual([20, 20]);
    },
    PATIENT_MS,
  );

  it(
    'drain one under load: no error and no answer cut',
    async () => {
      const { models, servers, client } = await two();
      const answers: Promise<string>[] = [];
      for (let round = 0; round < 60; round += 1) {
        answers.push(said(client));
        if (round === 20) void servers[0]?.close(10_000);
        await sleep(10);
      }
      expect(await Promise.all(answers)).toEqual(answers.map(() => 'abcde.'));
      expect((models[0]?.started ?? 0) + (models[1]?.started ?? 0)).toBe(60);
    },
    PATIENT_MS,
  );

  it.each<[string, number, string]>([
    ['before the first piece: the model is away', 300, 'model_unavailable'],
    ['in the middle: the answer is cut off', 80, 'model_cut_off'],
  ])(
    'lose one to a cut of power %s, no model is asked twice, and what comes later is answered',
    async (_name, pauseMs, code) => {
      const models = [new SlowModel(pauseMs), new SlowModel(pauseMs)];
      const servers = await Promise.all(models.map((chat) => services.generationServer({ chat })));
      for (const server of servers) {
        const passage = new Passage(() => server.port);
        passages.push(passage);
        await passage.open();
      }
      const client = await services.generationClient(passages.map(({ port }) => `127.0.0.1:${port}`).join(','));
      await warmModels(client, models);
      const begun = new Set<number>();
      const failureOf = (error: unknown): string => (error as { code: string }).code;
      const answers = Array.from({ length: 10 }, (_, place) => said(client, () => begun.add(place)).catch(failureOf));
      await until(() => models.every(({ started }) => started === 5) && (code === 'model_unavailable' || begun.size === 10));
      await passages[0]?.cut();
      const outcomes = await Promise.all(answers);
      expect(outcomes.toSorted()).toEqual([...Array<string>(5).fill('abcde.'), ...Array<string>(5).fill(code)]);
      expect(models.map(({ started }) => started)).toEqual([5, 5]);
      expect(await said(client)).toBe('abcde.');
    },
    PATIENT_MS,
  );
});
