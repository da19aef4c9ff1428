import 'reflect-metadata';
import { runService } from '@continuo/platform';
import { openWorker } from './worker.ts';

await runService('worker', openWorker);
