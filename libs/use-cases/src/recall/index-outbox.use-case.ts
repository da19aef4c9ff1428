import { AppError } from '@continuo/contracts';
import type { IndexedDocument } from '@continuo/domain';
import type { IndexWriter, MemoryRecords, OutboxRecords } from '@continuo/ports';
import { isAway } from './away.ts';

const BATCH = 200;

/** Brings the index up to the records: erasures first, then the outbox, oldest first, until it is empty. */
export class IndexOutbox {
  private readonly outbox: OutboxRecords;
  private readonly memories: Pick<MemoryRecords, 'pendingErasures' | 'erasureDone'>;
  private readonly index: Pick<IndexWriter, 'upsert' | 'remove' | 'removeScope'>;

  constructor(
    outbox: OutboxRecords,
    memories: Pick<MemoryRecords, 'pendingErasures' | 'erasureDone'>,
    index: Pick<IndexWriter, 'upsert' | 'remove' | 'removeScope'>,
  ) {
    this.outbox = outbox;
    this.memories = memories;
    this.index = index;
  }

  /** Returns how many items were brought over. */
  async execute(signal: AbortSignal): Promise<number> {
    for (const scope of await this.memories.pendingErasures()) {
      await this.index.removeScope(scope);
      await this.memories.erasureDone(scope);
    }
    let done = 0;
    while (!signal.aborted) {
      const items = await this.outbox.next(BATCH);
      if (items.length === 0) break;
      await this.upsert(items.flatMap((item) => item.document ?? []));
      await this.index.remove(items.filter((item) => item.document === null));
      // Only now may the records forget: a crash before this line repeats the batch, and the index ignores what it has.
      await this.outbox.acknowledge(items);
      done += items.length;
    }
    return done;
  }

  /** One by one when a batch is refused for itself: a document the index cannot take must not hold up all others. It stays in the records. */
  private async upsert(documents: readonly IndexedDocument[]): Promise<void> {
    try {
      await this.index.upsert(documents);
    } catch (error) {
      if (isAway(error)) throw error;
      let faults = 0;
      for (const document of documents) {
        try {
          await this.index.upsert([document]);
        } catch (single) {
          if (isAway(single)) throw single;
          if (!AppError.is(single, 'document_refused')) faults += 1;
        }
      }
      // What fails with every document, for no fault of theirs, is a fault of the index.
      if (faults > 0 && faults === documents.length) throw error;
    }
  }
}
