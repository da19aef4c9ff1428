/** Asks often until what it knows has settled, then now and then. */
const UNTIL_SETTLED_MS = 1_000;
const ONCE_SETTLED_MS = 3_000;
/** So many silent answers in a row, and what was known is known no more. */
const FORGET_AFTER = 3;

/** Keeps what a service said of itself, for ports that must answer at once. */
export class KnownState<State> {
  readonly #ask: (signal: AbortSignal) => Promise<State>;
  readonly #tell: (state: State | null) => void;
  readonly #isSettled: (state: State) => boolean;
  readonly #closed = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #isOpen = false;
  #timer: NodeJS.Timeout | undefined;
  #known: State | null = null;
  #silences = 0;

  /**
   * @param tell called with every answer, and with null when the service has been silent for a while
   * @param isSettled false: this will change soon
   */
  constructor(
    ask: (signal: AbortSignal) => Promise<State>,
    tell: (state: State | null) => void,
    isSettled: (state: State) => boolean = () => true,
  ) {
    this.#ask = ask;
    this.#tell = tell;
    this.#isSettled = isSettled;
  }

  get known(): State | null {
    return this.#known;
  }

  /** Resolves with the first answer; true when that comes in time. */
  async answered(withinMs: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), withinMs);
    try {
      return await Promise.race([this.#first.promise.then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Begins to ask. A second call does nothing. */
  open(): void {
    if (this.#isOpen || this.#closed.signal.aborted) return;
    this.#isOpen = true;
    void this.#round();
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    const answer = await this.#ask(this.#closed.signal).catch(() => null);
    if (this.#closed.signal.aborted) return;
    this.#learn(answer);
    const isSettled = this.#known !== null && this.#isSettled(this.#known);
    this.#timer = setTimeout(() => void this.#round(), isSettled ? ONCE_SETTLED_MS : UNTIL_SETTLED_MS);
    this.#timer.unref();
  }

  #learn(answer: State | null): void {
    this.#silences = answer === null ? this.#silences + 1 : 0;
    if (answer === null && this.#silences < FORGET_AFTER) return;
    this.#known = answer;
    if (answer !== null) this.#first.resolve();
    this.#tell(answer);
  }
}
