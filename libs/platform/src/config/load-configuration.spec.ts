import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentConfiguration } from './document-configuration.ts';
import { ConfigurationError, loadConfiguration } from './load-configuration.ts';
import { SETTING_NAMES } from './settings.ts';

describe('the configuration', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'continuo-configuration-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const load = (environment: Record<string, string>) => loadConfiguration({ environment, folder });
  const mistakes = (environment: Record<string, string>): readonly string[] => {
    try {
      load(environment);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.mistakes;
      throw error;
    }
    return [];
  };

  it('has a default for everything', () => {
    expect(load({})).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      apiKey: null,
      dataDirectory: join(folder, 'data'),
      models: null,
      oneModel: null,
      modelDiscovery: true,
      embedding: { endpoint: null, sources: ['folder', 'hub', 'wheel'], folder: null, hubUrl: null },
      http: { prefix: '/api/openmem/v1', strict: false, maxBodyBytes: 4_194_304, legacyStatusList: false },
      recallTurns: 'on',
      keepMessages: false,
      log: { level: 'warn', format: 'auto' },
    });
  });

  it('takes the environment over .env', () => {
    writeFileSync(join(folder, '.env'), 'PORT=9000\nHOST="0.0.0.0" # for all\nCONTINUO_STRICT=yes\nOTHER=thing\n');
    expect(load({ PORT: '9001' })).toMatchObject({ port: 9001, host: '0.0.0.0', http: { strict: true } });
  });

  it('takes an empty value for none, except where nothing is something', () => {
    expect(load({ PORT: '', CONTINUO_EMBEDDING_SOURCES: '', CONTINUO_PREFIX: '' })).toMatchObject({
      port: 8787,
      embedding: { sources: [] },
      http: { prefix: '' },
    });
  });

  it('reads every kind of value', () => {
    const environment = {
      PORT: ' 0 ',
      CONTINUO_PREFIX: '/memory/',
      CONTINUO_API_KEY: 'mpg-12345678',
      CONTINUO_DATA_DIR: 'somewhere',
      CONTINUO_EMBEDDING_SOURCES: 'hub, wheel',
      CONTINUO_EMBEDDING_BASE_URL: 'http://127.0.0.1:1/v1/',
      CONTINUO_EMBEDDING_MODEL: 'e',
      CONTINUO_TIME_ZONE: 'Asia/Shanghai',
      CONTINUO_RECALL_TURNS: 'FRESH',
      CONTINUO_MODEL_DISCOVERY: 'off',
      CONTINUO_BACKGROUND_TOKENS_PER_DAY: '5000',
      CONTINUO_KEEP_MESSAGES: '1',
      CONTINUO_CACHE_DIR: 'downloads',
    };
    expect(load(environment)).toMatchObject({
      port: 0,
      apiKey: 'mpg-12345678',
      dataDirectory: join(folder, 'somewhere'),
      keepMessages: true,
      timeZone: 'Asia/Shanghai',
      http: { prefix: '/memory', timeZone: 'Asia/Shanghai' },
      embedding: {
        sources: ['hub', 'wheel'],
        endpoint: { baseUrl: 'http://127.0.0.1:1/v1', apiKey: null, model: 'e' },
        cacheDirectory: join(folder, 'downloads'),
      },
      recallTurns: 'fresh',
      modelDiscovery: false,
      extraction: { tokensPerDay: 5_000 },
    });
  });

  it('reports all mistakes at once, each with its variable, value and what was expected', () => {
    const environment = {
      PORT: '80x',
      CONTINUO_STRICT: 'perhaps',
      CONTINUO_TIME_ZONE: 'Mars/Base',
      HF_ENDPOINT: 'ftp://x',
      CONTINUO_EMBEDDING_SOURCES: 'hub,disk',
      CONTINUO_MODL: 'x',
    };
    expect(mistakes(environment)).toEqual([
      'PORT is "80x"; expected a whole number from 0 to 65535.',
      'CONTINUO_EMBEDDING_SOURCES is "hub,disk"; expected some of folder, hub, wheel, separated by commas, or nothing.',
      'HF_ENDPOINT is "ftp://x"; expected an http or https address without a password.',
      'CONTINUO_TIME_ZONE is "Mars/Base"; expected an IANA zone such as Europe/Paris.',
      'CONTINUO_STRICT is "perhaps"; expected true or false.',
      'CONTINUO_MODL is no setting; did you mean CONTINUO_MODEL?',
    ]);
  });

  it.each([
    ['CONTINUO_API_KEY', 'the hunter2'],
    ['OPENAI_API_KEY', 'sk hunter2'],
    ['CONTINUO_EMBEDDING_API_KEY', 'a hunter2'],
  ])('never shows the value of %s', (name, value) => {
    const [mistake] = mistakes({ [name]: value });
    expect(mistake).toContain(`${name} is ${value.length} characters long`);
    expect(mistake).not.toContain('hunter2');
  });

  it('never shows a password in an address', () => {
    expect(mistakes({ OPENAI_BASE_URL: 'https://me:hunter2@example.com/v1' }).join()).not.toContain('hunter2');
    expect(mistakes({ OPENAI_BASE_URL: 'https://me:hunter2@example.com/v1' })).toHaveLength(1);
  });

  it.each([
    [{ CONTINUO_MODEL: 'm' }, 'OPENAI_BASE_URL'],
    [{ CONTINUO_EMBEDDING_BASE_URL: 'http://127.0.0.1:1/v1' }, 'without CONTINUO_EMBEDDING_MODEL'],
    [{ CONTINUO_EMBEDDING_MODEL: 'm' }, 'without CONTINUO_EMBEDDING_BASE_URL'],
    [{ CONTINUO_MODELS_FILE: 'nowhere.json' }, 'a file that can be read'],
  ])('finds what is missing beside %j', (environment, mistake) => {
    expect(mistakes(environment as Record<string, string>)).toEqual([expect.stringContaining(mistake)]);
  });

  it('reads how the cosines of an embedding model lie, and refuses what is none', () => {
    const scale = { midpoint: 0.4, spread: 0.05 };
    const calibration = { model: 'm', words: scale, runs: scale, across: scale };
    const read = (value: unknown) => load({ CONTINUO_EMBEDDING_CALIBRATION: JSON.stringify(value) }).embedding.calibration;
    expect(load({}).embedding.calibration).toBeNull();
    expect(read(calibration)).toEqual(calibration);
    const { across: _across, ...incomplete } = calibration;
    for (const value of ['{', '[]', JSON.stringify(incomplete), JSON.stringify({ ...calibration, words: { midpoint: 0.4, spread: 0 } })]) {
      expect(mistakes({ CONTINUO_EMBEDDING_CALIBRATION: value })).toEqual([expect.stringContaining('npx continuo calibrate')]);
    }
  });

  it('starts beside settings of other programs, and says what they lack', () => {
    expect(load({ OPENAI_API_KEY: 'sk-1' })).toMatchObject({ oneModel: null, modelHint: null });
    expect(load({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' })).toMatchObject({
      oneModel: null,
      modelHint: expect.stringContaining('CONTINUO_MODEL'),
    });
  });

  it('takes the short way', () => {
    expect(load({ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', CONTINUO_MODEL: 'qwen3' }).oneModel).toEqual({
      baseUrl: 'http://127.0.0.1:11434/v1',
      apiKey: null,
      model: 'qwen3',
    });
    expect(load({ OPENAI_API_KEY: 'sk-1', CONTINUO_MODEL: 'gpt-5' }).oneModel).toMatchObject({
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'sk-1',
    });
  });

  describe('from a models file', () => {
    const write = (content: unknown): void =>
      writeFileSync(join(folder, 'models.json'), typeof content === 'string' ? content : JSON.stringify(content));
    const model = { name: 'qwen3-32b', base_url: 'http://127.0.0.1:1/v1/', upstream: 'qwen3:32b' };
    const fromFile = (environment: Record<string, string> = {}) => mistakes({ CONTINUO_MODELS_FILE: 'models.json', ...environment });

    it('reads models and roles, with keys from the environment', () => {
      write({
        models: [model, { ...model, name: 'deepseek-r1', api_key_env: 'EXAMPLE_KEY', requests_per_minute: 60, tokens_per_minute: 90_000 }],
        roles: { answer: { model: 'Qwen3-32b', fallback: 'deepseek-r1' }, extract: null },
      });
      const { models } = load({ CONTINUO_MODELS_FILE: 'models.json', EXAMPLE_KEY: 'secret' });
      expect(models?.models).toMatchObject([
        { publicName: 'qwen3-32b', baseUrl: 'http://127.0.0.1:1/v1', upstreamName: 'qwen3:32b', apiKey: null, contextTokens: 32_768 },
        { publicName: 'deepseek-r1', apiKey: 'secret', requestsPerMinute: 60, tokensPerMinute: 90_000 },
      ]);
      expect(models?.models[0]).toMatchObject({ requestsPerMinute: null, tokensPerMinute: null });
      expect(models?.roles).toEqual({ answer: { model: 'Qwen3-32b', fallback: 'deepseek-r1' }, extract: null, reconcile: null });
    });

    it('gives every role to the first model when none is named', () => {
      write({ models: [model] });
      const role = { model: 'qwen3-32b', fallback: null };
      expect(load({ CONTINUO_MODELS_FILE: 'models.json' }).models?.roles).toEqual({ answer: role, extract: role, reconcile: role });
    });

    it.each([
      ['{', 'this is not JSON'],
      [{ models: [] }, 'models'],
      [{ models: [{ ...model, base_url: 'nowhere' }] }, 'models.0.base_url'],
      [{ models: [{ ...model, colour: 'red' }] }, 'colour'],
      [{ models: [model, { ...model, name: 'QWEN3-32B' }] }, 'stands twice'],
      [{ models: [model], roles: { answer: { model: 'other' } } }, 'roles.answer names "other"'],
      [{ models: [{ ...model, api_key_env: 'ABSENT_KEY' }] }, 'ABSENT_KEY is not set'],
    ])('says what is wrong with %j', (content, mistake) => {
      write(content);
      expect(fromFile()).toEqual([expect.stringContaining(mistake)]);
      expect(fromFile()[0]).toContain('models.json');
    });
  });

  describe('its page', () => {
    it('is the committed one', () => {
      const committed = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8');
      expect(committed).toBe(documentConfiguration());
    });

    it('has every setting', () => {
      for (const name of SETTING_NAMES) expect(documentConfiguration()).toContain(`| \`${name}\` |`);
    });
  });
});
