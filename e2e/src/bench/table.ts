/** Lines of a table whose columns are as wide as they must be. Figures stand to the right, words to the left. */
export function tableOf(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columnsOfWords: readonly number[],
): readonly string[] {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (columnsOfWords.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** A figure, or nothing where there is none. */
export const shown = (value: number | null, digits: number): string => (value === null || Number.isNaN(value) ? '' : value.toFixed(digits));
