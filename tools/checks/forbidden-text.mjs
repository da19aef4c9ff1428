import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handWrittenFiles } from './files.mjs';

/** This file and its spec spell out what they look for; the lock holds integrity hashes, which may spell anything. */
const NOT_READ = new Set(['tools/checks/forbidden-text.mjs', 'tools/checks/forbidden-text.spec.mjs', 'package-lock.json', 'LICENSE']);
const CODE = /\.(ts|mjs|py)$/;

/** In pieces, so that this file does not name what it forbids. */
const REGISTRY_HOST = new RegExp(
  [
    ['registry', 'npmjs'],
    ['registry', 'yarnpkg'],
    ['files', 'pythonhosted'],
    ['pypi', 'org/simple'],
  ]
    .map((pieces) => pieces.join('\\.'))
    .join('|'),
);

const RULES = [
  { name: 'a path of one machine', pattern: /(?<![\w.~:}/-])\/(work|root|tmp|home)\/[\w.-]+/ },
  { name: 'a registry host', pattern: REGISTRY_HOST },
  { name: 'a postponed task', pattern: /\b(TODO|FIXME|XXX)\b/ },
  {
    name: 'a skipped or lonely test',
    pattern: /\b(describe|it|test)\.(skip|only|todo|failing)\b|\b(xit|xdescribe|xtest|fit|fdescribe)\(/,
    files: CODE,
  },
  { name: 'a retried test', pattern: /\bretryTimes\(/, files: CODE },
  { name: 'a switched-off check', pattern: /@ts-(ignore|nocheck)|(eslint|oxlint)-disable(?!-next-line [\w/-]+)/, files: CODE },
];

/** Finds text that has no place in the repository. */
export function checkForbiddenText(root) {
  return handWrittenFiles(root)
    .filter((path) => !NOT_READ.has(path))
    .flatMap((path) => textProblems(path, readFileSync(join(root, path), 'utf8')));
}

export function textProblems(path, text) {
  const rules = RULES.filter(({ files }) => !files || files.test(path));
  return text.split('\n').flatMap((line, index) => {
    const broken = rules.filter(({ pattern }) => pattern.test(line));
    return broken.map(({ name }) => `${path}:${index + 1}: ${name}: ${line.trim().slice(0, 120)}`);
  });
}
