import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache-folder.ts';
import { complaintOf, installPackages, pip } from './install-packages.ts';

const run = promisify(execFile);

/** Oldest Python the package supports. */
const NEEDED = [3, 10] as const;

/**
 * What `memos.api.client` really imports; its package lists many times that. Pinned, so that a new release of one of them cannot turn a
 * run red. A change here needs a new number in `FOLDER`.
 */
const IMPORTED = [
  'requests==2.32.5',
  'urllib3==2.5.0',
  'certifi==2025.8.3',
  'idna==3.10',
  'charset-normalizer==3.4.3',
  'pydantic==2.12.5',
  'pydantic-core==2.41.5',
  'typing-extensions==4.15.0',
  'typing-inspection==0.4.2',
  'annotated-types==0.7.0',
  'python-dotenv==1.1.1',
  'concurrent-log-handler==0.9.28',
  'portalocker==3.2.0',
];
const FOLDER = 'official-client-1';

/** Python on this machine; a sentence when there is none that can run the client. */
export async function findPython(): Promise<
  { readonly found: true; readonly command: string } | { readonly found: false; readonly reason: string }
> {
  let reason = 'Python 3 is not installed';
  for (const command of ['python3', 'python']) {
    const version = await run(command, ['-c', 'import sys; print(*sys.version_info[:2])']).then(
      ({ stdout }) => stdout.trim().split(' ').map(Number),
      () => null,
    );
    const [major = 0, minor = 0] = version ?? [];
    if (major === NEEDED[0] && minor >= NEEDED[1]) return { found: true, command };
    if (version !== null) reason = `Python ${major}.${minor} is older than ${NEEDED.join('.')}`;
  }
  return { found: false, reason };
}

/** The newest version pip knows; without the network the newest that was installed before. @throws Error in words when there is neither. */
export async function newestVersion(python: string): Promise<string> {
  try {
    const { stdout } = await pip(python, ['index', 'versions', 'MemoryOS']);
    const version = /\((\d[\w.]*)\)/u.exec(stdout)?.[1];
    if (version !== undefined) return version;
    throw new Error(`pip answered ${JSON.stringify(stdout.slice(0, 200))}`);
  } catch (error) {
    const installed = await readdir(join(cacheFolder(), FOLDER)).catch(() => []);
    const newest = installed
      .filter((name) => /^\d/u.test(name))
      .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }))
      .at(-1);
    if (newest !== undefined) return newest;
    throw new Error(`Python is here, but pip cannot say which MemoryOS is the newest: ${complaintOf(error)}`, { cause: error });
  }
}

/** Installs that version and what it imports into a folder of the cache, once, and returns the folder. @throws Error in words. */
export const installClient = (python: string, version: string): Promise<string> =>
  installPackages(python, join(FOLDER, version), ['--no-deps', `MemoryOS==${version}`, ...IMPORTED]);
