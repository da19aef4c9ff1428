import 'reflect-metadata';
import { runService } from '@continuo/platform';
import { openGateway } from './gateway.ts';

await runService('gateway', openGateway);
