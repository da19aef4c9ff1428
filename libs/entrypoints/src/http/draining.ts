import { AppError } from '@continuo/contracts';

/** After the rest was told to stop: how long its last events may take. */
const LAST_WORDS_MS = 1_000;

/** Knows what is being worked on, and ends it in good order when the process is asked to stop. */
export class Draining {
  private readonly stop = new AbortController();
  private readonly whenIdle = new Set<() => void>();
  private active = 0;
  private started = false;

  /** From now on the server wants no new work, and serves what reaches it all the same. */
  get isDraining(): boolean {
    return this.started;
  }

  /** Aborted when the time for running work is over; its reason is an `AppError`. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Counts a piece of work that shutting down waits for. Call the result once, when it is done; more calls do nothing. */
  begin(): () => void {
    this.active += 1;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.active -= 1;
      if (this.active === 0) for (const wake of this.whenIdle) wake();
    };
  }

  /**
   * Waits until nothing runs and `nothingMore` has resolved, at most `forMs`, then aborts the rest and waits for its last words.
   * Returns how many were aborted.
   * @param nothingMore resolves when no more work can arrive.
   */
  async drain(forMs: number, nothingMore: Promise<void> = Promise.resolve()): Promise<number> {
    this.started = true;
    const startedAt = performance.now();
    await within(forMs, nothingMore);
    await this.idle(forMs - (performance.now() - startedAt));
    const aborted = this.active;
    this.stop.abort(new AppError('draining', 'the server is shutting down'));
    if (aborted > 0) await this.idle(LAST_WORDS_MS);
    return aborted;
  }

  private idle(forMs: number): Promise<void> {
    if (this.active === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.whenIdle.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, forMs);
      this.whenIdle.add(finish);
    });
  }
}

/** Resolves with the promise, or when the time is over. */
async function within(forMs: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, forMs);
  });
  await Promise.race([promise, over]);
  clearTimeout(timer);
}
