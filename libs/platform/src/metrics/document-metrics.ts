import { type MetricDefinition, METRICS } from './metric-definitions.ts';

/** The table of every figure in `docs/operations.md`. */
export function documentMetrics(): string {
  const rows = Object.values(METRICS).map(({ name, type, labels, help }: MetricDefinition) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help,
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['Metric', 'Type', 'Labels', 'Meaning'];
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const BEGIN = '<!-- metrics: written by libs/platform/src/metrics/print-docs.ts -->';
const END = '<!-- end of metrics -->';

/** The page with its table replaced. @throws Error when the page has no place for it. */
export function withMetricsTable(page: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from === -1 || to < from) throw new Error('the page does not say where the table of metrics stands');
  return `${page.slice(0, from + BEGIN.length)}\n\n${documentMetrics()}\n\n${page.slice(to)}`;
}
