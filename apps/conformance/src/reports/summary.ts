import type { Outcome, Verdict } from '../engine/runner.ts';

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly notRun: number;
}

export function summaryOf(outcomes: readonly Outcome[]): Summary {
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  return { passed: count('pass'), failed: count('FAIL'), notRun: count('not run') };
}

/** Outcomes by endpoint, in the order in which the endpoints first come. */
export function byEndpoint(outcomes: readonly Outcome[]): ReadonlyMap<string, readonly Outcome[]> {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) groups.set(outcome.endpoint, [...(groups.get(outcome.endpoint) ?? []), outcome]);
  return groups;
}
