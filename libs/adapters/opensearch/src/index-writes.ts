import type { IndexedDocument } from '@continuo/domain';
import type { IndexEntry } from '@continuo/ports';
import type { StoreClient } from './connection/store-client.ts';
import { meansLost, unavailable } from './connection/store-errors.ts';
import type { BulkWriter, Visibility } from './documents/bulk-writer.ts';
import { placedVector, type PlacedVector, preparedDocument, tombstone, type WrittenDocument } from './documents/index-document.ts';
import type { Generation } from './generations/generation.ts';
import { requireOwnReading, type Generations } from './generations/generations.ts';

/** Deleting and counting what is left may take a while for a large subject. */
export const DELETION = { timeoutMs: 120_000, retries: 1 } as const;

/** Writes what goes to every generation that takes writes. A generation that is lost meanwhile is looked up, or made, again. */
export class IndexWrites {
  readonly #generations: Generations;
  readonly #bulk: BulkWriter;
  readonly #store: StoreClient;

  constructor(generations: Generations, bulk: BulkWriter, store: StoreClient) {
    this.#generations = generations;
    this.#bulk = bulk;
    this.#store = store;
  }

  async upsert(documents: readonly IndexedDocument[]): Promise<void> {
    await this.#bulk.turnOf(documents.length);
    const prepared = documents.map((document) => ({ vector: placedVector(document), write: preparedDocument(document) }));
    await this.toEach(async (generation) => {
      requireOwnReading(generation);
      const written = prepared.map(({ vector, write }) => write(takes(generation, vector) ? vector : null, false));
      await this.#addFields(
        generation,
        prepared.flatMap(({ vector }) => vector ?? []),
      );
      await this.#bulk.write(generation, written, 'visible');
    });
  }

  async remove(removals: readonly IndexEntry[], now: number): Promise<void> {
    await this.#bulk.turnOf(removals.length);
    const tombstones = removals.map((removal) => tombstone(removal, now));
    await this.toEach((generation) => this.#bulk.write(generation, tombstones, 'visible'));
  }

  /** Into one generation, as a build brings it: its own model's vectors win over documents that came without. */
  async fill(generation: Generation, documents: readonly IndexedDocument[]): Promise<void> {
    const written = documents.map((document): WrittenDocument => {
      const vector = placedVector(document);
      return preparedDocument(document)(takes(generation, vector) ? vector : null, true);
    });
    await this.into(generation, written, 'later');
  }

  async into(generation: Generation, documents: readonly WrittenDocument[], visibility: Visibility): Promise<void> {
    if (documents.length > 0) await this.#bulk.write(generation, documents, visibility);
  }

  async refresh(generation: Generation): Promise<void> {
    await this.#bulk.refresh(generation);
  }

  /** Deletes what the query finds, without a trace, and looks until nothing is left. @param routing one owner's, or null: everywhere. */
  async deleteAll(generation: Generation, query: object, routing: string | null): Promise<void> {
    const where = routing === null ? {} : { routing };
    for (let round = 0; round < 5; round += 1) {
      // Only what has been refreshed is seen, and another process may have written a moment ago.
      await this.#bulk.refresh(generation);
      const { count } = await this.#store.send<{ readonly count: number }>(
        { operation: 'count', method: 'POST', path: `/${generation.index}/_count`, query: where, body: { query } },
        DELETION,
      );
      if (count === 0) return;
      await this.#store.send(
        {
          operation: 'delete',
          method: 'POST',
          path: `/${generation.index}/_delete_by_query`,
          query: { ...where, conflicts: 'proceed', scroll_size: 2_000 },
          body: { query },
        },
        DELETION,
      );
    }
    throw unavailable('is written faster than it can be emptied');
  }

  /** The generation that is read first; what it answers counts. */
  async toEach<Result>(work: (generation: Generation) => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const [read, ...others] = await this.#generations.toWrite();
        if (read === undefined) throw unavailable('is not there');
        const [result] = await Promise.all([work(read), ...others.map((generation) => this.#unlessDropped(work(generation)))]);
        return result;
      } catch (error) {
        if (!meansLost(error) || attempt >= 2) throw error;
        this.#generations.forget();
      }
    }
  }

  /** The old generation after a swap, or a build that was given up: nobody reads it any more. */
  async #unlessDropped(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!meansLost(error)) throw error;
      this.#generations.forget();
    }
  }

  async #addFields(generation: Generation, vectors: readonly PlacedVector[]): Promise<void> {
    const fields = new Map(vectors.filter((vector) => takes(generation, vector)).map((vector) => [vector.field, vector]));
    for (const { field, modelId, numbers } of fields.values())
      await this.#generations.addVectorField(generation, field, modelId, numbers.length);
  }
}

/** A build takes the vectors of the model it is for and no others. */
const takes = ({ meta, isRead }: Generation, vector: PlacedVector | null): boolean =>
  vector !== null && (isRead || meta.build === null || meta.model?.id === vector.modelId);
