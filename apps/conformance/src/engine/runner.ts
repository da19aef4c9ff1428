import { Breach, NotRun } from './breach.ts';
import { type Rule, type RuleGroup } from './rule.ts';
import { Suite, type SuiteOptions } from './suite.ts';

export type Verdict = 'pass' | 'FAIL' | 'not run';

export interface Outcome {
  readonly endpoint: string;
  readonly id: string;
  readonly checks: string;
  readonly verdict: Verdict;
  /** Why it failed or was not run; empty when it holds. */
  readonly reason: string;
  readonly durationMs: number;
}

export interface RunOptions extends SuiteOptions {
  /** Endpoints (`/search/memory`) and beginnings of rule ids (`search.relativity`); null: all rules. */
  readonly only: readonly string[] | null;
  /** Rules at once. */
  readonly concurrency: number;
}

const CLEAN_UP_LIMIT_MS = 20_000;

/** The groups with the rules that `only` names: by endpoint, with or without its method, or by the beginning of their ids. */
export function chosen(groups: readonly RuleGroup[], only: readonly string[] | null): readonly RuleGroup[] {
  if (only === null) return groups;
  const namesEndpoint = (endpoint: string): boolean => only.some((name) => endpoint === name || endpoint.endsWith(` ${name}`));
  const namesRule = (id: string): boolean => only.some((name) => id.startsWith(name));
  return groups
    .map((group) => (namesEndpoint(group.endpoint) ? group : { ...group, rules: group.rules.filter(({ id }) => namesRule(id)) }))
    .filter(({ rules }) => rules.length > 0);
}

/** Runs the rules and deletes what they have made. The outcomes have the order of the rules. */
export async function run(groups: readonly RuleGroup[], options: RunOptions): Promise<readonly Outcome[]> {
  const suite = new Suite(options);
  const tasks = chosen(groups, options.only).flatMap(({ endpoint, rules, isLast = false }) =>
    rules.map((rule) => ({ isLast, work: async () => ({ endpoint, id: rule.id, checks: rule.checks, ...(await judge(rule, suite)) }) })),
  );
  const outcomes = new Map<(typeof tasks)[number], Outcome>();
  for (const isLast of [false, true]) {
    const waiting = tasks.filter((task) => task.isLast === isLast);
    const work = async (): Promise<void> => {
      for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) outcomes.set(task, await task.work());
    };
    await Promise.all(Array.from({ length: options.concurrency }, work));
  }
  await suite.cleanUp(CLEAN_UP_LIMIT_MS);
  return tasks.flatMap((task) => outcomes.get(task) ?? []);
}

async function judge(rule: Rule, suite: Suite): Promise<Pick<Outcome, 'verdict' | 'reason' | 'durationMs'>> {
  const startedAt = performance.now();
  const took = (): number => Math.round(performance.now() - startedAt);
  try {
    await rule.run(suite);
    return { verdict: 'pass', reason: '', durationMs: took() };
  } catch (error) {
    if (error instanceof NotRun) return { verdict: 'not run', reason: error.message, durationMs: took() };
    return { verdict: 'FAIL', reason: error instanceof Breach ? error.message : unexpected(error), durationMs: took() };
  }
}

/** Whatever else a rule throws: no answer came, or none it could read. */
function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return `unexpected: ${String(error)}`;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `unexpected ${error.name}: ${error.message}${cause}`;
}
