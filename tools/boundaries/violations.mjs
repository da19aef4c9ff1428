import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { rootFolder } from '../launcher/environment.mjs';

const SPEC = /\.(spec|e2e-spec)\.ts$|\/test\//;

/** The names of all rules in .dependency-cruiser.mjs, and of the one below. */
export async function ruleNames() {
  const { forbidden } = (await import(join(rootFolder, '.dependency-cruiser.mjs'))).default;
  return [...forbidden.map((rule) => rule.name), 'undeclared-project'];
}

/** Every broken rule in the tree at `root`, as `{ rule, from, to }`. */
export async function findViolations(root) {
  const options = await extractOptions(join(rootFolder, '.dependency-cruiser.mjs'));
  const tsConfig = extractTypeScriptConfig(join(root, 'tsconfig.base.json'));
  const folders = ['apps', 'libs', 'e2e'].filter((folder) => existsSync(join(root, folder)));
  const previousFolder = process.cwd();
  // The cruiser looks manifests up from the current folder, whatever its baseDir says.
  process.chdir(root);
  try {
    const { output } = await cruise(folders, { ...options, baseDir: root }, {}, { tsConfig });
    const broken = output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
    return [...broken, ...undeclaredProjects(root, output.modules)];
  } finally {
    process.chdir(previousFolder);
  }
}

// Linked projects resolve to their sources, outside node_modules, where the cruiser no longer asks whether they were declared.
function undeclaredProjects(root, modules) {
  return modules.flatMap(({ source, dependencies }) => {
    const named = dependencies.map(({ module }) => module).filter((name) => name.startsWith('@continuo/'));
    if (named.length === 0) return [];
    const manifest = manifestAbove(root, source);
    const declared = { ...manifest.dependencies, ...(SPEC.test(source) ? manifest.devDependencies : {}) };
    return named.filter((name) => !(name in declared)).map((name) => ({ rule: 'undeclared-project', from: source, to: name }));
  });
}

function manifestAbove(root, file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(root, folder, 'package.json');
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  }
}
