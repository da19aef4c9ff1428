import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CLI = join(import.meta.dirname, '../../../apps/standalone/dist/cli.js');

/** Runs the administrator's command line on a data folder and returns what it prints with `--json`. */
export async function continuo(dataDirectory: string, ...words: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, '--json', ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      CONTINUO_DATA_DIR: dataDirectory,
      CONTINUO_EMBEDDING_SOURCES: '',
    },
  });
  return JSON.parse(stdout);
}

/** Makes a project and returns a key that opens it. */
export async function projectWithKey(dataDirectory: string, project: string): Promise<string> {
  await continuo(dataDirectory, 'projects', 'create', project);
  const { key } = (await continuo(dataDirectory, 'keys', 'create', '--project', project)) as { key: string };
  return key;
}
