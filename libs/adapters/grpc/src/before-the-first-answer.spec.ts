import type { EmbedderState } from '@continuo/ports';
import { aScope } from '@continuo/testing';
import { NO_EMBEDDER, Services } from '../test/services.ts';

const services = new Services();
afterEach(() => services.close());

const PROMPT = { scope: aScope(), modelName: null, messages: [], temperature: 0, topP: 1, maxTokens: 1 };

describe('before the service has said anything', () => {
  it('there may be a chat model: a chat asks for it, and is answered or told the truth', async () => {
    const server = await services.generationServer({
      chat: {
        describe: () => ({ available: false, models: [], reason: 'none is configured' }),
        async *stream() {
          yield { type: 'text', text: 'yes' };
          yield { type: 'end', finish: 'stop', usage: { promptTokens: 1, answerTokens: 1 } };
        },
      },
    });
    const client = await services.generationClient(server);
    expect(client.chat.describe()).toMatchObject({ available: true, models: [], reason: expect.stringContaining('not said yet') });
    expect((await client.chat.stream(PROMPT, {})[Symbol.asyncIterator]().next()).value).toEqual({ type: 'text', text: 'yes' });
    client.chat.open();
    expect(await client.described(10_000)).toBe(true);
    expect(client.chat.describe()).toEqual({ available: false, models: [], reason: 'none is configured' });
  });

  it('and when nobody answers, a chat says that the model is away', async () => {
    const client = await services.generationClient('127.0.0.1:9');
    client.chat.open();
    expect(client.chat.describe().available).toBe(true);
    expect(client.structured.available('extract')).toBe(true);
    await expect(client.chat.stream(PROMPT, {})[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'model_unavailable' });
  });

  it('there is no embedder; its listeners hear of it when there is', async () => {
    const ready = { status: 'ready', reason: 'loaded', model: { id: 'm', dimension: 2 } } as const;
    const fetching = { status: 'fetching', reason: 'half of it is here', receivedBytes: 0, totalBytes: null } as const;
    let state: EmbedderState = fetching;
    const server = await services.recallServer({ embedder: { ...NO_EMBEDDER, state: () => state } });
    const { embedder } = await services.recallClient(server);
    const heard: EmbedderState[] = [];
    const isReady = new Promise<void>((resolve) => {
      embedder.onState((each) => {
        heard.push(each);
        if (each.status === 'fetching') state = ready;
        if (each.status === 'ready') resolve();
      });
    });
    embedder.open();
    await isReady;
    expect(heard).toEqual([{ status: 'none', reason: expect.stringContaining('not said yet') }, fetching, ready]);
  }, 30_000);
});
