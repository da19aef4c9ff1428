// OpenSearch and Postgres refuse to be run by root. For root they, and Redis with them, run as a user who owns nothing else.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `nobody` by convention. Postgres wants the user to have a name in the user database, as this one has nearly everywhere. */
const USER = { uid: 65_534, gid: 65_534 };

export const isRoot = () => process.getuid?.() === 0;

/** For spawn: who runs the stores. Nothing to change for anybody but root. */
export const asStoreUser = () => (isRoot() ? USER : {});

/** Whether the stores' user may pass into the folder, or into the nearest one above it that exists. */
export function canBeReached(folder) {
  if (!isRoot()) return true;
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  return isAllowed('-x', existing);
}

/** Whether the stores' user may run the file. */
export const canRun = (file) => isAllowed('-x', file);

function isAllowed(test, path) {
  return spawnSync('/bin/sh', ['-c', `test ${test} "$1"`, 'sh', path], { ...asStoreUser(), cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Makes a folder, and what is missing above it, that everybody may pass through whatever the umask is. */
export function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}

/** Lets everybody read what is in a folder, whatever the umask was when it came; what could be run still can. */
export function openToAll(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const inner = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(inner);
    else if (entry.isFile()) chmodSync(inner, statSync(inner).mode & 0o100 ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}

/** Makes a folder that is the stores' user's own. */
export function makeStoreFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveToStoreUser(folder);
}

export function giveToStoreUser(path) {
  if (isRoot()) chownSync(path, USER.uid, USER.gid);
}
