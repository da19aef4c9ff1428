import type { IndexEntry, IndexSource } from '@continuo/ports';

/** How many entries are compared at a time. */
const PAGE = 500;

/** How long a write that is under way may take until it is called missing. */
const SECOND_LOOK_MS = 500;

/** What is compared with the records: an index, or the build of one. */
export interface ComparedIndex<Entry extends IndexEntry> {
  entries(afterId: string | null, limit: number): Promise<readonly Entry[]>;
}

type Expected = Awaited<ReturnType<IndexSource['entries']>>[number];

/** A stretch of ids, as the index and as the records have it. */
export interface IndexRange<Entry extends IndexEntry> {
  readonly afterId: string | null;
  /** Its last id; null: to the end. */
  readonly upTo: string | null;
  readonly found: ReadonlyMap<string, Entry>;
  readonly expected: ReadonlyMap<string, Expected>;
}

/**
 * The index and the records side by side, in the order of ids. The index is read first: what it has and the records, read later, do
 * not have was really taken away.
 */
export async function* rangesOf<Entry extends IndexEntry>(
  index: ComparedIndex<Entry>,
  source: Pick<IndexSource, 'entries'>,
  signal: AbortSignal,
): AsyncGenerator<IndexRange<Entry>> {
  let afterId: string | null = null;
  do {
    signal.throwIfAborted();
    const found: readonly Entry[] = await index.entries(afterId, PAGE);
    const expected: readonly Expected[] = await source.entries({ afterId, limit: PAGE });
    const upTo: string | null = firstOf(endOf(found), endOf(expected));
    yield { afterId, upTo, found: within(found, upTo), expected: within(expected, upTo) };
    afterId = upTo;
  } while (afterId !== null);
}

/** The same stretch of the index a moment later: what was being written has arrived. */
export async function lookAgain<Entry extends IndexEntry>(
  index: ComparedIndex<Entry>,
  { afterId, upTo }: Pick<IndexRange<Entry>, 'afterId' | 'upTo'>,
): Promise<ReadonlyMap<string, Entry>> {
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS));
  return within(await index.entries(afterId, 2 * PAGE), upTo);
}

/** Ids are UUIDs, whose order as bytes is that of their characters. */
const endOf = (page: readonly IndexEntry[]): string | null => (page.length < PAGE ? null : (page.at(-1)?.id ?? null));

function firstOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

const within = <Entry extends IndexEntry>(page: readonly Entry[], upTo: string | null): ReadonlyMap<string, Entry> =>
  new Map(page.filter(({ id }) => upTo === null || id <= upTo).map((entry) => [entry.id, entry]));
