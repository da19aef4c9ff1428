import { AppError } from '@continuo/contracts';
import { OpenAiChatModel, ProviderConnections, registryOfOne } from '@continuo/openai';
import type { SharedLimits } from '@continuo/ports';
import { says, ScriptedModel } from '@continuo/testing';
import { O200kTokenCounter } from '@continuo/tokens';
import { aBrokerUrl, aPrefix, removeKeys } from '../../test/broker.ts';
import { untilShared } from '../../test/limits.ts';
import { openRedisLimits, type RedisLimits } from './redis-limits.ts';

const PER_MINUTE = 12;

let provider: ScriptedModel;
let limits: readonly RedisLimits[];
let prefix: string;

beforeEach(async () => {
  provider = await ScriptedModel.start();
  provider.always(says('Green.'));
  prefix = aPrefix();
  limits = [0, 1].map(() => openRedisLimits({ url: aBrokerUrl(), prefix }));
});
afterEach(async () => {
  for (const one of limits) await one.close();
  await provider.close();
  await removeKeys(prefix);
});

function aReplica(shared: SharedLimits): () => Promise<string> {
  const one = registryOfOne({ baseUrl: provider.baseUrl, apiKey: 'sk-secret', model: 'scripted-model' });
  const registry = { ...one, models: one.models.map((model) => ({ ...model, requestsPerMinute: PER_MINUTE })) };
  const chat = new OpenAiChatModel(registry, new ProviderConnections({ limits: shared, random: () => 0 }), new O200kTokenCounter());
  return async () => {
    const request = {
      modelName: null,
      temperature: 0,
      topP: 1,
      maxTokens: 50,
      messages: [{ role: 'user' as const, content: 'Which tea?' }],
    };
    let text = '';
    for await (const event of chat.stream({ ...request, scope: { projectId: 'default', subject: 'user:ana' } }, {}))
      text += event.type === 'text' ? event.text : '';
    return text;
  };
}

describe('two replicas of generation on one Redis', () => {
  it('never ask a provider more often than it allows, and answer at once who comes too late', async () => {
    const [one, other] = limits;
    if (one === undefined || other === undefined) throw new Error('There are two.');
    await untilShared(one, other);
    const [ask, askOther] = [aReplica(one), aReplica(other)];
    const answers = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? ask() : askOther())));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(PER_MINUTE);
    expect(provider.chats).toHaveLength(PER_MINUTE);
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue;
      const error: unknown = answer.reason;
      expect(AppError.is(error, 'model_limited') && (error.options.retryAfterMs ?? 0) > 0).toBe(true);
    }
  });
});
