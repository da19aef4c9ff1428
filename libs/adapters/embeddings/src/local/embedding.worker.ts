import { parentPort, workerData } from 'node:worker_threads';
import { NativeGate } from './native-gate.ts';
import { OnnxEmbedder } from './onnx-embedder.ts';
import type { ThreadReply, ThreadRequest, ThreadSetup } from './thread-protocol.ts';
import { WorkQueue, type QueuedRequest } from './work-queue.ts';

if (parentPort === null) throw new Error('this file runs in a worker thread');
const port = parentPort;
const setup = workerData as ThreadSetup;
const gate = new NativeGate(setup.gate);
const queue = new WorkQueue();
let working = false;

const embedder = await OnnxEmbedder.load(setup, gate);
const probe = await embedder.embed('', 'query');
port.on('message', (request: ThreadRequest) => {
  if (request.type === 'cancel') return queue.remove(request.id);
  queue.add(request);
  if (!working) void work();
});
reply({ type: 'ready', dimension: probe.length });

/** Takes one text after the other. Passing the gate gives way, so that messages are read between two: a query, a cancellation. */
async function work(): Promise<void> {
  working = true;
  for (let request = queue.next(); request !== undefined && !gate.closed; request = queue.next()) await step(request);
  working = false;
}

async function step(request: QueuedRequest): Promise<void> {
  const text = request.texts[request.vectors.length];
  try {
    if (text !== undefined) request.vectors.push(await embedder.embed(text, request.role));
    if (request.vectors.length < request.texts.length) return;
    reply({ type: 'vectors', id: request.id, vectors: request.vectors });
  } catch (error) {
    reply({ type: 'failed', id: request.id, message: error instanceof Error ? error.message : String(error) });
  }
  queue.remove(request.id);
}

function reply(message: ThreadReply): void {
  const buffers = message.type === 'vectors' ? message.vectors.map((vector) => vector.buffer as ArrayBuffer) : [];
  port.postMessage(message, buffers);
}
