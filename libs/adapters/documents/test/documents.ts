import { existsSync } from 'node:fs';
import CFB from 'cfb';
import PDFDocument from 'pdfkit';
import { zipOf } from './archives.ts';

type PdfSettings = ConstructorParameters<typeof PDFDocument>[0];

export function pdfOf(write: (pdf: PDFKit.PDFDocument) => void, settings: PdfSettings = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pdf = new PDFDocument(settings);
    const pieces: Buffer[] = [];
    pdf.on('data', (piece: Buffer) => pieces.push(piece));
    pdf.on('error', reject);
    pdf.on('end', () => resolve(Buffer.concat(pieces)));
    write(pdf);
    pdf.end();
  });
}

const CHINESE_FONTS = [
  ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', 'NotoSansCJKsc-Regular'],
  ['/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc', 'NotoSansCJKsc-Regular'],
  ['/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc', 'WenQuanYiZenHei'],
] as const;

/** A font of this machine that has Chinese characters; null: it has none. */
export const chineseFont = CHINESE_FONTS.find(([file]) => existsSync(file)) ?? null;

export const PAGES = 40;

/** Forty pages: a chapter to each, with prose, a list, a table and a running title. */
export function handbookPdf(): Promise<Buffer> {
  return pdfOf(
    (pdf) => {
      for (let page = 1; page <= PAGES; page += 1) {
        if (page > 1) pdf.addPage();
        pdf.font('Helvetica').fontSize(9).text('Acme Ltd. Confidential', 72, 40);
        pdf.fontSize(20).text(`Chapter ${page}: ${page === 7 ? 'Parental leave' : `Topic ${page}`}`, 72, 90);
        pdf.fontSize(11).moveDown();
        pdf.text(
          `Rule ${page} says that everyone may ask for ${page * 3} days. `.repeat(6) +
            'A long word is some-\ntimes divided at the end of a line.',
        );
        pdf.moveDown().text('Approval is given by the head of the team.');
        pdf.moveDown().text('• Ask early').text('• Fill in the form');
        const rows = [
          ['Country', 'Days', 'Since'],
          ['France', `${page}`, '1954'],
          ['Spain', `${page + 1}`, '1986'],
        ];
        const top = pdf.y + 24;
        for (const [row, cells] of rows.entries())
          for (const [column, cell] of cells.entries()) pdf.text(cell, 72 + column * 150, top + row * 16);
        if (page === PAGES && chineseFont !== null) {
          pdf.font(chineseFont[0], chineseFont[1]).fontSize(11);
          pdf.text(
            '每位员工每年享有三十天的带薪年假，须经团队负责人书面同意后方可休假，未休完的年假可以顺延至次年三月底。',
            72,
            pdf.y + 40,
          );
        }
        pdf.font('Helvetica').fontSize(9).text(`Page ${page} of ${PAGES}`, 250, 700, { lineBreak: false });
      }
    },
    { info: { Title: 'The Acme handbook' } },
  );
}

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

export const paragraph = (text: string, style = '', extra = ''): string =>
  `<w:p><w:pPr>${style === '' ? '' : `<w:pStyle w:val="${style}"/>`}${extra}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
export const item = (text: string, level = 0): string =>
  paragraph(text, '', `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="1"/></w:numPr>`);
export const table = (rows: readonly (readonly string[])[]): string =>
  `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`;

export const wordXml = (body: string): string => `<?xml version="1.0"?><w:document ${WORD}><w:body>${body}</w:body></w:document>`;

export const docxFiles = (body: string, title: string | null = null): Record<string, string> => ({
  '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
  '_rels/.rels': `<?xml version="1.0"?><Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${RELATIONSHIPS}/officeDocument" Target="word/document.xml"/></Relationships>`,
  ...(title === null
    ? {}
    : { 'docProps/core.xml': `<c:coreProperties xmlns:c="c" xmlns:dc="d"><dc:title>${title}</dc:title></c:coreProperties>` }),
  'word/_rels/document.xml.rels': `<?xml version="1.0"?><Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r2" Type="${RELATIONSHIPS}/numbering" Target="numbering.xml"/></Relationships>`,
  'word/numbering.xml': `<w:numbering ${WORD}><w:abstractNum w:abstractNumId="0">${[0, 1].map((level) => `<w:lvl w:ilvl="${level}"><w:numFmt w:val="bullet"/></w:lvl>`).join('')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
  'word/document.xml': wordXml(body),
});

export const docxOf = (body: string, title: string | null = null): Promise<Buffer> => zipOf(docxFiles(body, title));

const TEXT_AT = 0x800;
const WORD_DOCUMENT_BYTES = 8_192;

/** A Word document of the years before 2007, as small as one can be: a header, the text, and a table with one piece of it. */
export function docOf(text: string, flags = 0): Buffer {
  const word = Buffer.alloc(WORD_DOCUMENT_BYTES);
  word.writeUInt16LE(0xa5ec, 0);
  // The table is in the stream "1Table".
  word.writeUInt16LE(0x0200 | flags, 0x0a);
  word.writeUInt32LE(TEXT_AT, 0x18);
  word.writeUInt32LE(text.length, 0x4c);
  word.writeUInt32LE(0, 0x1a2);
  word.write(text, TEXT_AT, 'utf16le');
  const pieces = Buffer.alloc(5 + 8 + 8);
  pieces.writeUInt8(2, 0);
  pieces.writeUInt32LE(16, 1);
  pieces.writeUInt32LE(text.length, 9);
  pieces.writeUInt32LE(TEXT_AT, 15);
  word.writeUInt32LE(pieces.length, 0x1a6);
  const file = CFB.utils.cfb_new();
  CFB.utils.cfb_add(file, '/WordDocument', word);
  CFB.utils.cfb_add(file, '/1Table', Buffer.concat([pieces, Buffer.alloc(4_096)]));
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array);
}

/** A compound file with a stream of this name and nothing that belongs to Word. */
export function compoundFileOf(stream: string): Buffer {
  const file = CFB.utils.cfb_new();
  CFB.utils.cfb_add(file, `/${stream}`, Buffer.alloc(5_000, 1));
  return Buffer.from(CFB.write(file, { type: 'buffer' }) as Uint8Array);
}

/** A PDF written by hand: the objects in order, the first of them the catalogue. */
export function rawPdf(objects: readonly (string | Buffer)[]): Buffer {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = 9;
  for (const [index, object] of objects.entries()) {
    const piece = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object as string), Buffer.from('\nendobj\n')]);
    offsets.push(length);
    length += piece.length;
    pieces.push(piece);
  }
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  pieces.push(
    Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${lines}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF\n`),
  );
  return Buffer.concat(pieces);
}

const stream = (content: Buffer, settings = ''): Buffer =>
  Buffer.concat([Buffer.from(`<</Length ${content.length}${settings}>>\nstream\n`), content, Buffer.from('\nendstream')]);

/** A PDF of one page with this content, in the fonts that follow. */
export const onePagePdf = (content: Buffer, settings: string, fonts: readonly string[]): Buffer =>
  rawPdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    stream(content, settings),
    ...fonts,
  ]);

/** A Chinese PDF as older programs write it: the font is named and not embedded, and so are its codes. */
export const namedFontPdf = (text: string): Buffer =>
  onePagePdf(Buffer.from(`BT /F1 12 Tf 72 700 Td <${Buffer.from(text, 'utf16le').swap16().toString('hex')}> Tj ET`), '', [
    '<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>',
    '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 7 0 R/DW 1000>>',
    '<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>',
  ]);
