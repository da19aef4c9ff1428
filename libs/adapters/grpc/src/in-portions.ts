/** Well below the largest message, for what is estimated may be more. */
export const PORTION_BYTES = 4 * 1024 * 1024;

/** Cuts a list into runs of at most `limit` bytes together; what is larger by itself goes alone. */
export function inPortions<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  limit = PORTION_BYTES,
): readonly (readonly Item[])[] {
  const portions: Item[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const itemBytes = bytesOf(item);
    if (bytes + itemBytes > limit) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)?.push(item);
    bytes += itemBytes;
  }
  return portions;
}

/** No text has more bytes of UTF-8 than three for each of its units. */
export const textBytes = (text: string): number => text.length * 3 + 8;
