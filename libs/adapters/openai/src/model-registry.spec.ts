import { findModel, PUBLIC_MODEL_NAMES, registryOfOne, thinkingOffFor } from './model-registry.ts';

const ONE = { baseUrl: 'http://127.0.0.1:11434/v1/', apiKey: '', model: 'Qwen3:8b' };

describe('registryOfOne', () => {
  it('answers under its own name and the public ones, however capitalised', () => {
    const registry = registryOfOne(ONE);
    for (const name of ['Qwen3:8b', 'qwen3:8B', ...PUBLIC_MODEL_NAMES, 'qwen2.5-72B-Instruct']) {
      expect(findModel(registry, name)?.upstreamName).toBe('Qwen3:8b');
    }
    expect(findModel(registry, 'gpt-5')).toBeUndefined();
  });

  it('names a public model once', () => {
    const registry = registryOfOne({ ...ONE, model: 'DeepSeek-R1' });
    expect(registry.models.map((model) => model.publicName)).toEqual(['DeepSeek-R1', 'qwen2.5-72b-instruct', 'qwen3-32b']);
  });

  it('takes an empty key for none and a closing slash for nothing', () => {
    expect(registryOfOne(ONE).models[0]).toMatchObject({ apiKey: null, baseUrl: 'http://127.0.0.1:11434/v1' });
  });

  it('never puts a key into its reason', () => {
    expect(registryOfOne({ ...ONE, apiKey: 'sk-secret', baseUrl: 'https://user:word@host/v1' }).reason).not.toMatch(/sk-secret|word/u);
  });
});

describe('thinkingOffFor', () => {
  it.each([
    ['https://api.openai.com/v1', 'reasoning_effort'],
    ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'enable_thinking'],
    ['https://api.deepseek.com', 'thinking_disabled'],
    ['https://generativelanguage.googleapis.com/v1beta/openai', 'thinking_budget'],
    ['http://127.0.0.1:11434/v1', 'reasoning_effort'],
    ['http://gpu.local:8000/v1', 'vllm'],
    ['https://models.example.com/v1', 'none'],
    ['not a url', 'none'],
  ])('guesses for %s', (baseUrl, dialect) => {
    expect(thinkingOffFor(baseUrl)).toBe(dialect);
  });
});
