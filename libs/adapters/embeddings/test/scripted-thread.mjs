import { parentPort } from 'node:worker_threads';

/** Stands in for the model: a thread that dies at the text `crash`, hangs at `hang`, tells the
 * number of cancellations at `cancelled?` and answers everything else. */
let cancellations = 0;
parentPort.on('message', (request) => {
  if (request.type === 'cancel') cancellations += 1;
  if (request.type !== 'embed') return;
  if (request.texts.includes('crash')) process.exit(3);
  if (request.texts.includes('hang')) return;
  const vectors = request.texts.map((text) => new Float32Array(384).fill(text === 'cancelled?' ? cancellations : text.length));
  parentPort.postMessage({ type: 'vectors', id: request.id, vectors });
});
parentPort.postMessage({ type: 'ready', dimension: 384 });
