/** A run of text as it stands on a page; y grows upwards. */
export interface PdfText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Height of the letters. */
  readonly size: number;
  readonly endsLine: boolean;
}

export interface PdfLine {
  /** What stands between wide gaps; one cell in ordinary text. */
  readonly cells: readonly string[];
  readonly y: number;
  /** Height of most of its letters, to half a point. */
  readonly size: number;
  readonly page: number;
}

/** In heights of a letter: a gap this wide divides columns of a table, and one this narrow no words. */
const CELL_GAP = 1.5;
const WORD_GAP = 0.15;

/** Puts runs of text that stand beside each other together, in the order of the file. */
export function linesOf(texts: readonly PdfText[], page: number): readonly PdfLine[] {
  const lines: PdfLine[] = [];
  let open: PdfText[] = [];
  const close = (): void => {
    const line = lineOf(open, page);
    if (line !== null) lines.push(line);
    open = [];
  };
  for (const text of texts) {
    const last = open.at(-1);
    if (last !== undefined && text.text.trim() !== '' && Math.abs(last.y - text.y) > Math.max(last.size, text.size) / 2) close();
    if (text.text !== '') open.push(text);
    if (text.endsLine) close();
  }
  close();
  return lines;
}

function lineOf(texts: readonly PdfText[], page: number): PdfLine | null {
  const visible = texts.filter(({ text }) => text.trim() !== '');
  const [first] = visible;
  if (first === undefined) return null;
  const cells: string[] = [];
  let cell = '';
  let previous: PdfText | null = null;
  let spaced = false;
  for (const text of texts) {
    if (text.text.trim() === '') {
      spaced = true;
      continue;
    }
    const gap = previous === null ? 0 : (text.x - previous.x - previous.width) / (text.size || 1);
    if (gap > CELL_GAP) {
      cells.push(cell.trim());
      cell = '';
    } else if (spaced || gap > WORD_GAP) cell += ' ';
    cell += text.text;
    previous = text;
    spaced = false;
  }
  cells.push(cell.trim());
  return { cells, y: first.y, size: sizeOfMost(visible), page };
}

function sizeOfMost(texts: readonly PdfText[]): number {
  const characters = new Map<number, number>();
  for (const { text, size } of texts) {
    const rounded = Math.round(size * 2) / 2;
    characters.set(rounded, (characters.get(rounded) ?? 0) + text.length);
  }
  return mostFrequent(characters);
}

/** The key with the greatest count; 0 of none. */
export function mostFrequent(counts: ReadonlyMap<number, number>): number {
  let best = 0;
  let bestCount = -1;
  for (const [key, count] of counts) {
    if (count <= bestCount) continue;
    best = key;
    bestCount = count;
  }
  return best;
}
