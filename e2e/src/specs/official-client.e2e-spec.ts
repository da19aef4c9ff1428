import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { says, saysJson, ScriptedModel } from '@continuo/testing';
import { findPython, installClient, newestVersion } from '../python/install-client.ts';
import { System } from '../system.ts';

const SCRIPT = join(import.meta.dirname, '../python/official_client.py');
const ANSWER = '你去过广州，住在里昂。\u2028😀';

const EVERY_VERSION = [
  'add_message',
  'search_memory',
  'get_message',
  'get_memory',
  'chat',
  'add_feedback',
  'knowledge bases and files',
  'delete knowledge bases and files',
  'delete_memory by user_ids and memory_ids',
];
const SINCE_2_0_24 = [
  'search_memory by view',
  'get_memory_by_id',
  'streamed chat',
  'get_task_status',
  'update_memory',
  'extract_memory',
  'rerank',
  'profiles',
  'delete_memory by memory_ids',
  'delete_memory by user_id',
];

const python = await findPython();
/** Registered only where there is a Python to run it. */
function describeOfficialClient(command: string): void {
  describe('the official Python client, unmodified', () => {
    let model: ScriptedModel;
    let system: System;
    let environment: Readonly<Record<string, string>>;
    let scratch: string;
    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'continuo-python-'));
      model = await ScriptedModel.start();
      model.always((request) =>
        request.schemaName === null
          ? says(ANSWER, { reasoning: '她住在里昂。', pieces: [...ANSWER], split: 'characters' })
          : saysJson({ memories: extracted(request.prompt) }),
      );
      environment = { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-scripted', CONTINUO_MODEL: 'scripted' };
      system = await System.start({ environment });
    });
    afterAll(async () => {
      await system.close();
      await model.close();
      await rm(scratch, { recursive: true, force: true });
    });

    it.each([
      ['the newest', null, [...EVERY_VERSION, ...SINCE_2_0_24]],
      ['2.0.24', '2.0.24', [...EVERY_VERSION, ...SINCE_2_0_24]],
      ['2.0.23', '2.0.23', EVERY_VERSION],
    ] as const)('%s does all it can, without a warning and without a word to anyone else', async (_name, pinned, steps) => {
      const version = pinned ?? (await newestVersion(command));
      const folder = await installClient(command, version);
      const { exitCode, output, complaints } = await runScript(command, [folder, system.base, system.key, 'object'], scratch);

      expect(complaints).toBe('');
      expect(exitCode).toBe(0);
      expect(stepsOf(output)).toEqual([`MemoryOS ${version}`, ...steps, 'done'].toSorted());
    });

    it('2.0.23 does the same and reads the status of tasks, too, where the server is set to the older form', async () => {
      const folder = await installClient(command, '2.0.23');
      const older = await System.start({ environment: { ...environment, CONTINUO_LEGACY_STATUS_LIST: 'true' } });
      try {
        const { exitCode, output, complaints } = await runScript(command, [folder, older.base, older.key, 'list'], scratch);
        expect([complaints, exitCode]).toEqual(['', 0]);
        expect(stepsOf(output)).toEqual(['MemoryOS 2.0.23', ...EVERY_VERSION, 'get_task_status', 'done'].toSorted());
      } finally {
        await older.close();
      }
    });
  });
}

if (python.found) describeOfficialClient(python.command);
else {
  it('the official Python client is not run without Python', () => {
    // The sentence that the summary of a run passes on.
    console.log(`Not run: the official Python client, because ${python.reason}`);
  });
}

const stepsOf = (output: string): readonly string[] =>
  output
    .split('\n')
    // The older client prints what it was answered.
    .filter((line) => line !== '' && !line.startsWith('{'))
    .toSorted();

function runScript(
  python: string,
  parameters: readonly string[],
  home: string,
): Promise<{ exitCode: number; output: string; complaints: string }> {
  // Nothing of this machine's settings: the client reads a host from its environment, too.
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, MEMOS_BASE_PATH: home, NO_PROXY: '*', PYTHONUTF8: '1' };
  return new Promise((resolve) => {
    execFile(
      python,
      ['-B', '-s', '-W', 'error', SCRIPT, ...parameters],
      { env, cwd: home, timeout: 120_000 },
      (error, output, complaints) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), output, complaints });
      },
    );
  });
}

/** What the scripted model makes of the script's messages, which are mined in one batch. */
function extracted(prompt: string): readonly object[] {
  if (prompt.includes('Biscuit')) return [memory('fact', 'Cat', 'My cat is called Biscuit.', 'My cat is called Biscuit', 'm1')];
  if (!prompt.includes('Guangzhou')) return [];
  return [
    memory('fact', 'Trip', 'The user has booked a trip to Guangzhou for the summer vacation.', 'I have booked a trip to Guangzhou', 'm1'),
    memory('preference', 'No seafood', 'The user never wants seafood restaurants suggested.', 'Never suggest seafood restaurants', 'm3'),
    memory('fact', '住处', '用户住在里昂。', '我住在里昂', 'm4'),
  ];
}

function memory(kind: 'fact' | 'preference', title: string, text: string, quote: string, messageId: string): object {
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
