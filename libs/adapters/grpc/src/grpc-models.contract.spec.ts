import { OpenAiChatModel, OpenAiStructuredModel, ProviderConnections, registryOfOne } from '@continuo/openai';
import { describeChatModelContract, describeStructuredModelContract, type ModelConnection } from '@continuo/testing';
import { O200kTokenCounter } from '@continuo/tokens';
import { Services } from '../test/services.ts';
import type { GenerationClient } from './open-clients.ts';

const services = new Services();
const tokens = new O200kTokenCounter();

async function generationOf({ timeoutMs, idleTimeoutMs, ...one }: ModelConnection): Promise<GenerationClient> {
  const registry = registryOfOne(one);
  const patient = { ...registry, models: registry.models.map((model) => ({ ...model, timeoutMs, idleTimeoutMs })) };
  const connections = new ProviderConnections();
  const server = await services.generationServer({
    chat: new OpenAiChatModel(patient, connections, tokens),
    structured: new OpenAiStructuredModel(patient, connections, tokens),
  });
  const client = await services.generationClient(server);
  client.chat.open();
  await client.described(10_000);
  return client;
}

afterEach(() => services.close());

describeChatModelContract({ name: 'over gRPC', connect: async (connection) => (await generationOf(connection)).chat });
describeStructuredModelContract({ name: 'over gRPC', connect: async (connection) => (await generationOf(connection)).structured });
