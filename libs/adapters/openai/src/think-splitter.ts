export interface SplitPiece {
  readonly type: 'reasoning' | 'text';
  readonly text: string;
}

const OPENING = /^<(think|thinking|thought)>/iu;
const LONGEST_OPENING = '<thinking>'.length;

/**
 * Tells reasoning written into the text (`<think>…</think>`) from the answer, piece by piece, wherever the pieces are cut.
 *
 * A block opens only at the start of the answer or of a line, outside of code: an answer that speaks of the tag keeps it. White space around a block
 * that opens the answer is dropped.
 */
export class ThinkSplitter {
  #held = '';
  #inside: string | null;
  #line = '';
  #inCode = false;
  #textBegun = false;

  /** @param startsInside the template has opened the block already */
  constructor(startsInside: boolean) {
    this.#inside = startsInside ? 'think' : null;
  }

  /** Takes the next piece and gives what is decided by now; up to one tag's length is held back. */
  push(piece: string): SplitPiece[] {
    this.#held += piece;
    const pieces: SplitPiece[] = [];
    while (this.#held !== '' && (this.#inside === null ? this.#readText(pieces) : this.#readReasoning(pieces, this.#inside)));
    return merged(pieces);
  }

  /** What was held back, at the end of the answer. */
  end(): SplitPiece[] {
    const pieces: SplitPiece[] = [];
    if (this.#inside !== null && this.#held !== '') pieces.push({ type: 'reasoning', text: this.#held });
    else this.#emitText(pieces, this.#held);
    this.#held = '';
    return pieces;
  }

  /** One step inside a block; false: more text is needed. */
  #readReasoning(pieces: SplitPiece[], tag: string): boolean {
    const closing = `</${tag}>`;
    const at = this.#held.toLowerCase().indexOf(closing);
    const kept = at === -1 ? longestTail(this.#held.toLowerCase(), closing) : 0;
    const reasoning = at === -1 ? this.#held.slice(0, this.#held.length - kept) : this.#held.slice(0, at);
    if (reasoning !== '') pieces.push({ type: 'reasoning', text: reasoning });
    this.#held = at === -1 ? this.#held.slice(this.#held.length - kept) : this.#held.slice(at + closing.length);
    if (at === -1) return false;
    this.#inside = null;
    return true;
  }

  /** One step in the answer: up to the next place where a block may open. False: more text is needed. */
  #readText(pieces: SplitPiece[]): boolean {
    if (this.#line.trim() === '' && !this.#inCode) {
      const indent = /^[ \t\r\n]*/u.exec(this.#held)?.[0] ?? '';
      const rest = this.#held.slice(indent.length);
      const opening = OPENING.exec(rest);
      if (opening !== null) {
        this.#emitText(pieces, indent);
        this.#inside = (opening[1] ?? 'think').toLowerCase();
        this.#held = rest.slice(opening[0].length);
        return true;
      }
      if (rest === '' && !this.#textBegun) return false;
      if (rest.length < LONGEST_OPENING && couldOpen(rest)) return false;
    }
    // At the start of a line what counts is the first line with something in it.
    const from = this.#line.trim() === '' ? Math.max(0, this.#held.search(/\S/u)) : 0;
    const lineEnd = this.#held.indexOf('\n', from);
    const end = lineEnd === -1 ? this.#held.length : lineEnd + 1;
    this.#emitText(pieces, this.#held.slice(0, end));
    this.#held = this.#held.slice(end);
    return true;
  }

  #emitText(pieces: SplitPiece[], text: string): void {
    const shown = this.#textBegun ? text : text.trimStart();
    if (shown === '') return;
    this.#textBegun = true;
    pieces.push({ type: 'text', text: shown });
    for (const [index, part] of shown.split('\n').entries()) {
      if (index > 0) this.#endLine();
      this.#line += part;
    }
  }

  #endLine(): void {
    if (this.#line.trimStart().startsWith('```')) this.#inCode = !this.#inCode;
    this.#line = '';
  }
}

function couldOpen(start: string): boolean {
  const lower = start.toLowerCase();
  return lower !== '' && ['<think>', '<thinking>', '<thought>'].some((tag) => tag.startsWith(lower));
}

/** Length of the longest end of `text` that `closing` begins with. */
function longestTail(text: string, closing: string): number {
  for (let length = Math.min(closing.length - 1, text.length); length > 0; length -= 1) {
    if (closing.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

function merged(pieces: readonly SplitPiece[]): SplitPiece[] {
  const result: SplitPiece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last?.type === piece.type) result[result.length - 1] = { type: piece.type, text: last.text + piece.text };
    else result.push(piece);
  }
  return result;
}
