import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ScriptedHub, type HubFile } from '../../test/scripted-hub.ts';
import { aFolder, removeFolders } from '../../test/temporary-folder.ts';
import { weightsFromHub } from './hub-source.ts';
import { MODEL_FILE, TOKENIZER_FILE } from './weights-store.ts';

const XENOVA = '/Xenova/multilingual-e5-small/resolve/main';
const INTFLOAT = '/intfloat/multilingual-e5-small/resolve/main';
const tokenizer: HubFile = { content: Buffer.from('{"version":"1.0"}') };
const content = randomBytes(300_000);

describe('weights from the hub', () => {
  let hub: ScriptedHub;
  let endpoint: string;
  let folder: string;
  let progress: [number, number | null][];
  let onBytes: (received: number) => void;

  beforeEach(async () => {
    hub = new ScriptedHub();
    endpoint = await hub.start();
    folder = await aFolder();
    progress = [];
    onBytes = () => undefined;
    hub.files.set(`${XENOVA}/tokenizer.json`, tokenizer);
  });
  afterEach(async () => {
    await hub.stop();
    await removeFolders();
  });

  const fetchWeights = (signal = new AbortController().signal, limits = {}): Promise<string> =>
    weightsFromHub(folder, {
      endpoint: `${endpoint}/`,
      signal,
      limits: { connectTimeoutMs: 2_000, stallTimeoutMs: 2_000, resumptions: 3, resumeAfterMs: 1, ...limits },
      onBytes: (received, total) => {
        progress.push([received, total]);
        onBytes(received);
        hub.arrived(received);
      },
    });
  const model = (): Promise<Buffer> => readFile(join(folder, MODEL_FILE));

  it('writes model and tokenizer and tells how far it is', async () => {
    hub.files.set(`${XENOVA}/onnx/model_quantized.onnx`, { content });
    expect(await fetchWeights()).toBe('from the hub (Xenova/multilingual-e5-small)');
    expect((await model()).equals(content)).toBe(true);
    expect(await readFile(join(folder, TOKENIZER_FILE), 'utf8')).toBe('{"version":"1.0"}');
    expect(progress.at(-1)).toEqual([content.length, content.length]);
  });

  it('goes on where a connection broke', async () => {
    hub.files.set(`${XENOVA}/onnx/model_quantized.onnx`, { content, breaks: [100_000, 50_000] });
    await fetchWeights();
    expect((await model()).equals(content)).toBe(true);
    const ranges = hub.requests
      .filter((request) => request.path.startsWith('/blob') && request.path.endsWith('.onnx'))
      .map((request) => request.range);
    expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
  });

  it('begins anew when the file has changed meanwhile, and keeps nothing of the old one', async () => {
    const address = `${XENOVA}/onnx/model_quantized.onnx`;
    const shorter = randomBytes(90_000);
    hub.files.set(address, { content, breaks: [100_000], changing: true });
    onBytes = (received) => {
      if (received === 100_000) hub.files.set(address, { content: shorter, changing: true });
    };
    await fetchWeights();
    expect((await model()).equals(shorter)).toBe(true);
  });

  it('refuses a file that does not have the hash the hub names', async () => {
    hub.files.set(`${XENOVA}/onnx/model_quantized.onnx`, { content, sha256: '0'.repeat(64) });
    await expect(fetchWeights()).rejects.toThrow(/model_quantized\.onnx from 127\.0\.0\.1:\d+ does not have the hash the hub names/u);
  });

  it('takes the next repository when the first has no such file', async () => {
    hub.files.set(`${INTFLOAT}/tokenizer.json`, tokenizer);
    hub.files.set(`${INTFLOAT}/onnx/model.onnx`, { content });
    expect(await fetchWeights()).toBe('from the hub (intfloat/multilingual-e5-small)');
    expect((await model()).equals(content)).toBe(true);
  });

  it('says what was answered when no repository has it', async () => {
    await expect(fetchWeights()).rejects.toThrow(/answered 404 for \/Xenova.*then .*answered 404 for \/intfloat/u);
  });

  it('gives up on a download that stands still, and names the host once', async () => {
    hub.files.set(`${XENOVA}/onnx/model_quantized.onnx`, { content, stallsAt: 10_000 });
    await expect(fetchWeights(undefined, { stallTimeoutMs: 50, resumptions: 0 })).rejects.toThrow(
      /broke off \(the download stood still\)/u,
    );
  });

  it('asks a host that does not answer only once', async () => {
    let connections = 0;
    const mute = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    endpoint = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    await expect(fetchWeights()).rejects.toThrow(/^127\.0\.0\.1:\d+ did not answer \([^;]*\)$/u);
    expect(connections).toBe(1);
    await new Promise((resolve) => mute.close(resolve));
  });

  it('stops when it is told to', async () => {
    hub.files.set(`${XENOVA}/onnx/model_quantized.onnx`, { content, stallsAt: 10_000 });
    const caller = new AbortController();
    const outcome = expect(fetchWeights(caller.signal)).rejects.toThrow('no longer wanted');
    while (progress.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    caller.abort(new Error('no longer wanted'));
    await outcome;
  });
});
