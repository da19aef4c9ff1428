import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../launcher/environment.mjs';
import { projectFolders } from '../launcher/fingerprint.mjs';

/** All projects in one run, so that two workers are shared by all of them. */
export default {
  rootDir: rootFolder,
  projects: [...projectFolders(rootFolder), 'tools']
    .filter((folder) => existsSync(join(rootFolder, folder, 'jest.config.mjs')))
    .map((folder) => `<rootDir>/${folder}`),
  // Stores and servers start slowly on a busy machine; what hangs is ended by the whole run's limit.
  testTimeout: 60_000,
  reporters: ['<rootDir>/tools/jest/counting-reporter.mjs'],
};
