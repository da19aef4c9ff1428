import type { IndexEntry, IndexSource, MemoryIndex } from '@continuo/ports';
import { type IndexRange, lookAgain, rangesOf } from './index-range.ts';

export interface ComparisonReport {
  /** Documents that belong into the index. */
  readonly checked: number;
  /** Not in the index. */
  readonly missing: number;
  /** In it with another version. */
  readonly stale: number;
  /** In the index, and not in the records any more. */
  readonly extra: number;
  /** Put right, or on their way. Fewer than were found: the index is ahead of the records, as after a restored back-up; build it anew. */
  readonly repaired: number;
}

interface Differences {
  readonly missing: readonly IndexEntry[];
  readonly older: readonly IndexEntry[];
  readonly newer: readonly IndexEntry[];
  readonly extra: readonly IndexEntry[];
}

/** Compares the index with the records, entry by entry, and repairs it. What waits in the outbox is not a difference. */
export class CompareIndex {
  private readonly index: Pick<MemoryIndex, 'entries' | 'remove'>;
  private readonly source: IndexSource;

  constructor(index: Pick<MemoryIndex, 'entries' | 'remove'>, source: IndexSource) {
    this.index = index;
    this.source = source;
  }

  /** @param repair false: only looks. What is put back stands in the outbox afterwards: raise `index-outbox`. */
  async execute({ repair }: { readonly repair: boolean }, signal: AbortSignal): Promise<ComparisonReport> {
    const report = { checked: 0, missing: 0, stale: 0, extra: 0, repaired: 0 };
    for await (const range of rangesOf(this.index, this.source, signal)) {
      const { missing, older, newer, extra } = await this.differences(range);
      report.checked += range.expected.size;
      report.missing += missing.length;
      report.stale += older.length + newer.length;
      report.extra += extra.length;
      if (!repair) continue;
      if (missing.length + older.length > 0) await this.source.putBack([...missing, ...older]);
      if (extra.length > 0) await this.index.remove(extra);
      report.repaired += missing.length + older.length + extra.length;
    }
    return report;
  }

  private async differences(range: IndexRange<IndexEntry>): Promise<Differences> {
    const first = differencesOf(range);
    if (Object.values(first).every((entries: readonly IndexEntry[]) => entries.length === 0)) return first;
    const later = differencesOf({ ...range, found: await lookAgain(this.index, range) });
    const still = (kind: keyof Differences): readonly IndexEntry[] => {
      const before = new Set(first[kind].map(({ id }) => id));
      return later[kind].filter(({ id }) => before.has(id));
    };
    return { missing: still('missing'), older: still('older'), newer: still('newer'), extra: still('extra') };
  }
}

function differencesOf({ found, expected }: Pick<IndexRange<IndexEntry>, 'found' | 'expected'>): Differences {
  const settled = [...expected.values()].filter(({ waiting }) => !waiting);
  return {
    missing: settled.filter(({ id }) => !found.has(id)),
    older: settled.filter(({ id, indexVersion }) => (found.get(id)?.indexVersion ?? indexVersion) < indexVersion),
    newer: settled.filter(({ id, indexVersion }) => (found.get(id)?.indexVersion ?? indexVersion) > indexVersion),
    extra: [...found.values()].filter(({ id }) => !expected.has(id)),
  };
}
