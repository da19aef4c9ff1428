import { handWrittenFiles } from './files.mjs';

/** What may stand between a file's name and its ending: one spelling for each kind of file. */
const KINDS = new Set([
  '',
  '.spec',
  '.contract',
  '.contract.spec',
  '.e2e-spec',
  '.use-case',
  '.use-case.spec',
  '.port',
  '.controller',
  '.controller.spec',
  '.module',
  '.child',
  '.worker',
  '.worker.spec',
  '.builder',
  '.data',
  '.setup',
  '.properties',
  '.config',
  '.d',
]);
/** Words that say nothing about what is inside. */
const EMPTY_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'base', 'misc']);
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Checks names of files and folders below apps, libs, e2e and tools. */
export function checkFileNames(root) {
  return ['apps', 'libs', 'e2e', 'tools'].flatMap((folder) => handWrittenFiles(root, folder)).flatMap(nameProblems);
}

export function nameProblems(path) {
  const folders = path.split('/');
  const file = folders.pop();
  const [, name, kind, ending] = /^([^.]*)(.*?)(\.[^.]*)?$/.exec(file);
  const problems = [];
  if (['.ts', '.mjs'].includes(ending)) {
    if (!KEBAB.test(name)) problems.push(`${path}: not in kebab-case`);
    if (!KINDS.has(kind)) problems.push(`${path}: "${kind}" is not a known kind of file`);
  }
  for (const part of [...folders, name]) {
    const empty = part.split('-').find((word) => EMPTY_WORDS.has(word));
    if (empty && !part.startsWith('knowledge-base')) problems.push(`${path}: "${empty}" says nothing about what is inside`);
  }
  return problems;
}
