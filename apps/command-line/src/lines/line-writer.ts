import type { Writable } from 'node:stream';

/** Whoever read the output has gone. */
export class ReaderGoneError extends Error {
  constructor(lines: number) {
    super(`The reader of the output went away after ${lines} lines; the export is not complete.`);
    this.name = 'ReaderGoneError';
  }
}

/** Lines are handed on in pieces of about this size. */
const PIECE_CHARACTERS = 65_536;

/** Writes lines no faster than they are read. */
export class LineWriter {
  readonly #output: Writable;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #failure: unknown = null;
  #lines = 0;

  constructor(output: Writable) {
    this.#output = output;
    output.on('error', (error) => (this.#failure = error));
  }

  /** Lines handed over so far. */
  get lines(): number {
    return this.#lines;
  }

  /** @throws ReaderGoneError when nobody reads any more; Error when it cannot be written for another reason, such as a full disk. */
  async write(line: string): Promise<void> {
    this.#waiting.push(line, '\n');
    this.#waitingCharacters += line.length;
    this.#lines += 1;
    if (this.#waitingCharacters >= PIECE_CHARACTERS) await this.flush();
  }

  /** Hands on what is still waiting; resolves when it has left this process. Throws like `write`. */
  async flush(): Promise<void> {
    const piece = this.#waiting.join('');
    this.#waiting = [];
    this.#waitingCharacters = 0;
    this.#requireReader();
    if (piece === '') return;
    const isWritten = Promise.withResolvers<void>();
    // Called when this piece has left the process, or cannot: what is not read holds up the next piece.
    this.#output.write(piece, (error) => {
      this.#failure ??= error ?? null;
      isWritten.resolve();
    });
    await isWritten.promise;
    this.#requireReader();
  }

  #requireReader(): void {
    if (this.#failure === null) return;
    const code = (this.#failure as { readonly code?: unknown }).code;
    throw code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' ? new ReaderGoneError(this.#lines) : this.#failure;
  }
}
