import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * npm leaves an optional binary that was not yet published for some platform out of the lock without a word, and `npm ci` then
 * dies on that lock. So each optional dependency that a lock entry names must have an entry itself.
 */
export function checkLock(root) {
  return lockProblems(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
}

export function lockProblems({ packages }) {
  const problems = [];
  for (const [path, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!isReachable(packages, path, name)) problems.push(`package-lock.json: ${path || 'the root'} names ${name}, which has no entry`);
    }
    if (entry.resolved !== undefined && !entry.link) problems.push(`package-lock.json: ${path} is tied to one registry by "resolved"`);
  }
  return problems;
}

// As Node looks packages up: beside the package first, then in each node_modules above it.
function isReachable(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}
