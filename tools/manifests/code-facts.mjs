import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, SETTING_NAMES } from '@continuo/platform';
import { rootFolder } from '../launcher/environment.mjs';

/** Read by Node itself, so not among our settings. */
const OF_NODE = new Set(['NODE_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS']);

export const isSetting = (name) => SETTING_NAMES.includes(name) || OF_NODE.has(name);

/** What a service would make of these variables, with nothing else of this machine. */
export function configurationOf(variables) {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-no-settings-'));
  try {
    return { configuration: loadConfiguration({ environment: variables, folder }), mistakes: [] };
  } catch (error) {
    if (error.mistakes === undefined) throw error;
    return { configuration: undefined, mistakes: error.mistakes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What applies where nothing is set. */
export const defaults = configurationOf({}).configuration;

/**
 * Where each service answers what operators ask, as it stands in the source: the gateway beside its API, the others on a port of
 * their own. Paths such as `/readyz`.
 */
export function operationsPaths(root = rootFolder) {
  const found = (file, pattern) =>
    [...readFileSync(join(root, 'libs/entrypoints/src', file), 'utf8').matchAll(pattern)].map(([, path]) => `/${path}`);
  const gateway = found('http/controllers/operations.controller.ts', /@Get\('([^']+)'\)/g);
  const others = found('operations/operations-server.ts', /^\s+'\/([a-z]+)': /gm);
  return (app) => (app === 'gateway' ? gateway : others);
}

/** What each service asks for before it starts, as it stands in its source: names of needs of `requireForCluster`. */
export function needsOf(app, root = rootFolder) {
  const folder = join(root, 'apps', app, 'src');
  const sources = existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((path) => path.endsWith('.ts')) : [];
  return sources.flatMap((path) => {
    const [, needs = ''] = /requireForCluster\(configuration, \[([^\]]*)\]/.exec(readFileSync(join(folder, path), 'utf8')) ?? [];
    return [...needs.matchAll(/'(\w+)'/g)].map(([, need]) => need);
  });
}

/** The commands of the administrator's command line. */
export function commands(root = rootFolder) {
  const folder = join(root, 'apps/command-line/src');
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [...readFileSync(join(folder, path), 'utf8').matchAll(/\.command\('([a-z-]+)/g)].map(([, name]) => name));
}

/** The apps that there are: each folder of apps/ with a manifest, and whether it has a file that starts it. */
export function apps(root = rootFolder) {
  return readdirSync(join(root, 'apps'))
    .filter((name) => existsSync(join(root, 'apps', name, 'package.json')))
    .map((name) => ({
      name,
      starts: ['main', 'cli']
        .filter((entry) => existsSync(join(root, 'apps', name, 'src', `${entry}.ts`)))
        .map((entry) => `dist/${entry}.js`),
    }));
}

/** Names of the figures that the code reports, read from its source. */
export function reportedMetrics(root = rootFolder, folder = 'libs/platform/src') {
  return new Set(
    readdirSync(join(root, folder), { recursive: true })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
      .flatMap((path) => readFileSync(join(root, folder, path), 'utf8').match(/continuo_\w+/g) ?? []),
  );
}
