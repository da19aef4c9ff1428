import { rootFolder, toolEnvironment } from '../launcher/environment.mjs';
import { runQuietly } from '../launcher/prepare.mjs';

/** Runs a tool by the project's Node in the root; its exit code is the outcome and counts as one test. */
export async function runTool(node, args) {
  const { exitCode, output } = await runQuietly([node, ...args], { cwd: rootFolder, env: toolEnvironment(node) });
  return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, output };
}
