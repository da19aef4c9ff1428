import { describeStructuredModelContract } from '@continuo/testing';
import { registryOfOne } from './model-registry.ts';
import { O200kTokenCounter } from '@continuo/tokens';
import { OpenAiStructuredModel } from './openai-structured-model.ts';
import { ProviderConnections } from './provider-connections.ts';

describeStructuredModelContract({
  name: 'OpenAI protocol',
  connect: ({ timeoutMs, idleTimeoutMs, ...one }) => {
    const registry = registryOfOne(one);
    const models = registry.models.map((model) => ({ ...model, timeoutMs, idleTimeoutMs }));
    return new OpenAiStructuredModel({ ...registry, models }, new ProviderConnections(), new O200kTokenCounter());
  },
});
