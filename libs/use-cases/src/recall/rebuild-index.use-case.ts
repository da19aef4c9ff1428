import { AppError } from '@continuo/contracts';
import type { IndexedDocument } from '@continuo/domain';
import type { BuiltEntry, ExclusiveWork, IndexBuilds, IndexModel, IndexSource } from '@continuo/ports';
import { type IndexRange, lookAgain, rangesOf } from './index-range.ts';
import { isAway } from './away.ts';

/** Documents read and written at a time. */
const PAGE = 200;

/** Rounds of comparing and mending; each but the first finds only what went wrong since the one before. */
const ROUNDS = 5;

export interface RebuildInput {
  /** Whose vectors the new index is to hold; null: none. */
  readonly model: IndexModel | null;
  /** now: it serves as soon as it is complete. later: only those who embed with its model are answered from it, until `swap`. */
  readonly swap: 'now' | 'later';
}

export interface RebuildReport {
  /** Documents brought in, those of a build that was taken up not counted. */
  readonly filled: number;
  /** Found missing, older or without their vector when it was compared with the records. */
  readonly mended: number;
  /** Documents in the new index that the records do not have any more. */
  readonly removed: number;
  /** Documents that the store does not take: they are in neither index. */
  readonly refused: number;
}

/**
 * Builds the index anew from the records while the old one serves and every write goes to both: back-fill in the order of ids,
 * compare, mend, and only then swap. Broken off, it goes on where it was.
 */
export class RebuildIndex {
  private readonly source: IndexSource;
  private readonly builds: IndexBuilds;
  private readonly exclusive: ExclusiveWork;

  constructor(source: IndexSource, builds: IndexBuilds, exclusive: ExclusiveWork) {
    this.source = source;
    this.builds = builds;
    this.exclusive = exclusive;
  }

  /** Null when another process is at it. @param onFilled how many documents have been brought in so far. */
  async execute(
    input: RebuildInput,
    signal: AbortSignal,
    onFilled: (filled: number) => void = () => undefined,
  ): Promise<RebuildReport | null> {
    let report: RebuildReport | null = null;
    await this.exclusive.attempt('rebuild-index', async () => {
      report = await this.build(input, signal, onFilled);
    });
    return report;
  }

  /** The complete build serves from now on, and the index before it is removed. False when another process is building. */
  async swap(): Promise<boolean> {
    return this.exclusive.attempt('rebuild-index', () => this.builds.swap());
  }

  private async build({ model, swap }: RebuildInput, signal: AbortSignal, onFilled: (filled: number) => void): Promise<RebuildReport> {
    const { checkpoint } = await this.builds.begin(model);
    const modelId = model?.id ?? null;
    const refused = new Set<string>();
    const filled = await this.fill(checkpoint, modelId, refused, signal, onFilled);
    const report = { filled, mended: 0, removed: 0 };
    for (let round = 1; ; round += 1) {
      const { mended, removed } = await this.compare(modelId, refused, signal);
      report.mended += mended;
      report.removed += removed;
      if (mended + removed === 0) break;
      if (round === ROUNDS) throw new AppError('index_unavailable', 'The new memory index does not come to hold what the records hold.');
    }
    await this.builds.complete();
    if (swap === 'now') await this.builds.swap();
    return { ...report, refused: refused.size };
  }

  private async fill(
    checkpoint: string | null,
    modelId: string | null,
    refused: Set<string>,
    signal: AbortSignal,
    onFilled: (filled: number) => void,
  ): Promise<number> {
    let filled = 0;
    for (let afterId = checkpoint; ;) {
      signal.throwIfAborted();
      const documents = await this.source.documents({ afterId, limit: PAGE, modelId });
      const last = documents.at(-1);
      if (last === undefined) return filled;
      await bring(documents, refused, (taken) => this.builds.fill(taken, last.id));
      onFilled((filled += documents.length));
      afterId = last.id;
    }
  }

  private async compare(
    modelId: string | null,
    refused: Set<string>,
    signal: AbortSignal,
  ): Promise<{ readonly mended: number; readonly removed: number }> {
    const counts = { mended: 0, removed: 0 };
    for await (const range of rangesOf(this.builds, this.source, signal)) {
      const wanted = (await this.wanted(range, modelId)).filter(({ id }) => !refused.has(id));
      const isExtra = ({ id }: BuiltEntry): boolean => !range.expected.has(id);
      if (wanted.every((document) => agrees(range, document)) && ![...range.found.values()].some(isExtra)) continue;
      const later = { ...range, found: await lookAgain(this.builds, range) };
      const differing = wanted.filter((document) => !agrees(range, document) && !agrees(later, document));
      const extra = [...later.found.values()].filter((entry) => isExtra(entry) && range.found.has(entry.id));
      await bring(differing, refused, (taken) => this.builds.mend(taken));
      await this.builds.remove(extra);
      counts.mended += differing.length;
      counts.removed += extra.length;
    }
    return counts;
  }

  /** The documents of a stretch of ids, but those that wait in the outbox: they come by themselves. */
  private async wanted({ afterId, upTo, expected }: IndexRange<BuiltEntry>, modelId: string | null): Promise<readonly IndexedDocument[]> {
    const documents: IndexedDocument[] = [];
    for (let after = afterId; ;) {
      const page = await this.source.documents({ afterId: after, limit: PAGE, modelId });
      documents.push(...page.filter(({ id }) => (upTo === null || id <= upTo) && expected.get(id)?.waiting === false));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE || (upTo !== null && last.id >= upTo)) return documents;
      after = last.id;
    }
  }
}

/** One by one when they are refused for themselves: a document the index cannot take must not keep all others out. */
async function bring(
  documents: readonly IndexedDocument[],
  refused: Set<string>,
  write: (documents: readonly IndexedDocument[]) => Promise<void>,
): Promise<void> {
  try {
    await write(documents);
  } catch (error) {
    if (isAway(error)) throw error;
    for (const document of documents) {
      try {
        await write([document]);
      } catch (refusal) {
        if (isAway(refusal)) throw refusal;
        refused.add(document.id);
      }
    }
    if (documents.length > 1 && documents.every(({ id }) => refused.has(id))) throw error;
  }
}

/** It is there as the records have it or newer, and with its vector where they have one. */
function agrees({ found }: Pick<IndexRange<BuiltEntry>, 'found'>, { id, indexVersion, vector }: IndexedDocument): boolean {
  const entry = found.get(id);
  if (entry === undefined || entry.indexVersion < indexVersion) return false;
  return entry.hasVector || entry.indexVersion > indexVersion || vector === null || !hasDirection(vector);
}

/** A vector of zeros stands for a text that cannot be embedded; no index keeps it. */
const hasDirection = (vector: Float32Array): boolean => vector.every(Number.isFinite) && vector.some((number) => number !== 0);
