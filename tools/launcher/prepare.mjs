import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ExpectedError, findProjectNode, rootFolder, toolEnvironment } from './environment.mjs';
import { exclusively } from './exclusive.mjs';
import { exitCodeOf } from './exit-code.mjs';
import { builtProjects, installFingerprint, sourceFingerprint } from './fingerprint.mjs';

/** npm reads the registry anew for each install, and a package published a moment ago may be missing for a moment. */
const INSTALL_TRIES = 3;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

// Below node_modules, so that deleting the folder deletes the claim that it is complete.
const stampFile = (root, name) => join(root, 'node_modules', '.continuo', name);
const lockFolder = (root) => join(root, '.continuo-lock');

/**
 * Installs and builds whatever changed since last time, one process at a time. Returns the path of the Node for our code.
 * `say` hears one line per thing that takes time.
 */
export async function prepare({ root = rootFolder, say = () => {}, build = true } = {}) {
  const isReady = () => isInstalled(root) && (!build || isBuilt(root));
  if (!isReady()) {
    const work = async () => {
      if (!isInstalled(root)) await install(root, say);
      if (build && !isBuilt(root)) await compile(root, say);
    };
    await exclusively(lockFolder(root), work, (pid) =>
      say(`Another Continuo command (process ${pid}) is installing or building here; waiting for it.`),
    );
  }
  return findProjectNode(root);
}

function isInstalled(root) {
  return findProjectNode(root) !== undefined && readStamp(root, 'installed') === installFingerprint(root);
}

function isBuilt(root) {
  const complete = builtProjects(root).every((folder) => existsSync(join(root, folder, 'dist')));
  return complete && readStamp(root, 'built') === sourceFingerprint(root);
}

async function install(root, say) {
  const startedAt = Date.now();
  say('Installing dependencies (only when they changed; about a minute) ...');
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // dev and optional are named because NODE_ENV=production or a user's npm settings would leave them out.
  const command = [...npm, 'ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const fingerprint = installFingerprint(root);
  for (let attempt = 1; ; attempt += 1) {
    const { exitCode, output } = await runQuietly(command, { cwd: root });
    if (exitCode === 0) break;
    if (attempt === INSTALL_TRIES) {
      throw new ExpectedError(`${output.trimEnd()}\nInstalling failed ${INSTALL_TRIES} times; npm's own words are above.`);
    }
    say(`Installing failed; trying again (${attempt + 1} of ${INSTALL_TRIES}) ...`);
  }
  if (!findProjectNode(root))
    throw new ExpectedError(
      `npm left out the package node-${process.platform}-${process.arch}, which carries Node 24; please run npm start again.`,
    );
  writeStamp(root, 'installed', fingerprint);
  say(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

async function compile(root, say) {
  const startedAt = Date.now();
  say('Building ...');
  const fingerprint = sourceFingerprint(root);
  const node = findProjectNode(root);
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const { exitCode, output } = await runQuietly([node, nx, 'run-many', '-t', 'build'], {
    cwd: root,
    env: toolEnvironment(node, root),
  });
  if (exitCode !== 0) throw new ExpectedError(`${output.trimEnd()}\nBuilding failed; the compiler's words are above.`);
  writeStamp(root, 'built', fingerprint);
  say(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

function readStamp(root, name) {
  try {
    return readFileSync(stampFile(root, name), 'utf8');
  } catch {
    return undefined;
  }
}

function writeStamp(root, name, fingerprint) {
  const file = stampFile(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fingerprint);
}

/** Runs a command to its end and keeps what it printed. A signal to us ends the command too, so that nothing works on unseen. */
export function runQuietly([command, ...args], options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32', ...options });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    let interruption;
    const interrupt = (signal) => {
      interruption = signal;
      child.kill(signal);
    };
    for (const signal of ENDING_SIGNALS) process.on(signal, interrupt);
    const done = (settle) => {
      for (const signal of ENDING_SIGNALS) process.off(signal, interrupt);
      if (interruption) reject(new ExpectedError(`Interrupted by ${interruption}.`, exitCodeOf(null, interruption)));
      else settle();
    };
    child.once('error', (error) => done(() => reject(error)));
    child.once('close', (code, signal) => {
      const output = Buffer.concat(chunks).toString() + (signal ? `\nended by ${signal}` : '');
      done(() => resolve({ exitCode: code ?? 1, output }));
    });
  });
}
