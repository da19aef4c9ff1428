/** Failures in a row after which a provider is left alone. */
const FAILURES_TO_OPEN = 5;
/** How long it is left alone before one request may try again. */
const REST_MS = 10_000;

/** What became of a request, as far as the provider's health goes; `neutral` says nothing: the caller went away, or its own deadline was short. */
export type BreakerVerdict = 'success' | 'failure' | 'neutral';

/** Stops asking a provider that keeps failing, so that callers learn at once what they would otherwise wait for. */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #openedAt: number | null = null;
  #probing = false;

  /** @param now epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds until a request may be tried; 0: now. While one tries the provider after a rest, the others wait. */
  waitMs(): number {
    if (this.#openedAt === null) return 0;
    const rest = this.#openedAt + REST_MS - this.#now();
    if (rest > 0) return rest;
    return this.#probing ? 1_000 : 0;
  }

  /** Takes leave to send one request, or null. Whoever has it reports the verdict exactly once. */
  enter(): ((verdict: BreakerVerdict) => void) | null {
    if (this.waitMs() > 0) return null;
    const isProbe = this.#openedAt !== null;
    if (isProbe) this.#probing = true;
    let reported = false;
    return (verdict) => {
      if (reported) return;
      reported = true;
      this.#settle(verdict, isProbe);
    };
  }

  #settle(verdict: BreakerVerdict, isProbe: boolean): void {
    if (isProbe) this.#probing = false;
    if (verdict === 'neutral') return;
    if (verdict === 'success') {
      this.#failures = 0;
      this.#openedAt = null;
      return;
    }
    this.#failures += 1;
    if (isProbe || this.#failures >= FAILURES_TO_OPEN) this.#openedAt = this.#now();
  }
}
