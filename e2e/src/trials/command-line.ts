import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const CLI = join(import.meta.dirname, '../../../apps/command-line/dist/cli.js');

type Settings = Readonly<Record<string, string>>;

/** Runs the administrator's command line on a system's settings and returns what it prints with `--json`. */
export async function continuo(settings: Settings, ...words: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, '--json', ...words], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      CONTINUO_EMBEDDING_SOURCES: '',
      ...settings,
    },
  });
  return JSON.parse(stdout);
}

/** Makes a project and returns a key that opens it. */
export async function projectWithKey(settings: Settings, project: string): Promise<string> {
  await continuo(settings, 'projects', 'create', project);
  const { key } = (await continuo(settings, 'keys', 'create', '--project', project)) as { key: string };
  return key;
}
