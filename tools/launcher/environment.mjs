import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this clone. */
export const rootFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** For every process that runs our own code: node:sqlite is experimental by name only. */
export const CODE_NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

/** Environment for our own code: what Node compiled is kept, which takes about a fifth off every start. */
export function codeEnvironment(root = rootFolder) {
  return { NODE_COMPILE_CACHE: join(root, 'node_modules', '.continuo', 'compile-cache'), ...process.env };
}

/** An error whose message is all the reader needs: printed without a stack. */
export class ExpectedError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.expected = true;
    this.exitCode = exitCode;
  }
}

function isAtLeast(version, major, minor) {
  const [actualMajor, actualMinor] = version.split('.').map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

/** Throws one clear sentence when this machine cannot run Continuo. Takes `process`, or a stand-in for it. */
export function requireUsablePlatform({ platform, arch, versions }) {
  if (!isAtLeast(versions.node, 20, 0)) {
    throw new ExpectedError(`Continuo needs Node 20 or newer to start; this is Node ${versions.node}.`);
  }
  const bringsItsOwnNode = platform === 'linux' && (arch === 'x64' || arch === 'arm64');
  if (!bringsItsOwnNode && !isAtLeast(versions.node, 24, 9)) {
    throw new ExpectedError(
      `On ${platform} ${arch} Continuo needs Node 24.9 or newer (only Linux x64 and arm64 bring their own); this is Node ${versions.node}.`,
    );
  }
}

/** The Node that runs our code: the installed one, else the running one when it is new enough, else undefined. */
export function findProjectNode(root = rootFolder, running = process) {
  const installed = join(root, 'node_modules', `node-${running.platform}-${running.arch}`, 'bin', 'node');
  if (existsSync(installed)) return installed;
  return isAtLeast(running.versions.node, 24, 9) ? running.execPath : undefined;
}

/** Environment for tools that start further tools by name: the project's Node and binaries come first. */
export function toolEnvironment(node, root = rootFolder) {
  return {
    ...process.env,
    PATH: [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(process.platform === 'win32' ? ';' : ':'),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    FORCE_COLOR: '0',
  };
}
