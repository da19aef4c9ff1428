import type { BlockList } from './block-list.ts';

const BULLET = /^ {0,12}(?:[-*+]|\d{1,9}[.)])[ \t]+\S/u;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/u;
const ATX = /^ {0,3}(#{1,6})(?:[ \t]|$)/u;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/u;
const RULE = /^ {0,3}(?:\*[ \t]*){3,}$|^ {0,3}(?:_[ \t]*){3,}$|^ {0,3}(?:-[ \t]*){3,}$/u;
const TABLE_RULE = /^[ \t|:-]+$/u;

/** Divides Markdown by its lines; what is inside a line stays as it was written. */
export function readMarkdown(text: string, list: BlockList): void {
  const lines = withoutFrontMatter(text.split(/\r\n?|\n/u));
  for (let at = 0; at < lines.length;) at = readNext(lines, at, list);
}

/** The lines without a block of settings between `---` at the beginning. */
export function withoutFrontMatter(lines: readonly string[]): readonly string[] {
  if (lines[0]?.replace('\ufeff', '').trimEnd() !== '---') return lines;
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/u.test(line));
  return end === -1 ? lines : lines.slice(end + 1);
}

/** Reads one block and tells the line after it. */
function readNext(lines: readonly string[], at: number, list: BlockList): number {
  const line = lines[at] ?? '';
  if (line.trim() === '' || RULE.test(line)) return at + 1;
  const level = ATX.exec(line)?.[1]?.length;
  if (level !== undefined) {
    list.heading(level, titleOf(line));
    return at + 1;
  }
  if (FENCE.test(line)) return readCode(lines, at, list);
  if (isTable(lines, at)) return readTable(lines, at, list);
  if (BULLET.test(line)) return readList(lines, at, list);
  return readParagraph(lines, at, list);
}

const titleOf = (line: string): string => {
  const title = line.trim().replace(/^#+/u, '').trimEnd();
  const closing = title.length - withoutTrailing(title, '#').length;
  return closing > 0 && /[ \t]$/u.test(withoutTrailing(title, '#')) ? withoutTrailing(title, '#') : title;
};

function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}

function readCode(lines: readonly string[], at: number, list: BlockList): number {
  const fence = FENCE.exec(lines[at] ?? '')?.[0].trim() ?? '```';
  let end = at + 1;
  while (end < lines.length && !isClosing(lines[end] ?? '', fence)) end += 1;
  list.add('code', lines.slice(at + 1, end).join('\n'));
  return end + 1;
}

/** A fence is closed by one of the same character that is at least as long. */
function isClosing(line: string, fence: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= fence.length && trimmed.startsWith(fence) && withoutTrailing(trimmed, fence[0] ?? '`') === '';
}

const isTableRule = (line: string): boolean => line.includes('-') && line.includes('|') && TABLE_RULE.test(line);

const isTable = (lines: readonly string[], at: number): boolean => (lines[at] ?? '').includes('|') && isTableRule(lines[at + 1] ?? '');

function readTable(lines: readonly string[], at: number, list: BlockList): number {
  let end = at + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end += 1;
  const rows = [lines[at] ?? '', ...lines.slice(at + 2, end)];
  list.add('table', rows.map((row) => cellsOf(row).join(' | ')).join('\n'));
  return end;
}

const cellsOf = (row: string): readonly string[] => {
  const trimmed = row.trim();
  const inner = trimmed.slice(trimmed.startsWith('|') ? 1 : 0, trimmed.length > 1 && trimmed.endsWith('|') ? -1 : undefined);
  return inner.split(/(?<!\\)\|/u).map((cell) => cell.trim());
};

/** Items up to the first line that neither begins nor goes on with one. An item that goes on in the next line is put on one line. */
function readList(lines: readonly string[], at: number, list: BlockList): number {
  const items: string[] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    if (BULLET.test(line)) items.push(line.trimEnd());
    else if (line.trim() === '') {
      if (!continues(lines[end + 1] ?? '')) break;
    } else if (interrupts(lines, end)) break;
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  list.add('list', items.join('\n'));
  return end;
}

/** After an empty line a list goes on with an item, or with a line that is indented. */
const continues = (line: string): boolean => BULLET.test(line) || /^(?: {2,}|\t)\S/u.test(line);

const interrupts = (lines: readonly string[], at: number): boolean => {
  const line = lines[at] ?? '';
  return ATX.test(line) || FENCE.test(line) || isTable(lines, at);
};

function readParagraph(lines: readonly string[], at: number, list: BlockList): number {
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? '').trim() !== '') {
    const line = lines[end] ?? '';
    if (end === at + 1 && UNDERLINE.test(line)) {
      list.heading(line.trim().startsWith('=') ? 1 : 2, lines[at] ?? '');
      return end + 1;
    }
    if (interrupts(lines, end) || BULLET.test(line) || RULE.test(line)) break;
    end += 1;
  }
  const unquoted = lines.slice(at, end).map((line) => line.replace(/^ {0,3}(?:> ?)+/u, ''));
  list.add('text', unquoted.join('\n'));
  return end;
}
