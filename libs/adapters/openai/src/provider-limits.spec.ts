import { AppError } from '@continuo/contracts';
import type { ChatModelRequest, SharedLimits, StructuredRequest } from '@continuo/ports';
import { says, saysJson, ScriptedModel } from '@continuo/testing';
import { O200kTokenCounter } from '@continuo/tokens';
import { type ModelRegistry, type RegisteredModel, registryOfOne } from './model-registry.ts';
import { OpenAiChatModel } from './openai-chat-model.ts';
import { OpenAiStructuredModel } from './openai-structured-model.ts';
import { ProcessLimits } from './process-limits.ts';
import { ProviderConnections } from './provider-connections.ts';

const scope = { projectId: 'default', subject: 'user:ana' } as const;
const QUESTION: ChatModelRequest = {
  scope,
  modelName: null,
  messages: [{ role: 'user', content: 'Which tea?' }],
  temperature: 0.3,
  topP: 0.8,
  maxTokens: 200,
};
const EXTRACTION: StructuredRequest = {
  scope,
  role: 'extract',
  name: 'memories',
  messages: [{ role: 'user', content: 'I drink tea.' }],
  schema: { type: 'object', properties: { items: { type: 'array' } } },
  itemsKey: 'items',
  maxTokens: 200,
};

let provider: ScriptedModel;

beforeEach(async () => {
  provider = await ScriptedModel.start();
  provider.always((request) =>
    request.body['stream'] === true ? says('Green.', { usage: { promptTokens: 40, answerTokens: 60 } }) : saysJson({ items: [] }),
  );
});
afterEach(async () => provider.close());

function aReplica(limits: SharedLimits, overrides: Partial<RegisteredModel>) {
  const one = registryOfOne({ baseUrl: provider.baseUrl, apiKey: 'sk-secret', model: 'scripted-model' });
  const registry: ModelRegistry = { ...one, models: one.models.map((model) => ({ ...model, ...overrides })) };
  const connections = new ProviderConnections({ limits, random: () => 0 });
  const tokens = new O200kTokenCounter();
  const chat = new OpenAiChatModel(registry, connections, tokens);
  const structured = new OpenAiStructuredModel(registry, connections, tokens);
  return {
    ask: async (options: { readonly signal?: AbortSignal } = {}, modelName: string | null = null): Promise<string> => {
      let text = '';
      for await (const event of chat.stream({ ...QUESTION, modelName }, options)) text += event.type === 'text' ? event.text : '';
      return text;
    },
    extract: (deadlineAt: number) => structured.complete(EXTRACTION, { deadlineAt }),
  };
}

async function failureOf(answer: Promise<unknown>): Promise<AppError> {
  const error: unknown = await answer.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!AppError.is(error)) throw new Error('It did not fail as it should have.');
  return error;
}

describe('limits of a provider', () => {
  it('are held by two replicas together, and who comes too late is told when to come again', async () => {
    const limits = new ProcessLimits();
    const replicas = [aReplica(limits, { requestsPerMinute: 7 }), aReplica(limits, { requestsPerMinute: 7 })];
    const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => replicas[index % 2]!.ask()));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(provider.chats).toHaveLength(7);
    const refused = await failureOf(replicas[0]!.ask());
    expect(refused.code).toBe('model_limited');
    expect(refused.options.retryAfterMs).toBeGreaterThan(50_000);
  });

  it('make a chat wait a moment for its turn, not longer', async () => {
    const soon = aReplica(new ProcessLimits(Date.now, 800), { requestsPerMinute: 1 });
    expect([await soon.ask(), await soon.ask()]).toEqual(['Green.', 'Green.']);
    const late = aReplica(new ProcessLimits(Date.now, 4_000), { requestsPerMinute: 1 });
    await late.ask();
    expect((await failureOf(late.ask())).code).toBe('model_limited');
  });

  it('make work behind the requests wait for its turn as long as its deadline allows', async () => {
    const replica = aReplica(new ProcessLimits(Date.now, 2_500), { requestsPerMinute: 1 });
    await replica.extract(Date.now() + 10_000);
    expect((await failureOf(replica.extract(Date.now() + 1_000))).code).toBe('model_limited');
    expect((await replica.extract(Date.now() + 10_000)).items).toEqual([]);
    expect(provider.chats).toHaveLength(2);
  });

  it('are not used up by work behind the requests', async () => {
    const replica = aReplica(new ProcessLimits(), { requestsPerMinute: 5 });
    const extractions = await Promise.allSettled(Array.from({ length: 9 }, () => replica.extract(Date.now() + 1_000)));
    expect(extractions.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(await replica.ask()).toBe('Green.');
    expect((await failureOf(replica.ask())).code).toBe('model_limited');
  });

  it('count the tokens of a prompt before it is sent and those of its answer when it has come', async () => {
    const replica = aReplica(new ProcessLimits(), { tokensPerMinute: 150 });
    expect(await replica.ask()).toBe('Green.');
    // 100 tokens were used; a second answer is let through by its prompt alone, and then the minute is full.
    expect(await replica.ask()).toBe('Green.');
    expect((await failureOf(replica.ask())).code).toBe('model_limited');
    expect(provider.chats).toHaveLength(2);
  });

  it('are those of the model at the provider, whatever public name leads there', async () => {
    const limits = new ProcessLimits();
    const one = aReplica(limits, { requestsPerMinute: 1 });
    await one.ask();
    expect((await failureOf(one.ask({}, 'deepseek-r1'))).code).toBe('model_limited');
    expect(await aReplica(limits, { requestsPerMinute: 1, apiKey: 'sk-other' }).ask()).toBe('Green.');
  });

  it('let a caller leave who waits for their turn', async () => {
    const replica = aReplica(new ProcessLimits(Date.now, 1_500), { requestsPerMinute: 1 });
    await replica.ask();
    const controller = new AbortController();
    const asked = replica.ask({ signal: controller.signal });
    const reason = new Error('gone');
    setTimeout(() => controller.abort(reason), 20);
    await expect(asked).rejects.toBe(reason);
    expect(provider.chats).toHaveLength(1);
  });
});
