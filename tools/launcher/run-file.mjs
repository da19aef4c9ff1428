import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CODE_NODE_FLAGS, codeEnvironment, findProjectNode, requireUsablePlatform, rootFolder } from './environment.mjs';
import { prepare } from './prepare.mjs';
import { exitCodeOf } from './exit-code.mjs';

const FILE_OF_COMMAND_LINE = 'apps/command-line/dist/cli.js';

/** Installs and builds what changed, then runs a file of this project. Returns its exit code. */
export async function runFile(file, args) {
  requireUsablePlatform(process);
  return run(await prepare({ say: (line) => console.error(line) }), file, args);
}

/** Runs the administrator's command line as it was last built, or builds it when it never was. Returns its exit code. */
export async function runCommandLine(args) {
  requireUsablePlatform(process);
  const node = hasBeenBuilt() ? findProjectNode() : await prepare({ say: (line) => console.error(line) });
  return run(node, FILE_OF_COMMAND_LINE, args);
}

function hasBeenBuilt() {
  return findProjectNode() !== undefined && existsSync(join(rootFolder, FILE_OF_COMMAND_LINE));
}

// In the root, where `.env` and the data folder lie; the caller's own folder travels in INIT_CWD, as npm does it.
function run(node, file, args) {
  const environment = { ...codeEnvironment(), INIT_CWD: process.env.INIT_CWD ?? process.cwd() };
  const command = [...CODE_NODE_FLAGS, join(rootFolder, file), ...args];
  const child = spawn(node, command, { cwd: rootFolder, stdio: 'inherit', env: environment });
  // The terminal sends Ctrl-C to the child as well; here it must only not end us before the child has said its last word.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}
