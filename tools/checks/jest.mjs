import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder, toolEnvironment } from '../launcher/environment.mjs';
import { runQuietly } from '../launcher/prepare.mjs';

/** A run that hangs must end red and say so, well before whoever waits for it gives up. */
const TIMEOUT_MS = 25 * 60_000;
/** Settings of the developer that tests are meant to see: where the embedding model may come from and where it is kept. */
const KEPT_SETTINGS = new Set(['CONTINUO_CACHE_DIR', 'CONTINUO_EMBEDDING_SOURCES']);

/** Puts the real embedding model into the cache, where the tests that need it look for it. */
export async function fetchModel(node) {
  const command = [node, join('libs', 'adapters', 'embeddings', 'dist', 'fetch-weights.js')];
  const { exitCode, output } = await runQuietly(command, {
    cwd: rootFolder,
    env: withoutOwnSettings(toolEnvironment(node)),
    timeout: TIMEOUT_MS,
  });
  return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, output };
}

/** Runs Jest over the selected projects, with these settings and none of the developer's, and counts single tests. */
export async function runJest(node, selection, settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-jest-'));
  const countsFile = join(folder, 'counts.json');
  const flags = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
  const args = ['node_modules/jest/bin/jest.js', '-c', 'tools/jest/all-projects.config.mjs', ...selection];
  const limits = ['--maxWorkers=2', '--workerIdleMemoryLimit=500MB', '--passWithNoTests'];
  const env = { ...withoutOwnSettings(toolEnvironment(node)), ...settings, JEST_COUNTS_FILE: countsFile };
  try {
    const { exitCode, output } = await runQuietly([node, ...flags, ...args, ...limits], { cwd: rootFolder, env, timeout: TIMEOUT_MS });
    return { ...outcome(exitCode, readCounts(countsFile)), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function outcome(exitCode, counts) {
  if (!counts) return { passed: 0, failed: 1 };
  // Red without a failed test (a crash, a process that does not end) must not look green.
  const failed = exitCode !== 0 && counts.failed === 0 ? 1 : counts.failed;
  return {
    ...counts,
    failed,
    detail: [...(counts.notRun > 0 ? [`${counts.notRun} not run`] : []), ...counts.notes.map((note) => `not run: ${note}`)].join('; '),
  };
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

// A developer's own server settings must not change what the tests see.
function withoutOwnSettings(environment) {
  const isOwn = (name) => /^(CONTINUO|OPENAI)_/.test(name) && !KEPT_SETTINGS.has(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOwn(name) && name !== 'HOST' && name !== 'PORT'));
}
