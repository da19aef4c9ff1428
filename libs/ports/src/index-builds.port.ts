import type { IndexedDocument } from '@continuo/domain';
import type { IndexEntry } from './index.port.ts';

/** Whose vectors an index holds. */
export interface IndexModel {
  readonly id: string;
  readonly dimension: number;
}

export interface IndexBuild {
  /** Null: it is built without vectors. */
  readonly model: IndexModel | null;
  /** Everything up to this id was brought in; null: nothing yet. A build that was broken off goes on behind it. */
  readonly checkpoint: string | null;
  /** It was verified; searches for its model are already answered from it. */
  readonly isComplete: boolean;
}

export interface BuiltEntry extends IndexEntry {
  /** It has a vector of the build's model. */
  readonly hasVector: boolean;
}

/**
 * Builds the next index beside the one that serves. From `begin` until `swap` or `discard` every write of every process goes to both,
 * so that nothing is lost whenever they are swapped. Only one build at a time; see `RebuildIndex`.
 *
 * A new embedding model without a gap: build for it and leave the swap for later. Processes that embed with the old model are answered
 * from the old index, those that embed with the new one, as they are started again, from the complete build. Once the last is
 * started again, swap.
 *
 * @throws AppError `index_unavailable` from every method when the store cannot be reached, and when no build is there that could be meant.
 */
export interface IndexBuilds {
  /** The build under way or waiting for its swap, or null. */
  current(): Promise<IndexBuild | null>;

  /** Begins a build, or takes up the one for the same model. Once resolved, every process writes to it. One for another model is discarded. */
  begin(model: IndexModel | null): Promise<IndexBuild>;

  /** Brings documents in, in the order of ids, and remembers how far. Newer versions that are there are kept; vectors of other models are left out. */
  fill(documents: readonly IndexedDocument[], checkpoint: string): Promise<void>;

  /** Like `fill` without moving the checkpoint: for what was found missing. */
  mend(documents: readonly IndexedDocument[]): Promise<void>;

  /** Tombstones in the build alone. */
  remove(entries: readonly IndexEntry[]): Promise<void>;

  /** As `IndexWriter.entries`, of the build. */
  entries(afterId: string | null, limit: number): Promise<readonly BuiltEntry[]>;

  /** It holds what it should: from now on it may serve. */
  complete(): Promise<void>;

  /** In one step the complete build is searched instead of the index before it, which is then removed. Does nothing when it was swapped already. */
  swap(): Promise<void>;

  /** Gives the build up. Does nothing when there is none. */
  discard(): Promise<void>;
}

export const INDEX_BUILDS = Symbol('IndexBuilds');
