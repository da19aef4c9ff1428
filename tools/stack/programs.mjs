import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ExpectedError } from '../launcher/environment.mjs';
import { canRun } from './unprivileged.mjs';

const LINES_TOLD = 5;

/** Folders of the PATH, then those that a service's PATH often lacks. */
export function programFolders({ PATH = '' }) {
  return [
    ...new Set([
      ...PATH.split(delimiter).filter((folder) => folder !== ''),
      '/usr/bin',
      '/usr/sbin',
      '/usr/local/bin',
      '/opt/homebrew/bin',
    ]),
  ];
}

/** Whole paths of all files of that name which the stores' user may run. */
export function programsNamed(name, environment) {
  return programFolders(environment)
    .map((folder) => join(folder, name))
    .filter((file) => existsSync(file) && canRun(file));
}

/** Folders below `parent`, as whole paths, the highest number first; none when there is no such folder. */
export function foldersIn(parent) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }))
    .map((name) => join(parent, name));
}

/** The first version number in what a program says of itself, as its dotted text; undefined when there is none. */
export function versionIn(text) {
  return /\d+(?:\.\d+)+|\d+/.exec(text)?.[0];
}

/** Whether a dotted version is at least the other. */
export function isAtLeast(version, least) {
  return version.localeCompare(least, 'en', { numeric: true }) >= 0;
}

/** Runs a program to its end and keeps both its outputs as one text. Exit code 127 when there is no such program. */
export function runProgram([file, ...args], options = {}) {
  const { input, ...others } = options;
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: '/', ...others, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => resolve({ exitCode: 127, output: error.message }));
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString() }));
    if (input === undefined) return;
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The same, for programs that must succeed: `complaint` and their last words otherwise. */
export async function mustRun(command, complaint, options) {
  const { exitCode, output } = await runProgram(command, options);
  if (exitCode === 0) return output;
  const lastWords = output.trimEnd().split('\n').slice(-LINES_TOLD);
  throw new ExpectedError([complaint, ...lastWords.map((line) => `  ${line}`)].join('\n'));
}

/** Unpacks a zip file, whole or only the given folders of it, by whatever can do it here. */
export async function unpack(zipFile, target, folders = []) {
  const unzip = ['unzip', '-q', '-o', zipFile, ...folders.map((folder) => `${folder}/*`), '-d', target];
  const python = ['python3', '-m', 'zipfile', '-e', zipFile, target];
  for (const command of [unzip, ['jar', 'xf', zipFile, ...folders], python]) {
    const { exitCode, output } = await runProgram(command, { cwd: target });
    if (exitCode === 0) return;
    if (exitCode !== 127) throw new ExpectedError(`${zipFile} could not be unpacked: ${output.trim()}`);
  }
  rmSync(target, { recursive: true, force: true });
  throw new ExpectedError('Something to unpack zip files with is missing. Install unzip.');
}
