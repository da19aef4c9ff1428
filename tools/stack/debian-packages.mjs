// Programs from the packages of this machine's own Debian or Ubuntu, without installing them: no root, no service, no trace.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldersIn, runProgram } from './programs.mjs';

/**
 * Unpacks a package, and what it depends on and this machine lacks, into a folder. apt checks what it fetches.
 * Returns undefined when all went well, else a sentence.
 */
export async function unpackDebianPackages(name, folder) {
  const download = join(folder, 'packages');
  mkdirSync(download);
  try {
    // With the lists this machine has; they may be missing or too old, so a second time with lists of our own.
    const problem = (await fetchPackages(name, download, [])) && (await fetchWithOwnLists(name, download));
    if (problem) return problem;
    for (const file of foldersIn(download).filter((path) => path.endsWith('.deb'))) {
      const { exitCode, output } = await runProgram(['dpkg', '-x', file, folder]);
      if (exitCode !== 0) return output.trim();
    }
    return undefined;
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

async function fetchWithOwnLists(name, download) {
  const state = join(download, 'apt');
  for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(state, part), { recursive: true });
  const options = [
    ...['-o', `Dir::State::lists=${join(state, 'lists')}`],
    ...['-o', `Dir::Cache=${join(state, 'cache')}`],
    // apt would hand the download to a user of its own, who cannot write here.
    ...['-o', 'APT::Sandbox::User=root'],
  ];
  const { exitCode, output } = await runProgram(['apt-get', ...options, '-q', 'update']);
  return exitCode === 0 ? fetchPackages(name, download, options) : lastLine(output);
}

/** Returns undefined when all went well, else a sentence. */
async function fetchPackages(name, download, options) {
  const common = ['-q', '-o', 'Debug::NoLocking=1', ...options];
  const plan = await runProgram(['apt-get', ...common, '--simulate', '--no-install-recommends', 'install', name]);
  if (plan.exitCode === 127) return 'there is no apt-get';
  if (plan.exitCode !== 0) return lastLine(plan.output);
  const names = packagesIn(plan.output);
  if (names.length === 0) return `${name} is installed and of no use`;
  const { exitCode, output } = await runProgram(['apt-get', ...common, '-o', 'APT::Sandbox::User=root', 'download', ...names], {
    cwd: download,
  });
  return exitCode === 0 ? undefined : lastLine(output);
}

/** Names of the packages that apt would install, from what it says when it only pretends to. */
export function packagesIn(plan) {
  return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
}

const lastLine = (text) => text.trim().split('\n').at(-1);
