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
  reporters: ['<rootDir>/tools/jest/counting-reporter.mjs'],
};
