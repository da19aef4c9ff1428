import type { Metrics } from '@continuo/platform';
import type { Readiness, ReadinessReport } from '../http/readiness.ts';

/** Reports, and leaves in the figures which parts answered. */
export async function reportMetered(readiness: Readiness, metrics: Metrics): Promise<ReadinessReport> {
  const report = await readiness.report();
  for (const { name, state } of report.parts) metrics.dependency(name, state !== 'down');
  return report;
}
