/** Longest list in one statement; longer ones go in several. */
const LIST_LIMIT = 512;

/**
 * Ids for an `in (…)`: without repeats, cut into lists, each filled up with its last id to a power of two, so that statements
 * of a few lengths stay prepared.
 */
export function idLists(ids: readonly string[]): readonly (readonly string[])[] {
  const unique = [...new Set(ids)];
  const lists: string[][] = [];
  for (let start = 0; start < unique.length; start += LIST_LIMIT) lists.push(filled(unique.slice(start, start + LIST_LIMIT)));
  return lists;
}

function filled(ids: string[]): string[] {
  const last = ids.at(-1);
  const length = 2 ** Math.ceil(Math.log2(ids.length));
  return last === undefined ? ids : [...ids, ...Array.from({ length: length - ids.length }, () => last)];
}
