import { describeChatModelContract } from '@continuo/testing';
import { registryOfOne } from './model-registry.ts';
import { O200kTokenCounter } from '@continuo/tokens';
import { OpenAiChatModel } from './openai-chat-model.ts';
import { ProviderConnections } from './provider-connections.ts';

describeChatModelContract({
  name: 'OpenAI protocol',
  connect: ({ timeoutMs, idleTimeoutMs, ...one }) => {
    const registry = registryOfOne(one);
    const models = registry.models.map((model) => ({ ...model, timeoutMs, idleTimeoutMs }));
    return new OpenAiChatModel({ ...registry, models }, new ProviderConnections(), new O200kTokenCounter());
  },
});
