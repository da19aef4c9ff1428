/** What calls earn towards a retry, and how much can be saved up: a store in trouble gets at most a tenth more to do. */
const EARNED = 0.1;
const SAVED_UP = 10;

/** Keeps retries from multiplying the load of a store that is struggling. */
export class RetryBudget {
  #saved = SAVED_UP;

  earn(): void {
    this.#saved = Math.min(SAVED_UP, this.#saved + EARNED);
  }

  /** True when one more retry may be made. */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}

/** Grows with each attempt and is never the same for two callers. */
export const backOffMs = (attempt: number): number => 50 * 2 ** attempt * (0.5 + Math.random());
