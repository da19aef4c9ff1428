import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Project, ProjectRecords } from '@continuo/ports';
import { hashOfKey, newKey, type TransientKey } from '@continuo/use-cases';

const KEY_FILE = 'api-key';
const READABLE_BY_OWNER = 0o600;

/** Which key opens the default project, and where a newcomer finds it. */
export interface ServerKey {
  /** Set when the key comes from the environment: valid while it is set, never stored. */
  readonly transientKey: TransientKey | null;
  /** The key in clear, to be shown this once; null on later starts. */
  readonly firstSeen: string | null;
  /** In words, for the start message. */
  readonly whereabouts: string;
  /** A shell expression that yields the key, for requests to paste. */
  readonly shell: string;
}

/** The key of the environment, else the one made at the first start: stored hashed, and in clear in a file only its owner can read. */
export async function serverKey(
  records: ProjectRecords,
  project: Project,
  folder: string,
  fromEnvironment: string | null,
): Promise<ServerKey> {
  if (fromEnvironment !== null) {
    const transientKey = { keyHash: hashOfKey(fromEnvironment), projectId: project.id };
    return { transientKey, firstSeen: null, whereabouts: 'the one in CONTINUO_API_KEY', shell: '$CONTINUO_API_KEY' };
  }
  const file = join(folder, KEY_FILE);
  const found = { transientKey: null, whereabouts: `in ${file}`, shell: `$(cat '${file}')` };
  if (existsSync(file)) {
    const known = await records.projectOfKey(hashOfKey(readFileSync(file, 'utf8').trim()));
    if (known !== null) return { ...found, firstSeen: null };
  }
  const key = newKey();
  // File first: a crash in between leaves a key that opens nothing, and the next start makes a new one.
  rmSync(file, { force: true });
  writeFileSync(file, `${key}\n`, { mode: READABLE_BY_OWNER });
  await records.addKey({ projectId: project.id, keyHash: hashOfKey(key), hint: key.slice(0, 8), label: 'first key', now: Date.now() });
  return { ...found, firstSeen: key };
}
