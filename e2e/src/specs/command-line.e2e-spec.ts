import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fails, says, saysJson, ScriptedModel } from '@continuo/testing';
import { onlyIn } from '../deployment/deployment.ts';
import { eventually, System } from '../system.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LAUNCHER = join(ROOT, 'apps/command-line/bin/continuo.mjs');
const BUILT = join(ROOT, 'apps/command-line/dist/cli.js');

interface Ended {
  readonly exitCode: number;
  readonly output: string;
  readonly complaints: string;
}

type Settings = Readonly<Record<string, string>>;

const COMMANDS = ['projects', 'keys', 'mine', 'reembed', 'doctor', 'migrate', 'index', 'jobs', 'export', 'import'];

/** Words alone and no model, so that nothing of this machine is found. */
const BARE = { CONTINUO_EMBEDDING_SOURCES: '', CONTINUO_MODEL_DISCOVERY: 'off', PORT: '1' };

function execute(file: string, parameters: readonly string[], settings: Settings): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...BARE, ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...parameters], { env, timeout: 120_000 }, (error, output, complaints) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), output, complaints }),
    );
  });
}

const continuo = (parameters: readonly string[], settings: Settings = {}): Promise<Ended> => execute(BUILT, parameters, settings);

/** The value a command prints with `--json`. */
async function asked(parameters: readonly string[], settings: Settings) {
  const { exitCode, output, complaints } = await continuo([...parameters, '--json'], settings);
  expect(complaints).toBe('');
  return { exitCode, value: JSON.parse(output) };
}

describe('the command line by itself', () => {
  let empty: string;
  beforeAll(async () => {
    empty = await mkdtemp(join(tmpdir(), 'continuo-cli-'));
  });
  afterAll(() => rm(empty, { recursive: true }));

  it('is run by its launcher, which passes words, results and exit codes on', async () => {
    const help = await execute(LAUNCHER, ['--help'], {});
    expect([help.exitCode, help.complaints]).toEqual([0, '']);
    for (const command of [...COMMANDS, '--json']) expect(help.output).toContain(command);
    expect((await execute(LAUNCHER, ['nonsense'], {})).exitCode).toBe(2);
    expect((await execute(LAUNCHER, ['projects', 'list'], { CONTINUO_DATA_DIR: empty })).exitCode).toBe(1);
  });

  it('explains every command', async () => {
    for (const command of [...COMMANDS, 'keys create', 'index verify', 'jobs failed']) {
      const { exitCode, output } = await continuo([...command.split(' '), '--help']);
      expect([command, exitCode]).toEqual([command, 0]);
      expect(output).toMatch(new RegExp(`^Usage: continuo ${command}`));
    }
  });

  it.each([
    ['an unknown command', ['nonsense'], /nonsense/],
    ['a misspelt command, with the likely one', ['doctr'], /doctor/],
    ['an unknown option', ['doctor', '--fast'], /--fast/],
    ['an unknown command below another', ['keys', 'burn'], /burn/],
    ['nothing to do', [], /Usage/],
    ['half a command', ['projects'], /Usage/],
    ['a missing name', ['projects', 'create'], /id/],
    ['a name that cannot be one', ['projects', 'create', 'Big Corp'], /Big Corp/],
    ['too many words', ['projects', 'create', 'a', 'b'], /arguments/],
    ['a missing option', ['reembed'], /--to/],
  ] as const)('refuses %s with exit code 2 and words on stderr alone', async (_what, parameters, words) => {
    const { exitCode, output, complaints } = await continuo(parameters, { CONTINUO_DATA_DIR: empty });
    expect([exitCode, output]).toEqual([2, '']);
    expect(complaints).toMatch(words);
    expect(complaints).not.toMatch(/\n\s+at /);
  });

  it('says where it looked when nothing was ever started there', async () => {
    for (const command of [['projects', 'list'], ['keys', 'list'], ['mine'], ['reembed', '--to', 'multilingual-e5-small/int8']]) {
      const { exitCode, output, complaints } = await continuo(command, { CONTINUO_DATA_DIR: empty });
      expect([exitCode, output]).toEqual([1, '']);
      expect(complaints).toContain(empty);
      expect(complaints).toContain('npm start');
    }
  });

  it('names all that is wrong with the configuration', async () => {
    const { exitCode, complaints } = await continuo(['keys', 'list'], { PORT: 'eighty', CONTINUO_STRICT: 'perhaps' });
    expect(exitCode).toBe(1);
    for (const word of ['PORT', 'eighty', 'CONTINUO_STRICT', 'perhaps']) expect(complaints).toContain(word);
    expect(complaints).not.toMatch(/\n\s+at /);
  });
});

describe('projects and keys, beside a running server', () => {
  let system: System;
  let settings: Settings;
  beforeAll(async () => {
    system = await System.start();
    settings = system.settings;
  });
  afterAll(() => system.close());

  const withKey = (key: string) => ({ authorization: `Token ${key}` });

  it('begins with the project default', async () => {
    const { value } = await asked(['projects', 'list'], settings);
    expect(value.map(({ id }: { id: string }) => id)).toEqual(['default']);
    const { output } = await continuo(['projects', 'list'], settings);
    expect(output).toMatch(/^PROJECT\s+CREATED\ndefault\s+\d{4}-\d{2}-\d{2} \d{2}:\d{2}\n$/);
  });

  it('opens a project of its own with a key, and ends that within seconds', async () => {
    expect((await asked(['projects', 'create', 'second'], settings)).value).toMatchObject({ id: 'second', created: true });
    expect((await asked(['projects', 'create', 'second'], settings)).value).toMatchObject({ id: 'second', created: false });
    const { value: made } = await asked(['keys', 'create', '--project', 'second', '--label', 'for the app'], settings);
    expect(made.key).toMatch(/^mpg-/);

    await system.remember('ana', 'c', [{ role: 'user', content: 'I live in Lyon.' }]);
    expect((await system.get('/ping', withKey(made.key))).status).toBe(200);
    const elsewhere = await system.post(
      '/search/memory',
      { user_id: 'ana', query: 'Where do I live? Lyon', relativity: 0 },
      withKey(made.key),
    );
    expect(elsewhere.body.data.memory_detail_list).toEqual([]);
    expect((await system.post('/get/memory', { user_id: 'ana' }, withKey(made.key))).body.data.total).toBe(0);
    expect((await system.post('/get/memory', { user_id: 'ana' })).body.data.total).toBe(1);

    const { value: listed } = await asked(['keys', 'list', '--project', 'second'], settings);
    expect(listed).toMatchObject([{ id: made.id, projectId: 'second', label: 'for the app', revokedAt: null }]);
    const { output } = await continuo(['keys', 'list'], settings);
    expect(output).toContain(made.id);
    expect(output + JSON.stringify(listed)).not.toContain(made.key);

    expect((await asked(['keys', 'revoke', made.id], settings)).value).toMatchObject({ revoked: true });
    await eventually(async () => {
      const { status, body } = await system.get('/ping', withKey(made.key));
      expect([status, body.code]).toEqual([401, 40_132]);
    }, 8_000);
    expect((await system.get('/ping')).status).toBe(200);
    expect((await asked(['keys', 'list', '--project', 'second'], settings)).value[0].revokedAt).toEqual(expect.any(Number));
  });

  it('replaces a key by another while the old one still works', async () => {
    await asked(['projects', 'create', 'third'], settings);
    const { value: old } = await asked(['keys', 'create', '--project', 'third', '--label', 'for the app'], settings);
    const { value: made } = await asked(['keys', 'rotate', old.id, '--grace-minutes', '5'], settings);
    const { value: atOnce } = await asked(['keys', 'rotate', made.id, '--grace-minutes', '0'], settings);

    expect(made).toMatchObject({
      projectId: 'third',
      label: 'for the app',
      replaces: old.id,
      key: expect.stringMatching(/^mpg-/) as string,
    });
    expect(made.replacedUntil).toBeGreaterThan(Date.now() + 4 * 60_000);
    expect((await system.get('/ping', withKey(old.key))).status).toBe(200);
    expect((await system.get('/ping', withKey(atOnce.key))).status).toBe(200);
    expect((await system.get('/ping', withKey(made.key))).status).toBe(401);
    expect((await asked(['keys', 'revoke', old.id], settings)).value).toMatchObject({ revoked: true });
    await eventually(async () => expect((await system.get('/ping', withKey(old.key))).status).toBe(401), 8_000);
    expect((await asked(['keys', 'rotate', old.id], settings)).exitCode).toBe(1);
  });

  it('sets a project, and running servers follow within seconds', async () => {
    await asked(['projects', 'create', 'fourth'], settings);
    const { value: made } = await asked(['keys', 'create', '--project', 'fourth'], settings);
    const search = () => system.post('/search/memory', { user_id: 'ana', query: 'tea?' }, withKey(made.key));
    for (let times = 0; times < 5; times += 1) expect((await search()).status).toBe(200);
    const set = ['projects', 'set', 'fourth', 'requests-per-minute=3', 'independent-agents=on', 'strict=off'];
    expect((await asked(set, settings)).value.settings).toMatchObject({
      independentAgents: true,
      strict: false,
      limits: { requestsPerMinute: 3 },
    });
    expect((await asked(['projects', 'show', 'fourth'], settings)).value.settings).toMatchObject({ independentAgents: true });
    expect((await continuo(['projects', 'show', 'fourth'], settings)).output).toMatch(/requests-per-minute\s+3 /);

    await eventually(async () => {
      const { status, body, headers } = await search();
      expect([status, body.code]).toEqual([429, 40_300]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }, 8_000);
    await asked(['projects', 'set', 'fourth', 'requests-per-minute=default'], settings);
    await eventually(async () => expect((await search()).status).toBe(200), 8_000);
    expect((await continuo(['projects', 'set', 'fourth', 'colour=blue'], settings)).exitCode).toBe(2);
    expect((await continuo(['projects', 'set', 'fourth', 'requests-per-minute=few'], settings)).exitCode).toBe(2);
    expect((await continuo(['projects', 'set', 'fifth', 'strict=on'], settings)).exitCode).toBe(1);
  });

  it('fails with exit code 1 for what is not there', async () => {
    expect((await asked(['keys', 'revoke', 'nobody'], settings)).exitCode).toBe(1);
    const { exitCode, output, complaints } = await continuo(['keys', 'create', '--project', 'unheard-of'], settings);
    expect([exitCode, output]).toEqual([1, '']);
    expect(complaints).toMatch(/unheard-of/);
    expect(complaints).toMatch(/projects create/);
    for (const command of [
      ['keys', 'list', '--project', 'unheard-of'],
      ['mine', '--project', 'unheard-of'],
    ]) {
      const refused = await continuo(command, settings);
      expect([refused.exitCode, refused.output]).toEqual([1, '']);
      expect(refused.complaints).toMatch(/unheard-of/);
    }
  });

  it('prints a key for people, once', async () => {
    const { exitCode, output } = await continuo(['keys', 'create'], settings);
    expect(exitCode).toBe(0);
    const key = output.split('\n')[0] ?? '';
    expect(key).toMatch(/^mpg-\S+$/);
    expect(output).toContain('default');
    expect((await system.get('/ping', withKey(key))).status).toBe(200);
  });
});

describe('mine', () => {
  const said = ['I live in Lyon.', 'Never suggest seafood restaurants.'].map((content) => ({ role: 'user', content }));
  const shown = async (system: System): Promise<{ facts: string[]; preferences: string[] }> => {
    const { data } = (await system.post('/get/memory', { user_id: 'ana', size: 50 })).body;
    return {
      facts: data.memory_detail_list.map((item: { memory_value: string }) => item.memory_value),
      preferences: data.preference_detail_list.map((item: { preference: string }) => item.preference),
    };
  };
  const extracted = [
    item('fact', 'Home', 'The user lives in Lyon.', 'I live in Lyon', 'm1'),
    item('preference', 'No seafood', 'The user never wants seafood restaurants suggested.', 'Never suggest seafood restaurants', 'm2'),
  ];

  it('reads stored messages again with a model that came later, beside the running server, and doubles nothing', async () => {
    const model = await ScriptedModel.start();
    model.always((request) => (request.prompt.includes('Lyon') ? saysJson({ memories: extracted }) : says('Well.')));
    const directory = await mkdtemp(join(tmpdir(), 'continuo-mine-'));
    const bare = await System.start({ dataDirectory: directory });
    await bare.remember('ana', 'c', said);
    const byRules = await shown(bare);
    expect([byRules.facts.length, byRules.preferences.length]).toEqual([1, 1]);
    await bare.stop();

    const environment = { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-scripted', CONTINUO_MODEL: 'scripted' };
    const system = await System.start({ dataDirectory: directory, environment });
    try {
      expect(model.chats).toEqual([]);
      const { exitCode, value } = await asked(['mine'], system.settings);
      expect([exitCode, value]).toEqual([0, { messages: 2 }]);
      await eventually(() => Promise.resolve(expect(model.chats.some((request) => request.prompt.includes('I live in Lyon'))).toBe(true)));
      await eventually(async () => {
        const waiting = (await asked(['doctor'], system.settings)).value.find(({ part }: { part: string }) => part === 'records');
        expect(waiting.words).toMatch(/^0 messages/);
      });
      const byModel = await shown(system);
      expect([byModel.facts.length, byModel.preferences.length]).toEqual([1, 1]);
      expect(byModel.facts[0]).toMatch(/Lyon/);
      expect(byModel.preferences[0]).toMatch(/seafood/);
      expect((await system.post('/get/message', { user_id: 'ana', conversation_id: 'c' })).body.data.message_detail_list).toHaveLength(2);
    } finally {
      await system.close();
      await model.close();
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('takes only what was said since a time, or in a project', async () => {
    const system = await System.start();
    try {
      await system.remember('ana', 'c', said);
      expect((await asked(['mine', '--since', '2100-01-01'], system.settings)).value).toEqual({ messages: 0 });
      expect((await asked(['projects', 'create', 'second'], system.settings)).exitCode).toBe(0);
      expect((await asked(['mine', '--project', 'second'], system.settings)).value).toEqual({ messages: 0 });
      expect((await asked(['mine', '--since', '2020-01-01', '--project', 'default'], system.settings)).value).toEqual({ messages: 2 });
      const wrong = await continuo(['mine', '--since', 'the other day'], system.settings);
      expect([wrong.exitCode, wrong.output]).toEqual([2, '']);
      expect(wrong.complaints).toMatch(/the other day/);
    } finally {
      await system.close();
    }
  });
});

// A cluster is examined, and gets its vectors of another model, in the specs of the command line itself: every service there starts
// with any model, and has other parts.
onlyIn('standalone', () => {
  describe('reembed', () => {
    let alpha: ScriptedModel;
    let beta: ScriptedModel;
    let directory: string;
    const started: System[] = [];
    beforeAll(async () => {
      alpha = await ScriptedModel.start({ dimension: 32 });
      beta = await ScriptedModel.start({ dimension: 48 });
      directory = await mkdtemp(join(tmpdir(), 'continuo-reembed-'));
    });
    afterAll(async () => {
      for (const system of started) await system.stop('SIGKILL');
      await alpha.close();
      await beta.close();
      await rm(directory, { recursive: true, force: true });
    });

    const embeddedBy = (model: ScriptedModel, name: string): Settings => ({
      CONTINUO_EMBEDDING_BASE_URL: model.baseUrl,
      CONTINUO_EMBEDDING_MODEL: name,
    });
    const start = async (model: ScriptedModel, name: string): Promise<System> => {
      const system = await System.start({ dataDirectory: directory, environment: embeddedBy(model, name) });
      started.push(system);
      return system;
    };
    const embeddings = async (system: System) =>
      (await system.get(`${system.origin}/readyz`)).body.parts.find(({ name }: { name: string }) => name === 'embeddings');
    const complete = (system: System, name: string) =>
      eventually(async () =>
        expect(await embeddings(system)).toMatchObject({ state: 'ready', words: expect.stringMatching(new RegExp(`${name}, complete`)) }),
      );

    it('makes the vectors of another model while the present one serves; before that, a start with the other is refused', async () => {
      const settings = { CONTINUO_DATA_DIR: directory, ...embeddedBy(beta, 'beta') };
      const first = await start(alpha, 'alpha');
      await first.remember(
        'ana',
        'c',
        ['I live in Lyon.', 'My brother Tim is a pilot.', 'I never eat seafood.'].map((content) => ({ role: 'user', content })),
      );
      await complete(first, 'alpha');
      await first.stop();
      expect(beta.requests).toEqual([]);

      await expect(start(beta, 'beta')).rejects.toThrow(/"alpha"[^]*"beta"[^]*npx continuo reembed --to beta/);

      const second = await start(alpha, 'alpha');
      const { exitCode, value } = await asked(['reembed', '--to', 'beta'], settings);
      expect([exitCode, value.model]).toEqual([0, 'beta']);
      expect(value.vectors).toBeGreaterThanOrEqual(3);
      await complete(second, 'alpha');
      expect(await second.recall('ana', 'Where do I live?')).toEqual([expect.stringContaining('Lyon')]);
      expect((await asked(['reembed', '--to', 'beta'], settings)).value).toEqual(value);
      await second.stop();

      const asks = alpha.requests.length;
      const third = await start(beta, 'beta');
      try {
        await complete(third, 'beta');
        // The vectors are there; the index follows within moments.
        await eventually(async () => {
          const request = { user_id: 'ana', query: 'Where do I live? Lyon' };
          const { body } = await third.post('/search/memory', request, { 'X-Continuo-Debug': 'explain' });
          expect(body.data.debug.missing_arms).toEqual([]);
          expect(body.data.debug.items[0].explanation.cosine).toBeGreaterThan(0.3);
          expect(body.data.memory_detail_list[0].memory_value).toContain('Lyon');
        });
        expect(alpha.requests).toHaveLength(asks);
      } finally {
        await third.stop();
      }
    });

    it('says what it cannot do', async () => {
      const system = await System.start();
      try {
        const unknown = await continuo(['reembed', '--to', 'gamma'], system.settings);
        expect([unknown.exitCode, unknown.output]).toEqual([2, '']);
        expect(unknown.complaints).toMatch(/gamma[^]*CONTINUO_EMBEDDING_BASE_URL/);
        const cutOff = await continuo(['reembed', '--to', 'multilingual-e5-small/int8'], system.settings);
        expect([cutOff.exitCode, cutOff.output]).toEqual([1, '']);
        expect(cutOff.complaints).toMatch(/no source/);
        const gone = await continuo(['reembed', '--to', 'gamma'], {
          ...system.settings,
          CONTINUO_EMBEDDING_BASE_URL: 'http://127.0.0.1:1/v1',
          CONTINUO_EMBEDDING_MODEL: 'gamma',
        });
        expect([gone.exitCode, gone.output]).toEqual([1, '']);
        expect(gone.complaints).toMatch(/gamma/);
      } finally {
        await system.close();
      }
    });
  });

  describe('doctor', () => {
    let system: System;
    let model: ScriptedModel;
    let scratch: string;
    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'continuo-doctor-'));
      model = await ScriptedModel.start();
      system = await System.start();
    });
    afterAll(async () => {
      await system.close();
      await model.close();
      await rm(scratch, { recursive: true, force: true });
    });

    const examine = async (settings: Settings) => {
      const { exitCode, value } = await asked(['doctor'], settings);
      const findings = new Map<string, { state: string; words: string; remedy: string }>(
        value.map((finding: { part: string }) => [finding.part, finding]),
      );
      return { exitCode, findings };
    };

    it('finds every part well, by trying it', async () => {
      const { exitCode, findings } = await examine({
        ...system.settings,
        PORT: new URL(system.origin).port,
        OPENAI_BASE_URL: model.baseUrl,
        CONTINUO_MODEL: 'scripted-model',
        CONTINUO_EMBEDDING_BASE_URL: model.baseUrl,
        CONTINUO_EMBEDDING_MODEL: 'scripted-embedding',
      });
      expect([...findings].map(([part, { state }]) => [part, state])).toEqual(
        ['configuration', 'data folder', 'records', 'index', 'server', 'chat model', 'embedder'].map((part) => [part, 'ok']),
      );
      expect(exitCode).toBe(0);
      expect(model.requests.map((request) => request.path)).toEqual(['/v1/chat/completions', '/v1/embeddings']);
    });

    it('calls what works with less degraded, and ends with 0', async () => {
      const { exitCode, findings } = await examine({ CONTINUO_DATA_DIR: join(scratch, 'nothing-yet') });
      expect(exitCode).toBe(0);
      expect([...findings.values()].map(({ state }) => state)).toEqual(['ok', ...Array.from({ length: 6 }, () => 'degraded')]);
      const { output } = await continuo(['doctor'], { CONTINUO_DATA_DIR: join(scratch, 'nothing-yet') });
      expect(output).toMatch(/^ok +configuration: /);
      expect(output).toMatch(/degraded server: [^]*→ npm start/);
    });

    it.each([
      ['configuration', { PORT: 'eighty' }, /PORT/],
      ['chat model', { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', CONTINUO_MODEL: 'gone' }, /reached/],
      ['embedder', { CONTINUO_EMBEDDING_BASE_URL: 'http://127.0.0.1:1/v1', CONTINUO_EMBEDDING_MODEL: 'gone' }, /gone/],
    ] as const)('names a broken %s, with a remedy and exit code 1', async (part, broken, words) => {
      const { exitCode, findings } = await examine({ ...system.settings, ...broken });
      expect(findings.get(part)).toMatchObject({
        state: 'wrong',
        words: expect.stringMatching(words),
        remedy: expect.stringMatching(/\w+/),
      });
      expect([...findings].filter(([, { state }]) => state === 'wrong')).toHaveLength(1);
      expect(exitCode).toBe(1);
    });

    it('names a model that answers with errors', async () => {
      model.always(fails(500));
      const { exitCode, findings } = await examine({
        ...system.settings,
        OPENAI_BASE_URL: model.baseUrl,
        CONTINUO_MODEL: 'scripted-model',
      });
      expect(findings.get('chat model')).toMatchObject({ state: 'wrong', words: expect.stringMatching(/500/) });
      expect(exitCode).toBe(1);
    });

    it('names broken records, a broken index, and a data folder that is none', async () => {
      const folder = await mkdtemp(join(scratch, 'broken-'));
      for (const name of ['records.db', 'index.db']) await writeFile(join(folder, name), 'this is no database, '.repeat(1_000));
      const { exitCode, findings } = await examine({ CONTINUO_DATA_DIR: folder });
      expect(findings.get('records')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('records.db') });
      expect(findings.get('index')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('index.db') });
      expect(exitCode).toBe(1);

      const file = await examine({ CONTINUO_DATA_DIR: join(folder, 'records.db') });
      expect(file.findings.get('data folder')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('CONTINUO_DATA_DIR') });
      expect(file.exitCode).toBe(1);
    });

    it('tells another program on the port from the server', async () => {
      const other = createServer((_request, response) => void response.end('<p>hello</p>'));
      other.listen(0, '127.0.0.1');
      await once(other, 'listening');
      try {
        const { exitCode, findings } = await examine({ ...system.settings, PORT: String((other.address() as AddressInfo).port) });
        expect(findings.get('server')).toMatchObject({ state: 'wrong', remedy: expect.stringContaining('PORT') });
        expect(exitCode).toBe(1);
      } finally {
        other.close();
      }
    });
  });
});

function item(kind: 'fact' | 'preference', title: string, text: string, quote: string, messageId: string): object {
  return {
    kind,
    title,
    text,
    quote,
    message_ids: [messageId],
    topic_key: null,
    topic_value: null,
    negated: false,
    about: null,
    event_start: null,
    event_end: null,
    entities: [],
    key_phrases: [],
    preference_type: kind === 'preference' ? 'explicit' : null,
    reasoning: '',
    confidence: 0.9,
  };
}
