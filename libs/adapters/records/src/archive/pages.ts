const PAGE_ROWS = 500;

/** Rows one after the other, read page by page: each page begins after the last row of the one before. */
export async function* pagesOf<Row, Place>(
  read: (last: Place, limit: number) => Promise<readonly Row[]>,
  start: Place,
  placeOf: (row: Row) => Place,
): AsyncIterable<Row> {
  for (let last = start; ;) {
    const rows = await read(last, PAGE_ROWS);
    yield* rows;
    const final = rows.at(-1);
    if (final === undefined || rows.length < PAGE_ROWS) return;
    last = placeOf(final);
  }
}
