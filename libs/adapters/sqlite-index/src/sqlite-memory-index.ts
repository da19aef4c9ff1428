import type { IndexedDocument, Scope } from '@continuo/domain';
import { completeLabels, scopeKey } from '@continuo/domain';
import type { ArmHits, CallOptions, IndexEntry, IndexHit, IndexQuery, MemoryIndex } from '@continuo/ports';
import type { Removal } from './index-writer.ts';
import type { StoredBody, ThreadHit, ThreadHits, ThreadQuery } from './search-protocol.ts';
import type { IndexThread } from './threads/index-thread.ts';
import type { ReaderCalls, WriterCalls } from './threads/thread-protocol.ts';

/** There is one index, and none takes its place while it is open. */
const FILE_NAME = 'file';

/** Ceiling of `topK`, as the port names it. */
const MAX_TOP_K = 200;

/** The memory index in a SQLite file of its own: FTS5 for words, exact cosines over a subject's vectors for meaning. */
export class SqliteMemoryIndex implements MemoryIndex {
  readonly #writer: IndexThread<WriterCalls>;
  readonly #readers: readonly IndexThread<ReaderCalls>[];
  readonly #now: () => number;
  #isUnfilled: boolean;

  /** @param isUnfilled what `needsRefill` says until the refill is confirmed. */
  constructor(writer: IndexThread<WriterCalls>, readers: readonly IndexThread<ReaderCalls>[], isUnfilled: boolean, now: () => number) {
    this.#writer = writer;
    this.#readers = readers;
    this.#isUnfilled = isUnfilled;
    this.#now = now;
  }

  /** A vector without direction (all zero, or not finite) counts as none. */
  async upsert(documents: readonly IndexedDocument[]): Promise<void> {
    if (documents.length > 0) await this.#writer.call('upsert', { documents });
  }

  /** @throws AppError `deadline_exceeded` at the deadline. @throws RangeError for a `topK` out of its range. */
  async search(query: IndexQuery, options: CallOptions): Promise<ArmHits> {
    if (!Number.isInteger(query.topK) || query.topK < 1 || query.topK > MAX_TOP_K)
      throw new RangeError(`topK is ${query.topK}, not 1–${MAX_TOP_K}.`);
    const hits = await this.#readerOf(query.scope).call('search', { query: toThreadQuery(query) }, options);
    return toArmHits(hits);
  }

  async remove(removals: readonly Removal[]): Promise<void> {
    if (removals.length > 0) await this.#writer.call('remove', { removals, now: this.#now() });
  }

  async removeScope(scope: Scope): Promise<number> {
    return this.#writer.call('removeScope', { scope });
  }

  async count(scope: Scope | null): Promise<number> {
    return this.#readerOf(scope).call('count', { scope });
  }

  async sweepTombstones(beforeMs: number): Promise<void> {
    await this.#writer.call('sweepTombstones', { beforeMs });
  }

  async entries(afterId: string | null, limit: number): Promise<readonly IndexEntry[]> {
    return this.#readerOf(null).call('entries', { afterId, limit });
  }

  async needsRefill(): Promise<string | null> {
    return this.#isUnfilled ? FILE_NAME : null;
  }

  /** Until it is confirmed each start asks for it again, so that a crash between the two is made good. */
  async confirmRefill(name: string): Promise<void> {
    if (name !== FILE_NAME) return;
    await this.#writer.call('confirmRefill', null);
    this.#isUnfilled = false;
  }

  /** Always the same reader for a scope: its vectors are in the memory of one thread only. */
  #readerOf(scope: Scope | null): IndexThread<ReaderCalls> {
    const place = scope === null ? 0 : sumOf(scopeKey(scope)) % this.#readers.length;
    const reader = this.#readers[place];
    if (reader === undefined) throw new RangeError('The memory index has no reader.');
    return reader;
  }
}

/** Spreads scopes over readers evenly (FNV-1a). */
function sumOf(text: string): number {
  let sum = 0x811c_9dc5;
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 0x0100_0193) >>> 0;
  return sum;
}

const toThreadQuery = ({ scope, analysis, vector, filter, kinds, timeWindow, topK }: IndexQuery): ThreadQuery => ({
  scope,
  terms: analysis.terms,
  concepts: analysis.concepts,
  vector,
  filter,
  kinds,
  timeWindow,
  topK,
});

function toArmHits(found: ThreadHits): ArmHits {
  const bodies = found.bodies.map(readBody);
  const bodyAt = (place: number): StoredBody => bodies[place] ?? missing(place);
  const toHits = (hits: readonly ThreadHit[]): readonly IndexHit[] =>
    hits.map(([place, score], index) => ({ ...bodyAt(place), rank: index + 1, score }));
  return {
    words: toHits(found.words),
    vectors: toHits(found.vectors),
    window: toHits(found.window),
    cosines: new Map(found.cosines.map(([place, cosine]) => [bodyAt(place).document.id, cosine])),
  };
}

function readBody(json: string): StoredBody {
  const { document, features } = JSON.parse(json) as StoredBody;
  return { document: { ...document, labels: completeLabels(document.labels) }, features };
}

function missing(place: number): never {
  throw new RangeError(`The reader named document ${place}, which it did not send.`);
}
