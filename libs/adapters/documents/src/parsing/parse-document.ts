import type { GivenFile, ReadDocument } from '@continuo/ports';
import { BlockList, cleanText } from './block-list.ts';
import { type Content, contentOf } from './content.ts';
import { formatOf } from './format-of.ts';
import type { ParsingLimits } from './limits.ts';
import { invalid } from './refusal.ts';

/** What a parser found besides the blocks. */
interface Found {
  readonly title: string | null;
  readonly pages: number | null;
}

const NOTHING_ELSE: Found = { title: null, pages: null };

/**
 * Reads a file in this very process. Libraries are loaded when a file needs them: a process reads one file.
 *
 * @throws Refusal when the file is none that can be read.
 */
export async function parseDocument({ bytes, name, declaredType }: GivenFile, limits: ParsingLimits): Promise<ReadDocument> {
  if (bytes.length === 0) throw invalid('The file is empty.');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = await contentOf(buffer);
  const format = formatOf(content, name, declaredType);
  const list = new BlockList(limits);
  const found = content.kind === 'text' ? await readText(content.text, format, list) : await readBinary(buffer, content, list, limits);
  const title = cleanText(found.title ?? list.firstTitle() ?? '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return { format, title: title === '' ? null : title, blocks: list.blocks, pages: found.pages };
}

async function readText(text: string, format: ReadDocument['format'], list: BlockList): Promise<Found> {
  if (format === 'json') (await import('./json.ts')).readJson(text, list);
  else if (format === 'xml') (await import('./xml.ts')).readXml(text, list);
  else if (format === 'md') (await import('./markdown.ts')).readMarkdown(text, list);
  else (await import('./plain-text.ts')).readPlainText(text, list);
  return NOTHING_ELSE;
}

async function readBinary(bytes: Buffer, content: Content, list: BlockList, limits: ParsingLimits): Promise<Found> {
  if (content.kind === 'pdf') return (await import('./pdf.ts')).readPdf(bytes, list, limits);
  if (content.kind === 'docx') return { title: await (await import('./docx.ts')).readDocx(bytes, list, limits), pages: null };
  await (await import('./doc.ts')).readDoc(bytes, list);
  return NOTHING_ELSE;
}
