import { AppError } from '@continuo/contracts';
import type { ChatModelEvent, ChatModelRequest } from '@continuo/ports';
import { fails, limits, rejectsParameter, resets, says, ScriptedModel, answersStatus, hangs } from '@continuo/testing';
import { registryOfOne, type ModelRegistry, type RegisteredModel } from './model-registry.ts';
import { O200kTokenCounter } from '@continuo/tokens';
import { OpenAiChatModel } from './openai-chat-model.ts';
import { ProviderConnections, type ModelCall, type ProviderConnectionsOptions } from './provider-connections.ts';

const QUESTION: ChatModelRequest = {
  scope: { projectId: 'default', subject: 'user:ana' },
  modelName: null,
  messages: [{ role: 'user', content: 'Which tea?' }],
  temperature: 0.3,
  topP: 0.8,
  maxTokens: 200,
};

let provider: ScriptedModel;
let calls: ModelCall[];

beforeEach(async () => {
  provider = await ScriptedModel.start();
  calls = [];
});
afterEach(async () => provider.close());

function aRegistry(overrides: Partial<RegisteredModel> = {}): ModelRegistry {
  const registry = registryOfOne({ baseUrl: provider.baseUrl, apiKey: 'sk-secret', model: 'scripted-model' });
  return { ...registry, models: registry.models.map((model) => ({ ...model, ...overrides })) };
}

function aModel(registry: ModelRegistry = aRegistry(), options: ProviderConnectionsOptions = {}): OpenAiChatModel {
  const connections = new ProviderConnections({ random: () => 0, onCall: (call) => calls.push(call), ...options });
  return new OpenAiChatModel(registry, connections, new O200kTokenCounter());
}

async function textOf(model: OpenAiChatModel, overrides: Partial<ChatModelRequest> = {}, deadlineAt?: number): Promise<string> {
  let text = '';
  const options = deadlineAt === undefined ? {} : { deadlineAt };
  for await (const event of model.stream({ ...QUESTION, ...overrides }, options)) text += event.type === 'text' ? event.text : '';
  return text;
}

async function codeOf(answer: Promise<unknown>): Promise<string | null> {
  const error: unknown = await answer.then(
    () => null,
    (caught: unknown) => caught,
  );
  return AppError.is(error) ? error.code : null;
}

describe('retrying', () => {
  it.each([
    ['a server error', fails(503)],
    ['a broken connection', resets()],
    ['a connection cut before the first piece', says('Green.', { ending: 'cut', afterPieces: 0 })],
  ])('asks once more after %s', async (_name, reply) => {
    provider.next(reply, says('Green.'));
    expect(await textOf(aModel())).toBe('Green.');
    expect(provider.chats).toHaveLength(2);
  });

  it('asks once more, not twice', async () => {
    provider.next(fails(), fails(), says('Green.'));
    expect(await codeOf(textOf(aModel()))).toBe('model_unavailable');
    expect(provider.chats).toHaveLength(2);
  });

  it.each([
    ['a limit', limits('1'), 'model_limited'],
    ['a refusal', answersStatus(403, { error: { message: 'no' } }), 'model_rejected'],
    [
      'a prompt that does not fit',
      answersStatus(400, { error: { message: "This model's maximum context length is 8192 tokens.", code: 'context_length_exceeded' } }),
      'chat_too_long',
    ],
  ])('does not ask again after %s', async (_name, reply, code) => {
    provider.next(reply, says('Green.'));
    expect(await codeOf(textOf(aModel()))).toBe(code);
    expect(provider.chats).toHaveLength(1);
  });

  it('does not ask again when the answer has begun', async () => {
    provider.next(says('Green tea', { finish: null }), says('Green.'));
    expect(await codeOf(textOf(aModel()))).toBe('model_cut_off');
    expect(provider.chats).toHaveLength(1);
  });

  it('does not ask again when the deadline comes before the pause ends', async () => {
    let now = 1_000;
    provider.always(() => {
      now += 5_000;
      return fails();
    });
    const model = aModel(aRegistry(), { now: () => now });
    expect(await codeOf(textOf(model, {}, 6_050))).toBe('model_unavailable');
    expect(provider.chats).toHaveLength(1);
  });

  it('says that nobody listens', async () => {
    const model = aModel();
    await provider.close();
    expect(await codeOf(textOf(model))).toBe('model_unavailable');
  });
});

describe('the breaker', () => {
  it('stops asking after five failures, tries again after ten seconds, and closes when that works', async () => {
    let now = 0;
    const model = aModel(aRegistry(), { now: () => now });
    provider.always(fails());
    for (let call = 0; call < 3; call += 1) await codeOf(textOf(model));
    expect(provider.chats).toHaveLength(5);
    now = 9_999;
    expect(await codeOf(textOf(model))).toBe('model_unavailable');
    expect(provider.chats).toHaveLength(5);
    provider.always(says('Green.'));
    now = 10_000;
    expect(await textOf(model)).toBe('Green.');
    expect(await textOf(model)).toBe('Green.');
  });

  it('opens again at once when the trial fails', async () => {
    let now = 0;
    const model = aModel(aRegistry(), { now: () => now });
    provider.always(fails());
    for (let call = 0; call < 3; call += 1) await codeOf(textOf(model));
    now = 10_000;
    await codeOf(textOf(model));
    expect(provider.chats).toHaveLength(6);
  });

  it('lets one request try while the others wait', async () => {
    let now = 0;
    const model = aModel(aRegistry(), { now: () => now });
    provider.always(fails());
    for (let call = 0; call < 3; call += 1) await codeOf(textOf(model));
    now = 10_000;
    provider.always(hangs());
    const trial = model.stream(QUESTION, {})[Symbol.asyncIterator]();
    const pulled = trial.next();
    await provider.chat(6);
    expect(await codeOf(textOf(model))).toBe('model_unavailable');
    await trial.return?.();
    await pulled;
    provider.always(says('Green.'));
    expect(await textOf(model)).toBe('Green.');
  });

  it('does not take limits, refusals, callers who leave or short deadlines for failures', async () => {
    const model = aModel();
    provider.next(...Array.from({ length: 6 }, () => limits()), ...Array.from({ length: 6 }, () => answersStatus(403)));
    for (let call = 0; call < 12; call += 1) await codeOf(textOf(model));
    provider.always(hangs());
    for (let call = 0; call < 6; call += 1) await codeOf(textOf(model, {}, Date.now() + 20));
    provider.always(says('Green.'));
    expect(await textOf(model)).toBe('Green.');
  });
});

describe('the fallback', () => {
  async function withFallback(
    reply: Parameters<ScriptedModel['always']>[0],
    timeoutMs = 60_000,
  ): Promise<{ answer: Promise<string>; second: ScriptedModel }> {
    const second = await ScriptedModel.start();
    provider.always(reply);
    const first = aRegistry({ timeoutMs });
    const spare: RegisteredModel = {
      ...first.models[0]!,
      publicName: 'spare',
      upstreamName: 'spare-upstream',
      baseUrl: second.baseUrl,
      timeoutMs: 60_000,
    };
    const registry: ModelRegistry = {
      ...first,
      models: [...first.models, spare],
      roles: { ...first.roles, answer: { model: 'scripted-model', fallback: 'spare' } },
    };
    return { answer: textOf(aModel(registry)), second };
  }

  it.each([
    ['down', fails(), 60_000],
    ['limiting', limits(), 60_000],
    ['silent', hangs(), 100],
  ])('answers when the model is %s', async (_name, reply, timeoutMs) => {
    const { answer, second } = await withFallback(reply, timeoutMs);
    expect(await answer).toBe('This is the scripted model.');
    expect(second.lastChat.body['model']).toBe('spare-upstream');
    expect(calls.map((call) => call.model)).toEqual(['scripted-model', 'spare']);
    await second.close();
  });

  it('does not answer for a model that refuses the request', async () => {
    const { answer, second } = await withFallback(answersStatus(401));
    expect(await codeOf(answer)).toBe('model_rejected');
    expect(second.requests).toHaveLength(0);
    await second.close();
  });

  it('leaves the first failure to be told when it fails too', async () => {
    const { answer, second } = await withFallback(limits('9'));
    second.always(fails());
    expect(await codeOf(answer)).toBe('model_limited');
    await second.close();
  });
});

describe('parameters', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['max_tokens', { max_completion_tokens: 200 }, ['max_tokens']],
    ['temperature', { top_p: 0.8 }, ['temperature']],
    ['top_p', { temperature: 0.3 }, ['top_p']],
    ['stream_options', { stream: true }, ['stream_options']],
  ])('gives up %s where the provider refuses it, and remembers', async (parameter, kept, missing) => {
    provider.always((request) => (parameter in request.body ? rejectsParameter(parameter) : says('Green.')));
    const model = aModel();
    expect(await textOf(model)).toBe('Green.');
    expect(await textOf(model, { modelName: 'deepseek-r1' })).toBe('Green.');
    expect(provider.chats).toHaveLength(3);
    expect(provider.lastChat.body).toMatchObject(kept);
    for (const name of missing) expect(provider.lastChat.body).not.toHaveProperty(name);
  });

  it('lowers the ceiling to what the window leaves', async () => {
    await textOf(aModel(aRegistry({ contextTokens: 1_000 })), {
      messages: [{ role: 'user', content: 'tea '.repeat(500) }],
      maxTokens: 900,
    });
    const ceiling = Number(provider.lastChat.body['max_tokens']);
    expect(ceiling).toBeGreaterThan(300);
    expect(ceiling).toBeLessThan(500);
  });

  it('tells the provider nothing about this machine', async () => {
    await textOf(aModel());
    expect(Object.keys(provider.lastChat.headers).filter((name) => name.startsWith('x-stainless'))).toEqual([]);
    expect(provider.lastChat.headers['user-agent']).toBe('continuo');
  });
});

describe('reasoning dialects', () => {
  it('starts inside the block where the template opens it', async () => {
    provider.always(says('They drink green tea.</think>\n\nGreen.'));
    const registry = aRegistry({ dialect: { structured: 'auto', thinkingOff: 'none', reasoning: 'inline_open' } });
    expect(await textOf(aModel(registry))).toBe('Green.');
  });

  it('leaves the text alone where reasoning has a field', async () => {
    provider.always(says('<think>\nGreen.'));
    const registry = aRegistry({ dialect: { structured: 'auto', thinkingOff: 'none', reasoning: 'field' } });
    expect(await textOf(aModel(registry))).toBe('<think>\nGreen.');
  });
});

describe('counting', () => {
  it('reports each call once, without text', async () => {
    const model = aModel();
    provider.next(says('Green.', { usage: { promptTokens: 5, answerTokens: 2 } }), limits());
    await textOf(model);
    await codeOf(textOf(model));
    const iterator = model.stream(QUESTION, {})[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    expect(calls.map(({ durationMs: _durationMs, ...call }) => call)).toEqual([
      { role: 'answer', model: 'scripted-model', outcome: 'ok', usage: { promptTokens: 5, answerTokens: 2 } },
      { role: 'answer', model: 'scripted-model', outcome: 'model_limited', usage: null },
      { role: 'answer', model: 'scripted-model', outcome: 'aborted', usage: null },
    ]);
  });

  it('ends a complete answer although the count of tokens never comes', async () => {
    const pieces: ChatModelEvent[] = [];
    provider.always(says('Green.', { ending: 'hang-before-usage' }));
    for await (const event of aModel().stream(QUESTION, {})) pieces.push(event);
    expect(pieces.at(-1)).toMatchObject({ type: 'end', finish: 'stop' });
  });
});
