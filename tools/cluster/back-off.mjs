const FIRST_MS = 200;
const MOST_MS = 10_000;
/** Whoever lived that long begins anew. */
const STEADY_MS = 30_000;

/** How long to wait before a dead process is started again: doubled each time, until one has lived long enough. */
export class BackOff {
  #nextMs = FIRST_MS;

  /** `livedMs` is how long the process was alive. */
  waitMs(livedMs) {
    if (livedMs >= STEADY_MS) this.#nextMs = FIRST_MS;
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(waitMs * 2, MOST_MS);
    return waitMs;
  }
}
