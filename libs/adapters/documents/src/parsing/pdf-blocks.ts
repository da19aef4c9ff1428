import type { BlockList } from './block-list.ts';
import { mostFrequent, type PdfLine } from './pdf-lines.ts';
import { withoutRunningTitles } from './pdf-running-titles.ts';

const LONGEST_TITLE = 200;
/** Letters this much higher than those of most of the text make a title. */
const TITLE_RATIO = 1.15;
/** In line distances: a wider gap begins a paragraph. */
const PARAGRAPH_GAP = 1.35;
const BULLET = /^(?:[•◦▪‣●○■□·–*-]|\(?\d{1,3}[.)、]|[a-z][.)])\s+\S/u;

/** Makes blocks of the lines of all pages: titles by the height of their letters, tables by their gaps, paragraphs by their distance. */
export function addPdfBlocks(allLines: readonly PdfLine[], list: BlockList): void {
  const distance = lineDistance(allLines);
  const levels = titleLevels(allLines);
  const lines = withoutRunningTitles(allLines, levels, distance);
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (line === undefined) return;
    const level = levels.get(line.size) ?? null;
    const end = level === null ? endOfBlock(lines, at, levels, distance) : endOfTitle(lines, at, distance);
    const block = lines.slice(at, end);
    if (level !== null && textOf(block).length <= LONGEST_TITLE) list.heading(level, textOf(block), line.page);
    else if (isTableAt(lines, at)) list.add('table', block.map(({ cells }) => cells.join(' | ')).join('\n'), line.page);
    else if (startsItem(line)) list.add('list', itemsOf(block), line.page);
    else list.add('text', textOf(block), line.page);
    at = end;
  }
}

/** Sizes above that of most of the text, the largest first. */
function titleLevels(lines: readonly PdfLine[]): ReadonlyMap<number, number> {
  const characters = new Map<number, number>();
  for (const { size, cells } of lines) characters.set(size, (characters.get(size) ?? 0) + cells.join('').length);
  const body = mostFrequent(characters);
  const larger = [...characters.keys()].filter((size) => size > body * TITLE_RATIO).toSorted((left, right) => right - left);
  return new Map(larger.map((size, index) => [size, Math.min(index + 1, 6)]));
}

/** The distance of most lines from the one above, in heights of a letter. */
function lineDistance(lines: readonly PdfLine[]): number {
  const counts = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (next === undefined || next.page !== line.page || next.size !== line.size || line.size === 0) continue;
    const distance = Math.round(((line.y - next.y) / line.size) * 10) / 10;
    if (distance > 0.8 && distance < 3) counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  return mostFrequent(counts) || 1.2;
}

const follows = (line: PdfLine, next: PdfLine | undefined, distance: number): next is PdfLine =>
  next !== undefined &&
  next.page === line.page &&
  next.size === line.size &&
  line.y - next.y > 0 &&
  line.y - next.y <= line.size * distance * PARAGRAPH_GAP;

/** A title may have a second line. */
function endOfTitle(lines: readonly PdfLine[], start: number, distance: number): number {
  let end = start + 1;
  for (let line = lines[start]; line !== undefined && follows(line, lines[end], distance); line = lines[end - 1]) end += 1;
  return end;
}

function endOfBlock(lines: readonly PdfLine[], start: number, levels: ReadonlyMap<number, number>, distance: number): number {
  let end = start + 1;
  if (isTableAt(lines, start)) {
    while (isRowOf(lines[start], lines[end])) end += 1;
    return end;
  }
  for (let line = lines[start]; line !== undefined; line = lines[end - 1]) {
    const next = lines[end];
    if (next === undefined || levels.has(next.size) || isTableAt(lines, end)) return end;
    const item = startsItem(lines[start]);
    // A list goes on over gaps and pages, with items; a paragraph goes on over a page in the middle of a sentence.
    if (item && startsItem(next)) end += 1;
    else if (!item && startsItem(next)) return end;
    else if (follows(line, next, distance) || (!item && goesOn(line, next))) end += 1;
    else return end;
  }
  return end;
}

const isTableAt = (lines: readonly PdfLine[], at: number): boolean =>
  (lines[at]?.cells.length ?? 0) > 1 && isRowOf(lines[at], lines[at + 1]);

const isRowOf = (row: PdfLine | undefined, next: PdfLine | undefined): boolean =>
  row !== undefined && next !== undefined && row.cells.length > 1 && row.cells.length === next.cells.length && row.page === next.page;

const startsItem = (line: PdfLine | undefined): boolean => line !== undefined && BULLET.test(line.cells.join(' '));

const goesOn = (line: PdfLine, next: PdfLine): boolean =>
  next.page === line.page + 1 &&
  next.size === line.size &&
  /[\p{L}\p{N},，、;；-]$/u.test(line.cells.join(' ')) &&
  /^[\p{Ll}\p{Lo}]/u.test(next.cells[0] ?? '');

function itemsOf(lines: readonly PdfLine[]): string {
  const items: PdfLine[][] = [];
  for (const line of lines) {
    if (startsItem(line)) items.push([line]);
    else items.at(-1)?.push(line);
  }
  return items.map(textOf).join('\n');
}

/** Lines as one: a word that was divided is put together, and Chinese needs no space. */
function textOf(lines: readonly PdfLine[]): string {
  let text = '';
  for (const { cells } of lines) {
    const next = cells.join(' ');
    if (/\p{Ll}[-\u00ad]$/u.test(text) && /^\p{Ll}/u.test(next)) text = text.slice(0, -1) + next;
    else if (text === '' || (isCjk(text.at(-1)) && isCjk(next.at(0)))) text += next;
    else text += ` ${next}`;
  }
  return text;
}

const isCjk = (character: string | undefined): boolean =>
  character !== undefined && /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/u.test(character);
