import { backOffMs } from '../connection/retry-budget.ts';
import { pause, type StoreClient } from '../connection/store-client.ts';
import { DocumentsRefused, StoreRefusal, unavailable } from '../connection/store-errors.ts';
import type { Generation } from '../generations/generation.ts';
import type { IndexEvent } from '../index-event.ts';
import type { WrittenDocument } from './index-document.ts';
import type { RefreshPace } from './refresh-pace.ts';

/** What one request carries at most. */
const MAX_ITEMS = 500;
const MAX_BYTES = 5_000_000;

/** Vectors make a large batch slow to index; one that is slower than this is a store in trouble. */
const LIMITS = { timeoutMs: 15_000, retries: 1 } as const;

/** How often items are sent again that the store has no room for now; what is left waits in the records' outbox. */
const SENT_AGAIN = 4;

/** The version of a deleted document holds for some 200 ms after it: that long the store refuses older ones. */
const GHOST_PAUSE_MS = 50;
const GHOST_PAUSES = 40;

/** visible: found by searches once written; later: with the store's next refresh. */
export type Visibility = 'visible' | 'later';

interface ItemAnswer {
  readonly status: number;
  readonly error?: { readonly type?: string; readonly reason?: string };
}

interface BulkAnswer {
  readonly items: readonly { readonly index?: ItemAnswer }[];
}

interface Item {
  readonly document: WrittenDocument;
  readonly lines: string;
  readonly bytes: number;
}

/** What became of the items of one request. */
interface Outcome {
  readonly again: readonly Item[];
  readonly outdated: readonly Item[];
  readonly refused: readonly (readonly [item: Item, reason: string])[];
}

const NOTHING: Outcome = { again: [], outdated: [], refused: [] };

/** Writes whole documents into one generation. The library's own batching loses documents; every item's answer is looked at here. */
export class BulkWriter {
  readonly #store: StoreClient;
  readonly #onEvent: (event: IndexEvent) => void;
  readonly #pace: RefreshPace | null;

  /** @param pace null: small writes follow each other without rests. */
  constructor(store: StoreClient, onEvent: (event: IndexEvent) => void, pace: RefreshPace | null) {
    this.#store = store;
    this.#pace = pace;
    this.#onEvent = onEvent;
  }

  /**
   * Resolves when it is the turn of so many documents that are to be visible at once. To be waited for before it is looked up where
   * they go: whoever adds a generation counts on writers not to go by old knowledge.
   */
  async turnOf(documents: number): Promise<void> {
    const waitMs = this.#pace?.waitMs(documents, performance.now()) ?? 0;
    if (waitMs > 0) await pause(waitMs, undefined);
  }

  /**
   * Everything is written, or a newer or equal version was there. @throws DocumentsRefused when some are not taken (the others are
   * written), StoreRefusal for a lost or blocked index, AppError `index_unavailable`.
   */
  async write(generation: Generation, documents: readonly WrittenDocument[], visibility: Visibility): Promise<void> {
    const batches = batchesOf(documents.map((document) => toItem(generation, document)));
    const refused =
      visibility === 'visible' ? await this.#writeVisibly(generation, batches) : await this.#writeEach(generation, batches, false);
    const [first] = refused;
    if (first !== undefined)
      throw new DocumentsRefused(
        refused.map(([{ document }]) => document.id),
        first[1],
      );
  }

  async #writeVisibly(generation: Generation, batches: readonly (readonly Item[])[]): Promise<Outcome['refused']> {
    const startedAt = performance.now();
    try {
      const refused = await this.#writeEach(generation, batches, batches.length === 1);
      if (batches.length > 1) await this.refresh(generation);
      return refused;
    } finally {
      this.#pace?.wrote(startedAt, performance.now());
    }
  }

  async #writeEach(generation: Generation, batches: readonly (readonly Item[])[], refresh: boolean): Promise<Outcome['refused']> {
    const refused: (readonly [Item, string])[] = [];
    for (const batch of batches) refused.push(...(await this.#writeAll(generation, batch, refresh)));
    return refused;
  }

  /** Everything written so far is found from now on. */
  async refresh(generation: Generation): Promise<void> {
    await this.#store.send({ operation: 'refresh', method: 'POST', path: `/${generation.index}/_refresh` }, LIMITS);
  }

  async #writeAll(generation: Generation, batch: readonly Item[], refresh: boolean): Promise<Outcome['refused']> {
    const refused: (readonly [Item, string])[] = [];
    let waiting = batch;
    let ghostPauses = 0;
    for (let attempt = 0; waiting.length > 0;) {
      const { again, outdated, refused: turnedDown } = await this.#send(waiting, refresh);
      refused.push(...turnedDown);
      const ghosts = outdated.length === 0 ? [] : await this.#ghostsAmong(generation, outdated);
      this.#tell(waiting, again.length + ghosts.length, outdated.length - ghosts.length, turnedDown.length);
      waiting = [...again, ...ghosts];
      if (again.length > 0) {
        if ((attempt += 1) > SENT_AGAIN) throw unavailable('is overloaded');
        await pause(backOffMs(attempt), undefined);
      } else if (ghosts.length > 0) {
        if ((ghostPauses += 1) > GHOST_PAUSES) throw unavailable('still remembers versions of documents that were deleted');
        await pause(GHOST_PAUSE_MS, undefined);
      }
    }
    return refused;
  }

  /** Halves what is too large as a whole. */
  async #send(items: readonly Item[], refresh: boolean): Promise<Outcome> {
    try {
      const answer = await this.#store.send<BulkAnswer>(
        {
          operation: 'bulk',
          method: 'POST',
          path: '/_bulk',
          query: { require_alias: true, refresh, filter_path: 'items.index.status,items.index.error.type,items.index.error.reason' },
          lines: items.map(({ lines }) => lines).join(''),
        },
        LIMITS,
      );
      if (answer.items.length !== items.length) throw unavailable('answered for fewer documents than it was sent');
      return outcomeOf(items, answer);
    } catch (error) {
      if (!(error instanceof StoreRefusal && error.status === 413)) throw error;
      if (items.length === 1) return { ...NOTHING, refused: items.map((item) => [item, error.message]) };
      const middle = Math.ceil(items.length / 2);
      return joined(await this.#send(items.slice(0, middle), refresh), await this.#send(items.slice(middle), refresh));
    }
  }

  /** Of what was turned away for its version, that which is not there at all: its version is that of a deletion. */
  async #ghostsAmong(generation: Generation, outdated: readonly Item[]): Promise<readonly Item[]> {
    const docs = outdated.map(({ document }) => ({ _id: document.storeId, routing: document.owner, _source: false }));
    const { docs: found } = await this.#store.send<{ readonly docs: readonly { readonly found?: boolean }[] }>(
      { operation: 'look-again', method: 'POST', path: `/${generation.intake}/_mget`, query: { realtime: true }, body: { docs } },
      LIMITS,
    );
    return outdated.filter((_, place) => found[place]?.found === false);
  }

  #tell(items: readonly Item[], resent: number, outdated: number, refused: number): void {
    const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
    this.#onEvent({ type: 'bulk', items: items.length, bytes, resent, outdated, refused });
  }
}

function toItem(generation: Generation, document: WrittenDocument): Item {
  const { storeId, owner, version, source } = document;
  const action = { index: { _index: generation.intake, _id: storeId, routing: owner, version, version_type: 'external' } };
  const lines = `${JSON.stringify(action)}\n${source}\n`;
  return { document, lines, bytes: Buffer.byteLength(lines) };
}

function batchesOf(items: readonly Item[]): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const last = batches.at(-1);
    bytes += item.bytes;
    if (last !== undefined && last.length < MAX_ITEMS && bytes <= MAX_BYTES) last.push(item);
    else {
      batches.push([item]);
      bytes = item.bytes;
    }
  }
  return batches;
}

/** @throws StoreRefusal for what concerns the index rather than one document. */
function outcomeOf(items: readonly Item[], answer: BulkAnswer): Outcome {
  const outcome = { again: [] as Item[], outdated: [] as Item[], refused: [] as (readonly [Item, string])[] };
  for (const [place, item] of items.entries()) {
    const { status = 500, error } = answer.items[place]?.index ?? {};
    if (status < 300) continue;
    if (status === 409) outcome.outdated.push(item);
    else if (status === 429 || status === 503) outcome.again.push(item);
    else if (status === 400 || status === 413) outcome.refused.push([item, `${error?.type}: ${error?.reason}`]);
    else throw new StoreRefusal(status, error?.type ?? '', error?.reason ?? '');
  }
  return outcome;
}

const joined = (a: Outcome, b: Outcome): Outcome => ({
  again: [...a.again, ...b.again],
  outdated: [...a.outdated, ...b.outdated],
  refused: [...a.refused, ...b.refused],
});
