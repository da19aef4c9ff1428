import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache-folder.ts';

const PIP_TIMEOUT_MS = 5 * 60_000;

/**
 * Installs wheels into a folder of the cache, once, and returns the folder.
 *
 * @param name of the folder; a change of what is wanted needs a new one. @throws Error in words.
 */
export async function installPackages(python: string, name: string, wanted: readonly string[]): Promise<string> {
  const folder = join(cacheFolder(), name);
  await mkdir(dirname(folder), { recursive: true });
  if ((await readdir(folder).catch(() => [])).length > 0) return folder;
  // Whole by one rename or not at all: a run that is killed leaves no half of it.
  const partial = await mkdtemp(join(dirname(folder), '.partial-'));
  try {
    await pip(python, ['install', '--quiet', '--target', partial, '--only-binary=:all:', ...wanted]);
    await rename(partial, folder);
  } catch (error) {
    throw new Error(`Python is here, but pip could not install ${name}: ${complaintOf(error)}`, { cause: error });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

export const pip = (python: string, parameters: readonly string[]) =>
  promisify(execFile)(python, ['-m', 'pip', ...parameters, '--disable-pip-version-check', '--no-input'], {
    timeout: PIP_TIMEOUT_MS,
    env: { ...process.env, PIP_ROOT_USER_ACTION: 'ignore' },
  });

/** What pip says of its failure. */
export function complaintOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message?: string };
  const lines = (stderr ?? '').split('\n').filter((line) => line.startsWith('ERROR'));
  return (lines.length > 0 ? lines.join(' ') : (message ?? String(error))).slice(0, 600);
}
