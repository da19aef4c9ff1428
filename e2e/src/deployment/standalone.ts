import { join } from 'node:path';
import type { Deployment } from './deployment.ts';

/** One process with everything in its data folder. */
export const standalone: Deployment = {
  file: join(import.meta.dirname, '../../../apps/standalone/dist/main.js'),
  environment: {},
  remove: async () => undefined,
};
