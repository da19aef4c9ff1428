import { join } from 'node:path';
import { CODE_NODE_FLAGS, codeEnvironment, requireUsablePlatform, rootFolder } from './environment.mjs';
import { prepare } from './prepare.mjs';
import { supervise } from './supervise.mjs';

/** Installs and builds what changed, then runs the server until it ends. Returns the exit code. */
export async function start() {
  requireUsablePlatform(process);
  const node = await prepare({ say: (line) => console.error(line) });
  return supervise(node, [...CODE_NODE_FLAGS, join(rootFolder, 'apps/standalone/dist/main.js')], {
    cwd: rootFolder,
    env: codeEnvironment(),
  });
}
