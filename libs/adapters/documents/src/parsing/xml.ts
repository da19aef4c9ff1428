import { SaxesParser } from 'saxes';
import type { BlockList } from './block-list.ts';
import { MAX_DEPTH } from './limits.ts';
import { RecordLines } from './record-lines.ts';
import { invalid, Refusal } from './refusal.ts';

/** Text, and the text of elements inside it. */
type Inline = string | readonly Inline[];

interface OpenElement {
  readonly path: string;
  readonly attributes: readonly string[];
  /** Its text with that of what was closed inside, in order: what is written when it has text of its own. */
  readonly inline: Inline[];
  /** Lines of what was closed inside: what is written when it holds elements only. */
  readonly lines: string[];
  hasText: boolean;
}

/**
 * Each element that has text becomes a line, with the path that leads to it; an element with text and elements mixed becomes one
 * line whole. What belongs to one child of the root stays together.
 *
 * Entities other than the five that XML itself has, and definitions of any, are refused: they are what bombs are made of.
 */
export function readXml(text: string, list: BlockList): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const open: OpenElement[] = [];
  const records = new RecordLines(list);
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/iu.test(doctype)) throw invalid('The XML defines entities, which are not accepted.');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= MAX_DEPTH) throw invalid(`The XML is nested deeper than ${MAX_DEPTH} levels.`);
    const path = open.length === 0 ? name : `${open.at(-1)?.path}/${name}`;
    open.push({ path, attributes: attributeLines(path, attributes), inline: [], lines: [], hasText: false });
  });
  const addText = (piece: string): void => {
    const element = open.at(-1);
    if (element === undefined) return;
    element.inline.push(piece);
    element.hasText ||= piece.trim() !== '';
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => closeElement(open, records));
  try {
    parser.write(text).close();
  } catch (error) {
    throw error instanceof Refusal ? error : invalid('The file is no well-formed XML: it is damaged or cut.', error);
  }
  records.close();
}

const attributeLines = (path: string, attributes: Readonly<Record<string, string>>): string[] =>
  Object.entries(attributes).flatMap(([name, value]) =>
    value.trim() === '' || name.startsWith('xmlns') ? [] : [`${path}@${name}: ${value}`],
  );

function closeElement(open: OpenElement[], records: RecordLines): void {
  const element = open.pop();
  if (element === undefined) return;
  const text = element.hasText ? textOf(element.inline).replaceAll(/\s+/gu, ' ').trim() : '';
  const lines = [...element.attributes, ...(text === '' ? element.lines : [`${element.path}: ${text}`])];
  const parent = open.at(-1);
  // The children of the root are written as they end, so that the root is never held whole.
  if (parent === undefined || open.length === 1) {
    records.add(lines);
    return;
  }
  parent.inline.push(' ', element.inline, ' ');
  for (const line of lines) parent.lines.push(line);
}

const textOf = (inline: Inline): string => (typeof inline === 'string' ? inline : inline.map(textOf).join(''));
