export type BreakerState = 'closed' | 'open' | 'half-open';

/** Failures in a row after which nobody waits for the store any more. */
const FAILURES = 3;

/** How long calls are refused before one is let through to try; doubled with every try that fails. */
const COOL_DOWN_MS = 500;
const MAX_COOL_DOWN_MS = 4_000;

/** Spares callers the wait for a store that does not answer. One call at a time tries whether it is back. */
export class CircuitBreaker {
  readonly #now: () => number;
  readonly #onChange: (state: BreakerState) => void;
  #state: BreakerState = 'closed';
  #failures = 0;
  #coolDownMs = COOL_DOWN_MS;
  #openedAt = 0;

  constructor(now: () => number, onChange: (state: BreakerState) => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** True: go on, and say how it went with `succeeded`, `failed` or `abandoned`. */
  enter(): boolean {
    if (this.#state === 'closed') return true;
    if (this.#state === 'half-open' || this.#now() - this.#openedAt < this.#coolDownMs) return false;
    this.#become('half-open');
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#coolDownMs = COOL_DOWN_MS;
    this.#become('closed');
  }

  failed(): void {
    this.#failures += 1;
    if (this.#state === 'half-open') this.#coolDownMs = Math.min(MAX_COOL_DOWN_MS, this.#coolDownMs * 2);
    if (this.#state !== 'half-open' && this.#failures < FAILURES) return;
    this.#openedAt = this.#now();
    this.#become('open');
  }

  /** Its caller went away before it was known how it went: the next call tries instead. */
  abandoned(): void {
    if (this.#state === 'half-open') this.#become('open');
  }

  #become(state: BreakerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }
}
