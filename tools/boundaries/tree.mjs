import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const ROOMS = ['contracts', 'domain', 'ports', 'use-cases', 'entrypoints', 'platform', 'testing', 'adapters/records', 'adapters/openai'];
const PROJECTS = [...ROOMS.map((room) => `libs/${room}`), 'apps/standalone', 'apps/worker', 'e2e'];
const PACKAGES = ['zod', 'stemmer', 'framework', 'left-over', 'only-for-development'];

/** Which projects each sound project declares; platform leaves contracts out, for the rule on undeclared projects. */
const DECLARED = {
  'libs/domain': ['contracts'],
  'libs/use-cases': ['ports'],
  'libs/adapters/records': ['ports'],
  'apps/standalone': ['records', 'use-cases'],
  e2e: ['testing'],
};
const DECLARED_FOR_SPECS = { 'libs/use-cases': ['testing'] };

/** Lays the given files over a small sound tree of Continuo in a temporary folder and hands the folder to `work`. */
export async function withTree(files, work) {
  const root = mkdtempSync(join(tmpdir(), 'continuo-boundaries-'));
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  try {
    write('tsconfig.base.json', '{}');
    write('package.json', JSON.stringify({ private: true, type: 'module' }));
    for (const name of PACKAGES) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, '');
    }
    for (const project of PROJECTS) writeProject(root, project, write);
    for (const [path, text] of Object.entries(files)) write(path, text);
    return await work(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeProject(root, project, write) {
  const name = `@continuo/${project.split('/').at(-1)}`;
  const versions = (names = []) => Object.fromEntries(names.map((dependency) => [`@continuo/${dependency}`, '1.0.0']));
  const manifest = {
    name,
    type: 'module',
    exports: { '.': { '@continuo/source': './src/index.ts' } },
    dependencies: { zod: '1.0.0', stemmer: '1.0.0', framework: '1.0.0', ...versions(DECLARED[project]) },
    devDependencies: { 'only-for-development': '1.0.0', ...versions(DECLARED_FOR_SPECS[project]) },
  };
  write(`${project}/package.json`, JSON.stringify(manifest));
  write(`${project}/src/${project.startsWith('apps/') ? 'main' : 'index'}.ts`, 'export const here = 1;\n');
  const link = join(root, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(root, project)), link);
}
