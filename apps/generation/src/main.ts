import 'reflect-metadata';
import { runService } from '@continuo/platform';
import { openGeneration } from './generation.ts';

await runService('generation', openGeneration);
