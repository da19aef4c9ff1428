import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { rootFolder } from '../launcher/environment.mjs';
import { parseDocuments } from './yaml.mjs';

const KUBERNETES = join(rootFolder, 'k8s');

/** Whether this machine can build overlays; it takes no cluster. */
export const canBuild = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

/** The objects of a folder of k8s/, as `kubectl apply -k` would send them; with components, as if the folder named them. */
export function build(folder, components = []) {
  if (components.length === 0) return kustomize(join(KUBERNETES, folder));
  const copy = mkdtempSync(join(tmpdir(), 'continuo-overlay-'));
  try {
    cpSync(KUBERNETES, copy, { recursive: true });
    const file = join(copy, folder, 'kustomization.yaml');
    const [kustomization] = parseDocuments(readFileSync(file, 'utf8'));
    const added = components.map((name) => relative(join(copy, folder), join(copy, 'components', name)));
    kustomization.components = [...(kustomization.components ?? []), ...added];
    writeFileSync(file, stringify(kustomization));
    return kustomize(join(copy, folder));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function kustomize(folder) {
  const objects = parseDocuments(execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', maxBuffer: 2 ** 26 }));
  // Kustomize breaks long values into lines, which the server takes and the schema's format does not.
  for (const { data } of objects.filter(({ kind }) => kind === 'Secret')) {
    for (const key of Object.keys(data)) data[key] = data[key].replaceAll(/\s/g, '');
  }
  return objects;
}

/** Every file of k8s/ that holds whole objects, with its documents. */
export function objectFiles() {
  return readdirSync(KUBERNETES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => relative(rootFolder, join(entry.parentPath, entry.name)))
    .filter((path) => !/(?:kustomization|external)\.yaml$/.test(path))
    .toSorted()
    .map((path) => ({ path, objects: parseDocuments(readFileSync(join(rootFolder, path), 'utf8')) }));
}

/** The Secrets, each with its keys, that an overlay expects from outside. */
export function externalSecrets(overlay) {
  const [{ secrets }] = parseDocuments(readFileSync(join(KUBERNETES, 'overlays', overlay, 'external.yaml'), 'utf8'));
  return secrets;
}

/**
 * The objects of a folder of k8s/ as they stand in its files, with the ConfigMaps and the versions of images that kustomize would
 * add: what can be checked without kubectl. Patches and components are left out.
 */
export function unbuilt(folder) {
  const [{ resources, images = [], configMapGenerator = [] }] = parseDocuments(
    readFileSync(join(KUBERNETES, folder, 'kustomization.yaml'), 'utf8'),
  );
  const objects = resources.flatMap((file) => parseDocuments(readFileSync(join(KUBERNETES, folder, file), 'utf8')));
  const tags = new Map(images.map(({ name, newTag }) => [name, newTag]));
  for (const { containers, initContainers = [] } of objects.flatMap(({ spec }) => spec?.template?.spec ?? [])) {
    for (const container of [...containers, ...initContainers]) container.image += `:${tags.get(container.image)}`;
  }
  const settings = configMapGenerator.map(({ name, literals }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: Object.fromEntries(literals.map((literal) => [literal.slice(0, literal.indexOf('=')), literal.slice(literal.indexOf('=') + 1)])),
  }));
  return [...objects, ...settings];
}
