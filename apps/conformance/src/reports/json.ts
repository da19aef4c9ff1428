import type { Outcome } from '../engine/runner.ts';
import { summaryOf } from './summary.ts';

/** For programs: the summary and every outcome. */
export function json(baseUrl: string, outcomes: readonly Outcome[]): string {
  const rules = outcomes.map(({ endpoint, id, checks, verdict, reason, durationMs }) => ({
    endpoint,
    id,
    checks,
    verdict: verdict.toLowerCase(),
    reason,
    duration_ms: durationMs,
  }));
  const { passed, failed, notRun } = summaryOf(outcomes);
  return `${JSON.stringify({ contract: 'openmem/v1', base_url: baseUrl, summary: { passed, failed, not_run: notRun }, rules }, null, 2)}\n`;
}
