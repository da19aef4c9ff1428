/** What a command has to say: one value for `--json`, lines for people. */
export interface Printed {
  readonly value: unknown;
  readonly lines: readonly string[];
  readonly failed?: boolean;
}

/** The command was called with something it cannot take. */
export class UsageError extends Error {}

/** @param stream standard output, unless that carries something else. */
export function print(printed: Printed, asJson: boolean, stream: NodeJS.WritableStream = process.stdout): void {
  stream.write(asJson ? `${JSON.stringify(printed.value)}\n` : printed.lines.map((line) => `${line}\n`).join(''));
}

/** Columns of equal width. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `2026-11-21 09:05`, in UTC. */
export const moment = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
