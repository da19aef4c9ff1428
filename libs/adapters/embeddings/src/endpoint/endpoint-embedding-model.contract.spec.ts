import { describeEmbeddingModelContract } from '@continuo/testing';
import type { EmbedderState } from '@continuo/ports';
import { ScriptedEndpoint } from '../../test/scripted-endpoint.ts';
import { EndpointEmbeddingModel } from './endpoint-embedding-model.ts';

const endpoint = new ScriptedEndpoint();
const opened: EndpointEmbeddingModel[] = [];
let baseUrl: string | null = null;

async function open(address: string): Promise<EndpointEmbeddingModel> {
  const embedder = new EndpointEmbeddingModel({ baseUrl: address, apiKey: null, model: 'intfloat/e5-base-v2' });
  opened.push(embedder);
  embedder.open();
  await new Promise<void>((resolve) => {
    embedder.onState((state: EmbedderState) => {
      if (state.status === 'ready' || state.status === 'failed') resolve();
    });
  });
  return embedder;
}

describeEmbeddingModelContract({
  name: 'an OpenAI-compatible endpoint',
  async start() {
    baseUrl ??= await endpoint.start();
    return open(baseUrl);
  },
  async startUnavailable() {
    // Port 9, discard, is one that no web request may go to.
    return open('http://127.0.0.1:9/v1');
  },
  async stop() {
    await Promise.all(opened.map((embedder) => embedder.close()));
    await endpoint.stop();
  },
});
