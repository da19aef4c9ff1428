import { AppError } from '@continuo/contracts';
import type { StructuredRequest } from '@continuo/ports';
import { answersStatus, fails, rejectsParameter, saysJson, ScriptedModel } from '@continuo/testing';
import { registryOfOne, type ModelDialect, type ModelRegistry, type ThinkingOffDialect } from './model-registry.ts';
import { O200kTokenCounter } from '@continuo/tokens';
import { OpenAiStructuredModel } from './openai-structured-model.ts';
import { ProviderConnections, type ModelCall } from './provider-connections.ts';

const REQUEST: StructuredRequest = {
  scope: { projectId: 'default', subject: 'user:ana' },
  role: 'extract',
  name: 'extracted_memories',
  messages: [{ role: 'user', content: 'I drink green tea.' }],
  schema: { type: 'object', properties: { items: { type: 'array', items: { type: 'object', required: ['text'] } } } },
  itemsKey: 'items',
  maxTokens: 300,
};
const ITEM = { text: 'drinks green tea' };

let provider: ScriptedModel;
let calls: ModelCall[];
beforeEach(async () => {
  provider = await ScriptedModel.start();
  provider.always(saysJson({ items: [ITEM] }));
  calls = [];
});
afterEach(async () => provider.close());

function aRegistry(dialect: Partial<ModelDialect> = {}): ModelRegistry {
  const registry = registryOfOne({ baseUrl: provider.baseUrl, apiKey: null, model: 'scripted-model' });
  return { ...registry, models: registry.models.map((model) => ({ ...model, dialect: { ...model.dialect, ...dialect } })) };
}

function aModel(registry: ModelRegistry): OpenAiStructuredModel {
  return new OpenAiStructuredModel(
    registry,
    new ProviderConnections({ onCall: (call) => calls.push(call), random: () => 0 }),
    new O200kTokenCounter(),
  );
}

describe('switching thinking off', () => {
  it.each<[ThinkingOffDialect, Record<string, unknown>]>([
    ['vllm', { chat_template_kwargs: { enable_thinking: false } }],
    ['enable_thinking', { enable_thinking: false }],
    ['reasoning_effort', { reasoning_effort: 'none' }],
    ['thinking_disabled', { thinking: { type: 'disabled' } }],
    ['thinking_budget', { extra_body: { google: { thinking_config: { thinking_budget: 0 } } } }],
  ])('says it the way of %s, and stops saying it where it is refused', async (thinkingOff, parameters) => {
    const name = Object.keys(parameters)[0]!;
    const model = aModel(aRegistry({ thinkingOff }));
    await model.complete(REQUEST, {});
    expect(provider.lastChat.body).toMatchObject(parameters);
    provider.always((request) => (name in request.body ? rejectsParameter(name, 'is unknown') : saysJson({ items: [ITEM] })));
    expect((await model.complete(REQUEST, {})).items).toEqual([ITEM]);
    expect(provider.lastChat.body).not.toHaveProperty(name);
    expect(provider.lastChat.responseFormat).toBe('json_schema');
  });

  it('goes up to the least effort the provider knows', async () => {
    provider.always((request) =>
      request.body['reasoning_effort'] === 'low'
        ? saysJson({ items: [ITEM] })
        : rejectsParameter('reasoning_effort', "must be one of 'low', 'high'"),
    );
    expect((await aModel(aRegistry({ thinkingOff: 'reasoning_effort' })).complete(REQUEST, {})).items).toEqual([ITEM]);
    expect(provider.chats.map((request) => request.body['reasoning_effort'])).toEqual(['none', 'minimal', 'low']);
  });

  it('says nothing where nothing is known', async () => {
    await aModel(aRegistry({ thinkingOff: 'none' })).complete(REQUEST, {});
    expect(Object.keys(provider.lastChat.body).sort()).toEqual([
      'max_tokens',
      'messages',
      'model',
      'response_format',
      'temperature',
      'top_p',
    ]);
  });
});

describe('the ladder', () => {
  it.each([
    ['json_object', 'json_object'],
    ['plain', null],
  ] as const)('starts where the models file says: %s', async (structured, format) => {
    await aModel(aRegistry({ structured })).complete(REQUEST, {});
    expect(provider.lastChat.responseFormat).toBe(format);
  });

  it('does not call a schema strict that is not', async () => {
    await aModel(aRegistry()).complete(REQUEST, {});
    expect(provider.lastChat.body['response_format']).toMatchObject({ json_schema: { strict: false } });
  });

  it('steps down when the server chokes on the schema', async () => {
    provider.always((request) =>
      request.responseFormat === 'json_schema'
        ? answersStatus(500, { error: { message: 'failed to parse grammar' } })
        : saysJson({ items: [ITEM] }),
    );
    expect((await aModel(aRegistry()).complete(REQUEST, {})).items).toEqual([ITEM]);
  });

  it.each([
    ['a prompt too long', answersStatus(400, { error: { message: "This model's maximum context length is 4096 tokens." } })],
    ['a refused key', answersStatus(401, { error: { message: 'response_format' } })],
  ])('does not step down for %s', async (_name, reply) => {
    provider.always(reply);
    const error: unknown = await aModel(aRegistry())
      .complete(REQUEST, {})
      .catch((caught: unknown) => caught);
    expect(AppError.is(error, 'model_rejected')).toBe(true);
    expect(provider.chats).toHaveLength(1);
  });
});

describe('roles', () => {
  it('serves only the roles assigned, each by its model and fallback', async () => {
    const second = await ScriptedModel.start();
    second.always(saysJson({ items: [ITEM] }));
    const first = aRegistry();
    const spare = { ...first.models[0]!, publicName: 'spare', baseUrl: second.baseUrl };
    const model = aModel({
      ...first,
      models: [...first.models, spare],
      roles: { ...first.roles, extract: { model: 'scripted-model', fallback: 'spare' }, reconcile: null },
    });
    provider.always(fails());
    expect([model.available('extract'), model.available('reconcile')]).toEqual([true, false]);
    expect((await model.complete(REQUEST, {})).modelName).toBe('spare');
    const error: unknown = await model.complete({ ...REQUEST, role: 'reconcile' }, {}).catch((caught: unknown) => caught);
    expect(AppError.is(error, 'model_unknown')).toBe(true);
    expect(calls.map(({ role, model: name, outcome }) => [role, name, outcome])).toEqual([
      ['extract', 'scripted-model', 'model_unavailable'],
      ['extract', 'spare', 'ok'],
    ]);
    await second.close();
  });
});
