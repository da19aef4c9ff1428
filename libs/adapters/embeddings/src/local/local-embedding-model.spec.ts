import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbedderState } from '@continuo/ports';
import { ScriptedHub } from '../../test/scripted-hub.ts';
import { aFolder, removeFolders } from '../../test/temporary-folder.ts';
import { untilState, untilStatus } from '../../test/until-state.ts';
import { LOCAL_EMBEDDING_MODEL } from '../local-model-facts.ts';
import { LocalEmbeddingModel, type LocalEmbeddingModelOptions } from './local-embedding-model.ts';

const THREAD_FILE = new URL('../../test/scripted-thread.mjs', import.meta.url);

describe('the local embedder around its thread', () => {
  let folder: string;
  let opened: LocalEmbeddingModel[];

  beforeEach(async () => {
    opened = [];
    folder = await aFolder();
    for (const name of ['model_int8.onnx', 'tokenizer.json']) await writeFile(join(folder, name), '{}');
  });
  afterEach(async () => {
    await Promise.all(opened.map((embedder) => embedder.close()));
    await removeFolders();
  });

  function anEmbedder(changes: Partial<LocalEmbeddingModelOptions> = {}): LocalEmbeddingModel {
    const embedder = new LocalEmbeddingModel({
      cacheFolder: join(folder, 'cache'),
      sources: ['folder'],
      folder,
      hubEndpoint: null,
      environment: {},
      threadFile: THREAD_FILE,
      restartAfterMs: 1,
      retryAfterMs: 1,
      ...changes,
    });
    opened.push(embedder);
    return embedder;
  }

  function recorded(embedder: LocalEmbeddingModel): EmbedderState[] {
    const states: EmbedderState[] = [];
    embedder.onState((state) => states.push(state));
    return states;
  }

  it('does nothing before it is opened', async () => {
    const embedder = anEmbedder();
    const states = recorded(embedder);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(states).toEqual([{ status: 'none', reason: 'the embedder has not been opened' }]);
  });

  it('becomes ready with a folder and says which', async () => {
    const embedder = anEmbedder();
    embedder.open();
    embedder.open();
    const state = await untilStatus(embedder, 'ready');
    expect(state).toEqual({ status: 'ready', reason: `multilingual-e5-small from the folder ${folder}`, model: LOCAL_EMBEDDING_MODEL });
  });

  it('rejects the calls under way when its thread dies, and starts it again', async () => {
    const embedder = anEmbedder();
    embedder.open();
    await untilStatus(embedder, 'ready');
    const states = recorded(embedder);
    const waiting = embedder.embed(['hang'], 'passage', {});
    const outcomes = [waiting, embedder.embed(['crash'], 'passage', {})].map((call) =>
      expect(call).rejects.toMatchObject({ code: 'embedder_unavailable', message: 'The embedding thread ended while it was working.' }),
    );
    await Promise.all(outcomes);
    await untilState(embedder, (state) => state.status === 'ready' && states.length > 1);
    expect(states.map((state) => state.status)).toEqual(['ready', 'failed', 'fetching', 'ready']);
    expect(states[1]?.reason).toContain('the embedding thread ended (exit code 3); next attempt in');
    expect(await embedder.embed(['fine'], 'passage', {})).toHaveLength(1);
  });

  it('answers known queries while passages wait, and none after its end', async () => {
    const embedder = anEmbedder();
    embedder.open();
    await untilStatus(embedder, 'ready');
    const [first] = await embedder.embed(['a  query'], 'query', {});
    const [again] = await embedder.embed([' a query '], 'query', {});
    expect(again).toEqual(first);
    await embedder.close();
    await expect(embedder.embed(['a query'], 'query', {})).rejects.toMatchObject({ code: 'embedder_unavailable' });
    expect(embedder.state()).toEqual({ status: 'none', reason: 'the embedder is closed' });
  });

  it('tells its thread what was given up', async () => {
    const embedder = anEmbedder();
    embedder.open();
    await untilStatus(embedder, 'ready');
    const caller = new AbortController();
    const givenUp = expect(embedder.embed(['hang'], 'passage', { signal: caller.signal })).rejects.toThrow('not wanted');
    caller.abort(new Error('not wanted'));
    await givenUp;
    await expect(embedder.embed(['hang'], 'query', { deadlineAt: Date.now() + 1 })).rejects.toMatchObject({ code: 'deadline_exceeded' });
    const [cancellations] = await embedder.embed(['cancelled?'], 'passage', {});
    expect(cancellations?.[0]).toBe(2);
  });

  it('says why a model cannot be loaded and tries again', async () => {
    const embedder = anEmbedder({ threadFile: new URL('./missing.worker.js', THREAD_FILE) });
    const states = recorded(embedder);
    embedder.open();
    await untilState(embedder, () => states.filter((state) => state.status === 'failed').length === 2);
    expect(states.find((state) => state.status === 'failed')?.reason).toMatch(
      /^the model from the folder .* could not be loaded \(.*missing\.worker\.js.*\); next attempt in/u,
    );
  });

  it('ends in none without a source', async () => {
    const embedder = anEmbedder({ sources: [] });
    embedder.open();
    await untilState(embedder, (state) => state.reason === 'no source of weights is allowed');
    expect(embedder.state().status).toBe('none');
  });

  it('looks again after all sources failed, and finds what has come meanwhile', async () => {
    await rm(join(folder, 'tokenizer.json'));
    const embedder = anEmbedder();
    const states = recorded(embedder);
    embedder.open();
    await untilState(embedder, () => states.filter((state) => state.status === 'failed').length === 2);
    expect(embedder.state().reason).toBe(`folder: ${folder} has no tokenizer.json`);
    await writeFile(join(folder, 'tokenizer.json'), '{}');
    await untilStatus(embedder, 'ready');
  });

  it('tells how a download goes, and stops it when it is closed', async () => {
    const hub = new ScriptedHub();
    const hubEndpoint = await hub.start();
    const address = '/Xenova/multilingual-e5-small/resolve/main';
    hub.files.set(`${address}/tokenizer.json`, { content: Buffer.from('{}') });
    hub.files.set(`${address}/onnx/model_quantized.onnx`, { content: Buffer.alloc(1_000), stallsAt: 400 });
    await mkdir(join(folder, 'cache'), { recursive: true });
    const embedder = anEmbedder({ sources: ['hub'], hubEndpoint });
    embedder.open();
    const state = await untilState(embedder, (candidate) => candidate.status === 'fetching' && candidate.reason.startsWith('downloading'));
    expect(state).toMatchObject({ status: 'fetching', receivedBytes: 0 });
    await embedder.close();
    await embedder.close();
    await hub.stop();
  });
});
