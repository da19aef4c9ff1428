import type { PdfLine } from './pdf-lines.ts';

/** A line that stands at the edge of at least this many pages, and of half of them, is a running title. */
const RUNNING_PAGES = 3;
const LONGEST_RUNNING_TITLE = 80;
/** In line distances: a running title stands apart from the text. */
const APART = 1.35;

/**
 * Leaves out what stands at the top or the foot of page after page, page numbers among it; the first time it stays. Titles in large
 * letters are never taken for it: chapters begin at the top of a page, too.
 */
export function withoutRunningTitles(
  lines: readonly PdfLine[],
  titleSizes: ReadonlyMap<number, unknown>,
  distance: number,
): readonly PdfLine[] {
  const edges = lines.filter((line, index) => !titleSizes.has(line.size) && isEdge(lines[index - 1], line, lines[index + 1], distance));
  const pages = new Set(lines.map(({ page }) => page)).size;
  const counts = new Map<string, number>();
  for (const line of edges) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  const dropped = new Set<PdfLine>();
  const seen = new Set<string>();
  for (const line of edges) {
    const key = keyOf(line);
    if (seen.has(key) && (counts.get(key) ?? 0) >= Math.max(RUNNING_PAGES, pages / 2)) dropped.add(line);
    seen.add(key);
  }
  return lines.filter((line) => !dropped.has(line));
}

/** Whether a line is the first or the last of its page and stands apart from the others. */
function isEdge(above: PdfLine | undefined, line: PdfLine, below: PdfLine | undefined, distance: number): boolean {
  if (line.cells.join(' ').length > LONGEST_RUNNING_TITLE) return false;
  const apart = (other: PdfLine): boolean => Math.abs(line.y - other.y) > line.size * distance * APART;
  if (above?.page !== line.page) return below?.page === line.page && apart(below);
  return below?.page !== line.page && apart(above);
}

/** Equal on every page but for numbers, and at the same height. */
const keyOf = ({ cells, y }: PdfLine): string => `${Math.round(y)} ${cells.join(' ').replaceAll(/\d+/gu, '#')}`;
