import { ExpectedError, requireUsablePlatform, rootFolder } from '../launcher/environment.mjs';
import { exitCodeOf } from '../launcher/exit-code.mjs';
import { prepare } from '../launcher/prepare.mjs';
import { checkFileNames } from './file-names.mjs';
import { checkForbiddenText } from './forbidden-text.mjs';
import { checkLock } from './lock.mjs';
import { fetchModel, runJest } from './jest.mjs';
import { Stores } from './stores.mjs';
import { runTool } from './tool.mjs';

/** Counts as one test. Gives the lines of what is wrong; none when all is well. */
const rule = (name, findProblems) => ({
  name,
  run: async () => {
    const problems = findProblems(rootFolder);
    return { passed: problems.length === 0 ? 1 : 0, failed: problems.length === 0 ? 0 : 1, output: problems.join('\n') };
  },
});

// Workers and servers run from dist, so tests need the build; a build that failed is told once.
let building;
const built = () => (building ??= prepare());
async function runBuilt(work) {
  const isBuilt = await built().then(
    () => true,
    () => false,
  );
  return isBuilt ? work() : { passed: 0, failed: 1, output: 'Not run, because the build failed.' };
}

const stores = new Stores();

/** The parts of `npm test`, in order: quick ones first. */
const CHECKS = [
  rule('lock', checkLock),
  rule('names', checkFileNames),
  rule('text', checkForbiddenText),
  { name: 'format', run: (node) => runTool(node, ['node_modules/oxfmt/bin/oxfmt', '--list-different', '.']) },
  {
    name: 'lint',
    run: (node) => runTool(node, ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '--format=unix', '.']),
  },
  { name: 'boundaries', run: (node) => runTool(node, ['tools/boundaries/check.mjs']) },
  { name: 'types', run: (node) => runTool(node, ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'typecheck', '--skip-nx-cache']) },
  { name: 'build', run: () => built().then(() => ({ passed: 1, failed: 0 })) },
  { name: 'model', run: (node) => runBuilt(() => fetchModel(node)) },
  { name: 'stack', run: (node) => stores.start(node) },
  { name: 'unit', run: (node) => runBuilt(() => runJest(node, ['--ignoreProjects', 'e2e'], stores.addresses)) },
  { name: 'e2e', run: (node) => runBuilt(() => runJest(node, ['--selectProjects', 'e2e'], stores.addresses)) },
  {
    name: 'cluster',
    run: (node) => runBuilt(() => runJest(node, ['--selectProjects', 'e2e'], { ...stores.addresses, CONTINUO_E2E_MODE: 'cluster' })),
  },
];
/** Parts that run on real stores, which come up for them even when only they were asked for. */
const ON_STORES = new Set(['unit', 'e2e', 'cluster']);
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs all checks, or those named after `--only`, prints one line each and the totals. Returns the exit code. */
export async function runChecks(args) {
  requireUsablePlatform(process);
  const checks = chosenChecks(args);
  const node = await prepare({ build: false, say: (line) => console.log(line) });
  /** @type {string | undefined} */
  let interruption;
  const interrupt = (signal) => (interruption ??= signal);
  // What was started must be stopped, so no signal may end us at once; whatever runs at the moment is ended by it.
  for (const signal of ENDING_SIGNALS) process.on(signal, interrupt);
  const totals = { passed: 0, failed: 0, notRun: 0 };
  try {
    for (const check of checks) {
      await runCheck(check, node, totals);
      if (interruption) throw new ExpectedError(`Interrupted by ${interruption}.`, exitCodeOf(null, interruption));
    }
  } finally {
    await stores.stop();
  }
  if (totals.notRun > 0) console.log(`${totals.notRun} not run`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

async function runCheck(check, node, totals) {
  const startedAt = Date.now();
  const result = await outcomeOf(check, node);
  totals.passed += result.passed;
  totals.failed += result.failed;
  totals.notRun += result.notRun ?? 0;
  console.log(lineFor(check.name, result, (Date.now() - startedAt) / 1_000));
  if (result.failed > 0) console.log(`${result.output.trimEnd()}\n`);
}

async function outcomeOf(check, node) {
  try {
    return await check.run(node);
  } catch (error) {
    if (error.exitCode > 128) throw error;
    return { passed: 0, failed: 1, output: error.expected ? error.message : error.stack };
  }
}

/** The checks that the arguments name, in order, and what they need. */
export function chosenChecks(args) {
  if (args.length === 0) return CHECKS;
  const names = args[0] === '--only' ? (args[1] ?? '').split(',') : [];
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (names.length === 0 || unknown.length > 0 || args.length > 2) {
    throw new ExpectedError(`Usage: npm test -- --only <part>[,<part>], of: ${CHECKS.map((check) => check.name).join(', ')}`);
  }
  const needsStores = names.some((name) => ON_STORES.has(name));
  return CHECKS.filter(({ name }) => names.includes(name) || (needsStores && name === 'stack'));
}

function lineFor(name, { passed, failed, detail }, seconds) {
  const counts = passed + failed === 1 ? '' : `  ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}`;
  return `${failed === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(11)} ${seconds.toFixed(1).padStart(6)} s${counts}${detail ? `  ${detail}` : ''}`;
}
