import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ScriptedHub } from '../test/scripted-hub.ts';
import { aFolder, removeFolders } from '../test/temporary-folder.ts';
import { WeightsStore } from './acquisition/weights-store.ts';

const PROGRAM = fileURLToPath(new URL('../dist/fetch-weights.js', import.meta.url));
const TOKENIZER = '/Xenova/multilingual-e5-small/resolve/main/tokenizer.json';
const MODEL = '/Xenova/multilingual-e5-small/resolve/main/onnx/model_quantized.onnx';
const content = randomBytes(200_000);
/** Each test starts processes, and the machine may be busy. */
const TIMEOUT_MS = 30_000;

describe('the program that fetches the weights', () => {
  let hub: ScriptedHub;
  let cache: string;
  let environment: NodeJS.ProcessEnv;

  beforeEach(async () => {
    hub = new ScriptedHub();
    cache = await aFolder();
    environment = { CONTINUO_CACHE_DIR: cache, CONTINUO_EMBEDDING_SOURCES: 'folder,hub', HF_ENDPOINT: await hub.start() };
    hub.files.set(TOKENIZER, { content: Buffer.from('{}') });
    hub.files.set(MODEL, { content });
  });
  afterEach(async () => {
    await hub.stop();
    await removeFolders();
  });

  function start(changes: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<{ code: number | null; output: string }> } {
    const child = spawn(process.execPath, [PROGRAM], { env: { ...environment, ...changes }, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))) };
  }

  it(
    'prints how it goes and ends well',
    async () => {
      const { code, output } = await start().ended;
      expect(output.trim().split('\n')).toEqual(
        expect.arrayContaining([
          'embedding model: looking into the cache folder',
          expect.stringMatching(/^embedding model: downloading multilingual-e5-small from http:\/\/127\.0\.0\.1:\d+ \(100 %\)$/u),
          'embedding model: ready, from the hub (Xenova/multilingual-e5-small)',
        ]),
      );
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'ends badly and says what to do when no source has it',
    async () => {
      hub.files.clear();
      const { code, output } = await start().ended;
      expect(output).toMatch(/not there \(hub: .*answered 404.*\)\nAllow a source in CONTINUO_EMBEDDING_SOURCES/u);
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );

  it(
    'leaves nothing broken when it is killed in the middle of a download',
    async () => {
      hub.files.set(MODEL, { content, stallsAt: 120_000 });
      const { child, ended } = start();
      while (!hub.requests.some((request) => request.path === `/blob${MODEL}`)) await new Promise((resolve) => setTimeout(resolve, 2));
      child.kill('SIGKILL');
      await ended;
      expect(await readdir(cache)).toEqual([expect.stringMatching(/^\.multilingual-e5-small-int8\.partial-/u)]);
      expect(await new WeightsStore(cache).find()).toBeNull();
      hub.files.set(MODEL, { content });
      expect((await start().ended).code).toBe(0);
      expect(await readdir(cache)).toEqual(['multilingual-e5-small-int8']);
      expect(await new WeightsStore(cache).find()).not.toBeNull();
    },
    TIMEOUT_MS,
  );

  it(
    'may run several times at once',
    async () => {
      const outcomes = await Promise.all(Array.from({ length: 4 }, () => start().ended));
      expect(outcomes.map((outcome) => outcome.code)).toEqual([0, 0, 0, 0]);
      expect(await readdir(cache)).toEqual(['multilingual-e5-small-int8']);
      expect(await new WeightsStore(cache).find()).not.toBeNull();
    },
    TIMEOUT_MS,
  );
});
