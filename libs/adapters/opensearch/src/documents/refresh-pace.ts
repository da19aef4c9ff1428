/**
 * Making documents visible costs the store the same for one as for a hundred (a new segment in each shard, with a graph of its
 * vectors): alone, eight of them took 10 ms of a processor each, two hundred together 0.7 ms.
 */
const SMALL_WRITE = 100;

/** In lengths of the write before: small writes take at most a quarter of the time, so that most of the store is left to searches. */
const REST = 3;
/** A store that is slow for other reasons does not hold up writes for long. */
const MAX_REST_MS = 500;

/** When a write may ask to be visible at once. The first one may; small ones that follow each other closely wait, and grow meanwhile. */
export class RefreshPace {
  #freeAt = 0;

  /** How long to wait before so many documents are written. Times are in milliseconds of one clock. */
  waitMs(documents: number, now: number): number {
    return documents >= SMALL_WRITE ? 0 : Math.max(0, this.#freeAt - now);
  }

  /** A write has become visible. */
  wrote(startedAt: number, now: number): void {
    this.#freeAt = Math.max(this.#freeAt, now + Math.min(MAX_REST_MS, REST * (now - startedAt)));
  }
}
