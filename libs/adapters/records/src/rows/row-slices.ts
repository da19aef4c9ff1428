/** Engines limit how many values one statement may carry; the widest table has less than 50 columns. */
const ROWS_PER_STATEMENT = 200;

/** Rows for `insert`s, as many to a statement as any engine takes. */
export function rowSlices<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const slices: (readonly Row[])[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) slices.push(rows.slice(start, start + ROWS_PER_STATEMENT));
  return slices;
}
