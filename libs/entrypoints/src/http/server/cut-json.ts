import { randomUUID } from 'node:crypto';

/** Strings longer than this are cut out; every field that is not a file is far shorter. */
const LONGEST_KEPT = 16_384;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A JSON text without its long strings. */
export interface CutJson {
  /** Each long string is a placeholder here. */
  readonly text: string;
  /** What a placeholder stands for: the string as it is spelt, escapes included. Undefined for a string that is none. */
  contentOf(placeholder: string): Buffer | undefined;
  /** True for a string that holds a placeholder. */
  isCut(value: string): boolean;
}

/**
 * Cuts the long strings out of a JSON text, so that files inside it need not become strings. The strings stay where they are, in the
 * memory of the body. What is no JSON stays none.
 */
export function cutJson(body: Buffer): CutJson {
  const mark = randomUUID();
  const pieces: string[] = [];
  const contents = new Map<string, Buffer>();
  let copied = 0;
  for (let from = 0; ;) {
    const open = body.indexOf(QUOTE, from);
    const close = open === -1 ? -1 : endOfString(body, open + 1);
    if (close === -1) break;
    if (close - open - 1 > LONGEST_KEPT) {
      const placeholder = `${mark}:${contents.size}`;
      contents.set(placeholder, body.subarray(open + 1, close));
      pieces.push(body.toString('utf8', copied, open + 1), placeholder);
      copied = close;
    }
    from = close + 1;
  }
  pieces.push(body.toString('utf8', copied));
  return { text: pieces.join(''), contentOf: (placeholder) => contents.get(placeholder), isCut: (value) => value.includes(mark) };
}

/** Where the string ends that begins here; -1: it does not. */
function endOfString(body: Buffer, start: number): number {
  for (let close = body.indexOf(QUOTE, start); close !== -1; close = body.indexOf(QUOTE, close + 1)) {
    let backslashes = 0;
    while (close - 1 - backslashes >= start && body[close - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return close;
  }
  return -1;
}
