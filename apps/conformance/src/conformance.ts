import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readCommandLine, USAGE, UsageError } from './command-line.ts';
import type { RuleGroup } from './engine/rule.ts';
import { chosen, run } from './engine/runner.ts';
import { Server } from './engine/server.ts';
import { json } from './reports/json.ts';
import { junit } from './reports/junit.ts';
import { summaryOf } from './reports/summary.ts';
import { table } from './reports/table.ts';

export const KEPT = 0;
export const BREACHED = 1;
export const UNUSABLE = 2;

export interface Surroundings {
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Files named on the command line are looked for from here. */
  readonly folder: string;
}

/** Runs the suite as the command line says. Returns the exit code. */
export async function conformance(args: readonly string[], groups: readonly RuleGroup[], surroundings: Surroundings): Promise<number> {
  try {
    const options = readCommandLine(args);
    if (options === null) {
      surroundings.print(USAGE);
      return KEPT;
    }
    if (chosen(groups, options.only).length === 0) throw new UsageError(`--only names no endpoint and no rule: ${String(options.only)}`);
    await requireServer(options.baseUrl, options.timeoutMs);
    const outcomes = await run(groups, options);
    surroundings.print(table(outcomes));
    if (options.jsonFile !== null) await writeFile(resolve(surroundings.folder, options.jsonFile), json(options.baseUrl, outcomes));
    if (options.junitFile !== null) await writeFile(resolve(surroundings.folder, options.junitFile), junit(outcomes));
    return summaryOf(outcomes).failed === 0 ? KEPT : BREACHED;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    surroundings.complain(`${error.message}\n\n${USAGE}`);
    return UNUSABLE;
  }
}

/** Three hundred breaches because of a mistyped port help nobody. */
async function requireServer(baseUrl: string, timeoutMs: number): Promise<void> {
  try {
    await new Server(baseUrl, '', timeoutMs).get('/ping');
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new UsageError(`No server answers at ${baseUrl}: ${cause}`);
  }
}
