import WordExtractor from 'word-extractor';
import type { BlockList } from './block-list.ts';
import { isEncryptedDoc } from './compound-file.ts';
import { invalid } from './refusal.ts';

/** Reads a Word document of the years before 2007. The format tells no titles apart in a way that the library reads. */
export async function readDoc(bytes: Buffer, list: BlockList): Promise<void> {
  if (isEncryptedDoc(bytes)) throw invalid('The Word document is encrypted; send it without a password.');
  const keep = { filterUnicode: false };
  let parts: readonly string[];
  try {
    const document = await new WordExtractor().extract(bytes);
    parts = [
      document.getBody(keep),
      document.getTextboxes({ ...keep, includeHeadersAndFooters: false }),
      document.getFootnotes(keep),
      document.getEndnotes(keep),
    ];
  } catch (error) {
    throw invalid('The Word document is damaged or cut.', error);
  }
  for (const part of parts) readParagraphs(part, list);
}

/** Lines with tabs that follow each other are the rows of a table: the library ends each cell with a tab. */
function readParagraphs(text: string, list: BlockList): void {
  let rows: string[] = [];
  const closeTable = (): void => {
    list.add(rows.length > 1 ? 'table' : 'text', rows.join('\n'));
    rows = [];
  };
  for (const line of text.split('\n')) {
    const cells = line.split('\t').map((cell) => cell.trim());
    if (cells.length > 2) rows.push(cells.filter((cell, index) => cell !== '' || index < cells.length - 2).join(' | '));
    else {
      closeTable();
      list.add('text', cells.join(' '));
    }
  }
  closeTable();
}
