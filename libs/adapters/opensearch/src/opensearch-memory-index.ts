import type { IndexedDocument, Scope } from '@continuo/domain';
import type { ArmHits, CallOptions, IndexEntry, IndexQuery, MemoryIndex } from '@continuo/ports';
import type { StoreClient } from './connection/store-client.ts';
import { meansLost, toPortError, translated } from './connection/store-errors.ts';
import { ownerOf } from './documents/owner.ts';
import type { Generation } from './generations/generation.ts';
import type { Generations } from './generations/generations.ts';
import { DELETION, type IndexWrites } from './index-writes.ts';
import { readEntries } from './search/index-entries.ts';
import type { IndexSearcher } from './search/index-searcher.ts';
import { allOf } from './search/query.ts';
import { scopeFilter } from './search/scope-filter.ts';

/** Ceiling of `topK`, as the port names it. */
const MAX_TOP_K = 200;

const READING = { timeoutMs: 10_000, retries: 1 } as const;

export interface IndexParts {
  readonly store: StoreClient;
  readonly generations: Generations;
  readonly writes: IndexWrites;
  readonly searcher: IndexSearcher;
  /** Epoch milliseconds, for tombstones. */
  readonly now: () => number;
}

/** The memory index in OpenSearch. Terms come analysed from the domain; what is not found within a moment is an AppError. */
export class OpenSearchMemoryIndex implements MemoryIndex {
  readonly #parts: IndexParts;

  constructor(parts: IndexParts) {
    this.#parts = parts;
  }

  /**
   * Goes to every generation, see `IndexBuilds`. A vector without direction (all zero, or not finite) counts as none.
   *
   * @throws AppError `document_refused` when the store does not take some of them; the others are written.
   */
  async upsert(documents: readonly IndexedDocument[]): Promise<void> {
    if (documents.length > 0) await translated(() => this.#parts.writes.upsert(documents));
  }

  /**
   * Asks the generation behind the read alias. When it was built for another model and a complete build for the query's model is
   * there, that one is asked; when there is none, words and window serve without a vector arm.
   *
   * @throws RangeError for a `topK` out of its range.
   */
  async search(query: IndexQuery, options: CallOptions): Promise<ArmHits> {
    if (!Number.isInteger(query.topK) || query.topK < 1 || query.topK > MAX_TOP_K)
      throw new RangeError(`topK is ${query.topK}, not 1–${MAX_TOP_K}.`);
    const { generations, searcher } = this.#parts;
    return this.#reading(async () => {
      const generation = await generations.toRead(query.vectorModelId, query.vector?.length ?? 0, options);
      return searcher.search(generation, query, options);
    });
  }

  async remove(removals: readonly IndexEntry[]): Promise<void> {
    if (removals.length > 0) await translated(() => this.#parts.writes.remove(removals, this.#parts.now()));
  }

  async removeScope(scope: Scope): Promise<number> {
    const owner = ownerOf(scope);
    const { writes } = this.#parts;
    return translated(() =>
      writes.toEach(async (generation) => {
        await writes.refresh(generation);
        const live = await this.#count(generation, scope);
        await writes.deleteAll(generation, { term: { owner } }, owner);
        return live;
      }),
    );
  }

  async count(scope: Scope | null): Promise<number> {
    return this.#reading(async () => this.#count(await this.#parts.generations.toRead(null, 0, {}), scope));
  }

  async sweepTombstones(beforeMs: number): Promise<void> {
    const { writes } = this.#parts;
    await translated(() => writes.toEach((generation) => writes.deleteAll(generation, { range: { removed_at: { lt: beforeMs } } }, null)));
  }

  async entries(afterId: string | null, limit: number): Promise<readonly IndexEntry[]> {
    const { store, generations } = this.#parts;
    return this.#reading(async () => {
      const entries = await readEntries(store, await generations.toRead(null, 0, {}), afterId, limit, null);
      return entries.map(({ hasVector: _hasVector, ...entry }) => entry);
    });
  }

  /** By the store's own id of the index: one of the same name that was made since is another. */
  async needsRefill(): Promise<string | null> {
    const [read] = await translated(() => this.#parts.generations.toWrite());
    return read === undefined || read.isFilled ? null : read.uuid;
  }

  async confirmRefill(name: string): Promise<void> {
    const { generations } = this.#parts;
    await translated(async () => {
      const read = (await generations.current(0)).find(({ isRead }) => isRead);
      if (read === undefined || read.uuid !== name) return;
      await generations.changeAliases([{ action: 'add', generation: read, alias: generations.names.filled }]);
    });
  }

  async #count(generation: Generation, scope: Scope | null): Promise<number> {
    const { count } = await this.#parts.store.send<{ readonly count: number }>(
      {
        operation: 'count',
        method: 'POST',
        path: `/${generation.index}/_count`,
        ...(scope === null ? {} : { query: { routing: ownerOf(scope) } }),
        body: { query: scope === null ? { term: { state: 'live' } } : allOf(scopeFilter(scope)) },
      },
      scope === null ? DELETION : READING,
    );
    return count;
  }

  /** Once more when what is known of the generations no longer holds. */
  async #reading<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!meansLost(error)) throw toPortError(error);
      this.#parts.generations.forget();
      return translated(work);
    }
  }
}
