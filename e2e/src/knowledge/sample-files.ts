import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import yazl from 'yazl';

type Files = Readonly<Record<string, string | Buffer>>;

export async function zipOf(files: Files): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const [path, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), path);
  archive.end();
  return buffer(archive.outputStream as unknown as NodeJS.ReadableStream);
}

/** A document with a title and a sentence on every page; on one page there is a sentence of the caller's. */
export async function pdfOf({
  pages,
  on,
  sentence,
  password,
}: {
  readonly pages: number;
  readonly on: number;
  readonly sentence: string;
  readonly password?: string;
}): Promise<Buffer> {
  const document = new PDFDocument({ size: 'A5', ...(password === undefined ? {} : { userPassword: password, pdfVersion: '1.7' }) });
  const bytes = buffer(document as unknown as NodeJS.ReadableStream);
  for (let page = 1; page <= pages; page += 1) {
    if (page > 1) document.addPage();
    document.fontSize(18).text(`Chapter ${page}: Compressor model K${page}`);
    document
      .fontSize(10)
      .moveDown()
      .text(`The compressor K${page} has ${page * 3} valves and weighs ${page * 7} kilograms.`);
    if (page === on) document.moveDown().text(sentence);
  }
  document.end();
  return bytes;
}

const paragraph = (text: string, style?: string): string =>
  `<w:p>${style === undefined ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t>${text}</w:t></w:r></w:p>`;

/** A Word document with one heading. */
export const docxOf = (heading: string, sentences: readonly string[], more: Files = {}): Promise<Buffer> =>
  zipOf({
    '[Content_Types].xml':
      '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${paragraph(heading, 'Heading1')}${sentences.map((text) => paragraph(text)).join('')}</w:body></w:document>`,
    ...more,
  });

export const skillOf = (name: string, description: string, procedure: string): string =>
  `---\nname: ${name}\ndescription: ${description}\n---\n\n${procedure}\n`;

/** A small archive that unpacks to hundreds of megabytes. */
export const zipBomb = (): Promise<Buffer> =>
  zipOf({ 'SKILL.md': skillOf('bomb', 'Unpacks', 'boom'), 'big.txt': Buffer.alloc(300 * 1024 * 1024) });

/** The same as a Word document. */
export const docxBomb = (): Promise<Buffer> => docxOf('Bomb', ['boom'], { 'word/media/big.xml': Buffer.alloc(300 * 1024 * 1024, 0x20) });

/** Entities that double with every level: two to the power of forty of the last. */
export function xmlBomb(): string {
  const levels = Array.from({ length: 40 }, (_, level) => `<!ENTITY e${level + 1} "&e${level};&e${level};">`);
  return `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "boom">${levels.join('')}]><r>&e40;</r>`;
}

/** A form with files, as it crosses the wire. */
export function formOf(files: readonly { readonly name: string; readonly bytes: Buffer; readonly type?: string }[]) {
  const form = new FormData();
  for (const { name, bytes, type } of files)
    form.append('file', new Blob([new Uint8Array(bytes)], type === undefined ? {} : { type }), name);
  return form;
}
