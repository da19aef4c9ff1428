/** One line of the input, counted from 1. */
export interface InputLine {
  readonly number: number;
  readonly text: string;
  /** It has an end: false for the last line of an input that breaks off. */
  readonly isWhole: boolean;
}

/** Far more than the largest message with its vector takes. What is longer is no line of an export, and must not fill the memory. */
const MAX_LINE_BYTES = 64 * 1_048_576;
const LINE_FEED = 0x0a;

/**
 * The lines of a stream, read no faster than they are asked for.
 *
 * @throws Error naming the line that is no UTF-8 or too long.
 */
export async function* readLines(input: AsyncIterable<Uint8Array>, maxBytes = MAX_LINE_BYTES): AsyncGenerator<InputLine> {
  const begun: Uint8Array[] = [];
  let begunBytes = 0;
  let number = 0;
  const take = (piece: Uint8Array): void => {
    begunBytes += piece.length;
    if (begunBytes > maxBytes) throw new Error(`Line ${number + 1} is longer than ${maxBytes} bytes; that is no line of an export.`);
    if (piece.length > 0) begun.push(piece);
  };
  const finish = (isWhole: boolean): InputLine => {
    number += 1;
    const text = textOf(begun.splice(0), number);
    begunBytes = 0;
    return { number, text, isWhole };
  };
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, end));
      from = end + 1;
      yield finish(true);
    }
    take(chunk.subarray(from));
  }
  if (begunBytes > 0) yield finish(false);
}

function textOf(pieces: readonly Uint8Array[], number: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
  } catch {
    throw new Error(`Line ${number} is not UTF-8.`);
  }
}
