const EVERY_MS = 200;

/** One line on stderr that is written over and over, for whoever looks on at a terminal; into a file nothing is written. */
export class Progress {
  readonly #isShown: boolean;
  #shownAt = 0;
  #width = 0;

  constructor(isShown = process.stderr.isTTY) {
    this.#isShown = isShown;
  }

  /** @param words a function, so that nothing is put together that nobody sees. */
  show(words: () => string): void {
    const now = Date.now();
    if (!this.#isShown || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    const line = words();
    process.stderr.write(`\r${line.padEnd(this.#width)}`);
    this.#width = line.length;
  }

  /** Clears the line for what is said next. */
  end(): void {
    if (this.#width > 0) process.stderr.write(`\r${' '.repeat(this.#width)}\r`);
    this.#width = 0;
  }
}
