import { parentPort, workerData } from 'node:worker_threads';
import { NativeGate } from './native-gate.ts';
import { OnnxEmbedder } from './onnx-embedder.ts';
import { PassagePace } from './passage-pace.ts';
import type { ThreadReply, ThreadRequest, ThreadSetup } from './thread-protocol.ts';
import { WorkQueue, type QueuedRequest } from './work-queue.ts';

if (parentPort === null) throw new Error('this file runs in a worker thread');
const port = parentPort;
const setup = workerData as ThreadSetup;
const gate = new NativeGate(setup.gate);
const queue = new WorkQueue();
const pace = new PassagePace();
let working = false;
/** While passages in the background leave the machine to others. */
let resting = false;

const embedder = await OnnxEmbedder.load(setup, gate);
const probe = await embedder.embed('', 'query');
port.on('message', (request: ThreadRequest) => {
  if (request.type === 'cancel') return queue.remove(request.id);
  queue.add(request);
  void work();
});
reply({ type: 'ready', dimension: probe.length });

/** Takes one text after the other. Passing the gate gives way, so that messages are read between two: a query, a cancellation. */
async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (let request = next(); request !== undefined && !gate.closed; request = next()) await step(request);
  working = false;
}

function next(): QueuedRequest | undefined {
  const request = queue.next();
  return resting && request?.urgency === 'background' ? undefined : request;
}

async function step(request: QueuedRequest): Promise<void> {
  const text = request.texts[request.vectors.length];
  try {
    if (text !== undefined) request.vectors.push(await embed(text, request));
    if (request.vectors.length < request.texts.length) return;
    reply({ type: 'vectors', id: request.id, vectors: request.vectors });
  } catch (error) {
    reply({ type: 'failed', id: request.id, message: error instanceof Error ? error.message : String(error) });
  }
  queue.remove(request.id);
}

async function embed(text: string, { role, urgency }: QueuedRequest): Promise<Float32Array> {
  if (urgency !== 'background') return embedder.embed(text, role);
  const [startedAt, before] = [performance.now(), process.threadCpuUsage()];
  const vector = await embedder.embed(text, role);
  const { user, system } = process.threadCpuUsage(before);
  rest(pace.restAfter({ wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000 }));
  return vector;
}

function rest(durationMs: number): void {
  if (durationMs <= 0) return;
  resting = true;
  setTimeout(() => {
    resting = false;
    void work();
  }, durationMs);
}

function reply(message: ThreadReply): void {
  const buffers = message.type === 'vectors' ? message.vectors.map((vector) => vector.buffer as ArrayBuffer) : [];
  port.postMessage(message, buffers);
}
