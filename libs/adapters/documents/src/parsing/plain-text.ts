import type { BlockList } from './block-list.ts';

const LONGEST_TITLE = 60;
/** Chapters and sections as books number them, in English and in Chinese; the rank of each. */
const NUMBERED: readonly (readonly [RegExp, number])[] = [
  [/^(?:part|book)\s+(?:\d+|[ivxlc]+)\b/iu, 1],
  [/^第[\d一二三四五六七八九十百千零〇两]+[部编卷]/u, 1],
  [/^(?:chapter|appendix)\s+(?:\d+|[ivxlc]+|[a-z])\b/iu, 2],
  [/^第[\d一二三四五六七八九十百千零〇两]+章/u, 2],
  [/^section\s+\d+/iu, 3],
  [/^第[\d一二三四五六七八九十百千零〇两]+节/u, 3],
];

/** Paragraphs are divided by empty lines; titles are underlined, or numbered as chapters are. */
export function readPlainText(text: string, list: BlockList): void {
  let paragraph: string[] = [];
  const close = (): void => {
    if (paragraph.length > 0) list.add('text', paragraph.join('\n'));
    paragraph = [];
  };
  const lines = text.split(/\r\n?|\n/u);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const level = levelOf(line, paragraph.length === 0 ? (lines[at + 1] ?? '') : '');
    if (line.trim() === '') close();
    else if (level === null) paragraph.push(line.trimEnd());
    else {
      close();
      list.heading(level, line);
      if (isUnderline(lines[at + 1] ?? '')) at += 1;
    }
  }
  close();
}

const isUnderline = (line: string): boolean => /^\s*(?:={3,}|-{3,})\s*$/u.test(line.slice(0, 200));

function levelOf(line: string, next: string): number | null {
  const title = line.trim();
  if (title === '' || title.length > LONGEST_TITLE) return null;
  if (isUnderline(next) && !isUnderline(line)) return next.trim().startsWith('=') ? 1 : 2;
  // A sentence that begins with "Chapter 3" is none.
  if (/[.!?。！？；;,，]$/u.test(title)) return null;
  return NUMBERED.find(([pattern]) => pattern.test(title))?.[1] ?? null;
}
