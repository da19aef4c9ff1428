import type { FailureName } from './cluster-chaos-failures.ts';
import type { Attempt } from './cluster-chaos-request.ts';
import { type Observed, outcomeOf, overlaps } from './cluster-chaos-rules.ts';

/** What clients saw of one kind of failure. */
export interface FailureRow {
  readonly failure: FailureName | 'none';
  readonly times: number;
  readonly sent: number;
  readonly ok: number;
  /** Answers in the envelope, and what else was no answer, by kind. */
  readonly refused: Readonly<Record<string, number>>;
  readonly connectionFailures: number;
  /** Chats that were answered, in milliseconds. */
  readonly chatP95Ms: number;
  readonly chatMaxMs: number;
  /** Explained chats that said that something was missing. */
  readonly degraded: number;
  /** The longest time from the end of a failure until all was as before. */
  readonly normalAfterMs: number;
}

/** A row for each kind of failure in the order in which they came first, and one for the calm between. */
export function rowsOf(occurrences: readonly Observed[], attempts: readonly Attempt[]): readonly FailureRow[] {
  const kinds = [...new Set(occurrences.map(({ failure }) => failure))];
  const calm = attempts.filter((attempt) => occurrences.every((each) => !overlaps(attempt, each)));
  return [
    rowOf('none', [], calm),
    ...kinds.map((kind) => {
      const own = occurrences.filter(({ failure }) => failure === kind);
      return rowOf(
        kind,
        own,
        attempts.filter((attempt) => own.some((each) => overlaps(attempt, each))),
      );
    }),
  ];
}

function rowOf(failure: FailureRow['failure'], occurrences: readonly Observed[], attempts: readonly Attempt[]): FailureRow {
  const refused: Record<string, number> = {};
  for (const attempt of attempts) {
    if (attempt.outcome === 'ok' || attempt.outcome === 'connection') continue;
    refused[outcomeOf(attempt)] = (refused[outcomeOf(attempt)] ?? 0) + 1;
  }
  const took = attempts
    .filter(({ kind, outcome }) => kind === 'chat' && outcome === 'ok')
    .map(({ sentAt, endedAt }) => endedAt - sentAt)
    .toSorted((left, right) => left - right);
  return {
    failure,
    times: occurrences.length,
    sent: attempts.length,
    ok: attempts.filter(({ outcome }) => outcome === 'ok').length,
    refused,
    connectionFailures: attempts.filter(({ outcome }) => outcome === 'connection').length,
    chatP95Ms: took[Math.max(0, Math.ceil(took.length * 0.95) - 1)] ?? 0,
    chatMaxMs: took.at(-1) ?? 0,
    degraded: attempts.filter(({ recall }) => recall !== null && recall.missingArms.length > 0).length,
    normalAfterMs: Math.max(0, ...occurrences.map(({ until, normalAt }) => normalAt - until)),
  };
}

const HEADINGS = ['failure', 'times', 'sent', 'ok', 'refused', 'no connection', 'chat p95 ms', 'chat max ms', 'degraded', 'normal after s'];

/** As a table of Markdown, so that it can stand in a document as it is. */
export function tableOf(rows: readonly FailureRow[]): string {
  const cells = rows.map((row) => [
    row.failure,
    String(row.times),
    String(row.sent),
    String(row.ok),
    Object.entries(row.refused)
      .map(([what, count]) => `${count} × ${what}`)
      .join(', ') || '0',
    String(row.connectionFailures),
    String(row.chatP95Ms),
    String(row.chatMaxMs),
    String(row.degraded),
    row.failure === 'none' ? '' : (row.normalAfterMs / 1_000).toFixed(1),
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(...[HEADINGS, ...cells].map((row) => row[column]?.length ?? 0), heading.length),
  );
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEADINGS), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
