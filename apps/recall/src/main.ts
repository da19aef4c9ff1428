import 'reflect-metadata';
import { runService } from '@continuo/platform';
import { openRecall } from './recall.ts';

await runService('recall', openRecall);
