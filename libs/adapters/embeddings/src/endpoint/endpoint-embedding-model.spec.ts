import type { EmbedderState } from '@continuo/ports';
import { ScriptedEndpoint } from '../../test/scripted-endpoint.ts';
import { untilState, untilStatus } from '../../test/until-state.ts';
import { EndpointEmbeddingModel, type EndpointEmbeddingModelOptions } from './endpoint-embedding-model.ts';

describe('the embedder behind an endpoint', () => {
  let endpoint: ScriptedEndpoint;
  let baseUrl: string;
  let opened: EndpointEmbeddingModel[];

  beforeEach(async () => {
    opened = [];
    endpoint = new ScriptedEndpoint();
    baseUrl = await endpoint.start();
  });
  afterEach(async () => {
    await Promise.all(opened.map((embedder) => embedder.close()));
    await endpoint.stop();
  });

  function anEmbedder(changes: Partial<EndpointEmbeddingModelOptions> = {}): EndpointEmbeddingModel {
    const embedder = new EndpointEmbeddingModel({ baseUrl, apiKey: 'secret-key', model: 'hub/e5-base', probeAgainAfterMs: 1, ...changes });
    opened.push(embedder);
    return embedder;
  }

  async function ready(changes: Partial<EndpointEmbeddingModelOptions> = {}): Promise<EndpointEmbeddingModel> {
    const embedder = anEmbedder(changes);
    embedder.open();
    await untilStatus(embedder, 'ready');
    endpoint.requests.length = 0;
    return embedder;
  }

  const fails = (embedder: EndpointEmbeddingModel, text = 'x'): Promise<void> =>
    expect(embedder.embed([text], 'passage', {})).rejects.toMatchObject({ code: 'embedder_unavailable' });

  it('asks for the dimension before it is ready, with key and model', async () => {
    const embedder = anEmbedder();
    expect(endpoint.requests).toEqual([]);
    embedder.open();
    expect(await untilStatus(embedder, 'ready')).toMatchObject({ model: { id: 'hub/e5-base', dimension: 16 } });
    expect(endpoint.requests).toMatchObject([{ authorization: 'Bearer secret-key', model: 'hub/e5-base' }]);
  });

  it('puts configured prefixes before texts', async () => {
    const embedder = await ready({ prefixes: { query: 'Q:', passage: 'P:' } });
    await embedder.embed(['a'], 'query', {});
    await embedder.embed(['b'], 'passage', {});
    expect(endpoint.requests.map((request) => request.input)).toEqual([['Q:a'], ['P:b']]);
  });

  it('adds query and passage prefixes for e5 models', async () => {
    const embedder = await ready();
    await embedder.embed([' a \n b '], 'query', {});
    await embedder.embed(['c'], 'passage', {});
    expect(endpoint.requests.map((request) => request.input)).toEqual([['query: a b'], ['passage: c']]);
  });

  it('asks without a key where none is configured', async () => {
    const embedder = await ready({ apiKey: null, baseUrl: `${baseUrl}/` });
    await embedder.embed(['a'], 'query', {});
    expect(endpoint.requests[0]?.authorization).toBeUndefined();
  });

  it('sends at most 64 texts at once, and a known query not again', async () => {
    const embedder = await ready();
    await embedder.embed(
      Array.from({ length: 130 }, (_, index) => `text ${index}`),
      'passage',
      {},
    );
    await embedder.embed(['known'], 'query', {});
    await embedder.embed(['known'], 'query', {});
    expect(endpoint.requests.map((request) => request.input.length)).toEqual([64, 64, 2, 1]);
  });

  it('sends the end of an endless query and the beginning of an endless passage', async () => {
    const embedder = await ready();
    const text = `start ${'x'.repeat(10_000)} end`;
    await embedder.embed([text], 'query', {});
    await embedder.embed([text], 'passage', {});
    expect(endpoint.requests[0]?.input[0]).toMatch(/^query: x{5996} end$/u);
    expect(endpoint.requests[1]?.input[0]).toMatch(/^passage: start x{5994}$/u);
  });

  it('asks nothing during a pause the endpoint asked for', async () => {
    const embedder = await ready();
    endpoint.mood = 'limiting';
    await expect(embedder.embed(['x'], 'query', {})).rejects.toMatchObject({
      code: 'embedder_unavailable',
      options: { retryAfterMs: 60_000 },
    });
    endpoint.mood = 'well';
    await fails(embedder);
    await fails(embedder);
    expect(endpoint.requests).toHaveLength(1);
    expect(embedder.state().status).toBe('ready');
  });

  it('goes on after the pause', async () => {
    const embedder = await ready();
    endpoint.mood = 'limiting';
    endpoint.retryAfter = '0';
    await fails(embedder);
    endpoint.mood = 'well';
    expect(await embedder.embed(['x'], 'query', {})).toHaveLength(1);
  });

  it.each(['down', 'garbled'] as const)(
    'asks nothing more after three failures in a row of an endpoint that is %s, until a probe succeeds',
    async (mood) => {
      const embedder = await ready({ probeAgainAfterMs: 3_600_000 });
      const states: EmbedderState[] = [];
      embedder.onState((state) => states.push(state));
      endpoint.mood = mood;
      for (let attempt = 0; attempt < 6; attempt += 1) await fails(embedder);
      expect(endpoint.requests).toHaveLength(3);
      expect(states.map((state) => state.status)).toEqual(['ready', 'failed']);
      expect(states[1]?.reason).toContain('the embedding endpoint of hub/e5-base failed');
    },
  );

  it('is ready again when the endpoint is', async () => {
    const embedder = await ready();
    endpoint.mood = 'down';
    for (let attempt = 0; attempt < 3; attempt += 1) await fails(embedder);
    await untilState(embedder, (state) => state.status === 'failed');
    endpoint.mood = 'well';
    await untilStatus(embedder, 'ready');
    expect(await embedder.embed(['x'], 'query', {})).toHaveLength(1);
  });

  it('does not count refusals of single texts as outages', async () => {
    const embedder = await ready();
    endpoint.mood = 'refusing';
    for (let attempt = 0; attempt < 5; attempt += 1) await fails(embedder);
    expect(embedder.state().status).toBe('ready');
  });

  it('does not count callers that went away or ran out of time', async () => {
    const embedder = await ready();
    endpoint.mood = 'silent';
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(embedder.embed(['x'], 'passage', { deadlineAt: Date.now() + 20 })).rejects.toMatchObject({ code: 'deadline_exceeded' });
    }
    expect(embedder.state().status).toBe('ready');
  });

  it('gives up on an endpoint that stays silent', async () => {
    const embedder = await ready({ timeoutMs: 100 });
    endpoint.mood = 'silent';
    await expect(embedder.embed(['x'], 'passage', {})).rejects.toMatchObject({
      message: expect.stringContaining('no answer within 100 ms'),
    });
  });

  it('refuses vectors of another dimension', async () => {
    const embedder = await ready();
    endpoint.dimension = 8;
    await expect(embedder.embed(['x'], 'passage', {})).rejects.toMatchObject({
      message: expect.stringContaining('8 numbers instead of 16'),
    });
  });

  it('never shows the key', async () => {
    endpoint.mood = 'down';
    const embedder = anEmbedder();
    embedder.open();
    const state = await untilStatus(embedder, 'failed');
    expect(JSON.stringify(state)).not.toContain('secret-key');
  });
});
