import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What of a manifest an install depends on; editing a script or a description must not install anew. */
const INSTALL_FIELDS = [
  'name',
  'version',
  'workspaces',
  'bin',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
];

/** Folders of all projects, relative to the root, in a stable order. */
export function projectFolders(root) {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      if (!existsSync(join(root, parent))) return [];
      return readdirSync(join(root, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${parent}/${entry.name}`);
    })
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort();
}

/** Changes when an install would bring something else. */
export function installFingerprint(root) {
  const hash = createHash('sha256');
  for (const folder of ['.', ...projectFolders(root)]) {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    hash.update(JSON.stringify([folder, INSTALL_FIELDS.map((field) => manifest[field] ?? null)]));
  }
  for (const file of ['package-lock.json', '.npmrc']) hash.update(readFileSync(join(root, file)));
  return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

/** Changes when a build could give something else: by path, size and time of change, so that looking is quick. */
export function sourceFingerprint(root) {
  const hash = createHash('sha256').update(installFingerprint(root));
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  add('tsconfig.base.json');
  for (const folder of builtProjects(root)) {
    add(`${folder}/tsconfig.build.json`);
    for (const file of filesBelow(root, `${folder}/src`)) if (!file.endsWith('.spec.ts')) add(file);
  }
  return hash.digest('hex');
}

/** Folders of the projects that are compiled. */
export function builtProjects(root) {
  return projectFolders(root).filter((folder) => existsSync(join(root, folder, 'tsconfig.build.json')));
}

function filesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}
