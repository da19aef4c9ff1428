import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', 'test-results', 'data', '.stack', '.git', '.nx', '__pycache__']);

/** Paths of all files that are written by hand, relative to the root, in a stable order. */
export function handWrittenFiles(root, folder = '') {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !entry.name.startsWith('.continuo-lock') && entry.name !== '.env')
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return handWrittenFiles(root, path);
      return entry.isFile() ? [path] : [];
    });
}
