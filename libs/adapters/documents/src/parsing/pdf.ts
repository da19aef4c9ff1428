import { getDocumentProxy } from 'unpdf';
import type { BlockList } from './block-list.ts';
import { characterMapFolder } from './character-maps.ts';
import type { ParsingLimits } from './limits.ts';
import { addPdfBlocks } from './pdf-blocks.ts';
import { linesOf, type PdfLine, type PdfText } from './pdf-lines.ts';
import { invalid, Refusal } from './refusal.ts';

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** A PDF ends with this mark; one that does not was cut. The specification has it within the last kilobyte. */
const END_MARK = '%%EOF';
const END_WITHIN_BYTES = 4_096;
/** Titles that programs write rather than people. */
const NO_TITLE = /^(?:untitled|microsoft (?:word|powerpoint|excel)\b)|\.(?:docx?|pdf|indd|tex|odt|rtf|txt)$/iu;

/** Nothing of the file is run, and nothing outside it is asked for. */
const OPTIONS = {
  isEvalSupported: false,
  enableXfa: false,
  disableFontFace: true,
  useSystemFonts: false,
  useWorkerFetch: false,
  useWasm: false,
  stopAtErrors: false,
  disableAutoFetch: true,
  disableStream: true,
  verbosity: 0,
};

export async function readPdf(bytes: Buffer, list: BlockList, limits: ParsingLimits): Promise<{ title: string | null; pages: number }> {
  if (!endsWhole(bytes)) throw invalid('The PDF is damaged or cut: its end is missing.');
  try {
    // The library refuses Node's own kind of byte array.
    const pdf = await getDocumentProxy(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      ...OPTIONS,
      ...characterMaps(),
    });
    if (pdf.numPages > limits.maxPages) throw invalid(`The PDF has ${pdf.numPages} pages; at most ${limits.maxPages} are read.`);
    const lines: PdfLine[] = [];
    for (let page = 1; page <= pdf.numPages; page += 1) for (const line of await linesOfPage(pdf, page)) lines.push(line);
    addPdfBlocks(lines, list);
    return { title: await titleOf(pdf), pages: pdf.numPages };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** The library finds them by itself, but as an address that it cannot read on Node. */
function characterMaps(): { readonly cMapUrl?: string; readonly cMapPacked?: boolean } {
  const folder = characterMapFolder();
  return folder === null ? {} : { cMapUrl: folder, cMapPacked: true };
}

function endsWhole(bytes: Buffer): boolean {
  let end = bytes.length;
  while (end > 0 && isPadding(bytes[end - 1])) end -= 1;
  return bytes.subarray(Math.max(0, end - END_WITHIN_BYTES), end).includes(END_MARK);
}

const isPadding = (byte: number | undefined): boolean => byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20;

async function linesOfPage(pdf: Pdf, number: number): Promise<readonly PdfLine[]> {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  return linesOf(
    items.flatMap((item): PdfText[] => {
      if (!('str' in item)) return [];
      const [, , c, d, x, y] = item.transform as number[];
      return [{ text: item.str, x: x ?? 0, y: y ?? 0, width: item.width, size: Math.hypot(c ?? 0, d ?? 0), endsLine: item.hasEOL }];
    }),
    number,
  );
}

async function titleOf(pdf: Pdf): Promise<string | null> {
  const title = await pdf.getMetadata().then(
    ({ info }) => (info as { readonly Title?: unknown }).Title,
    () => null,
  );
  return typeof title === 'string' && title.trim() !== '' && !NO_TITLE.test(title.trim()) ? title : null;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const isEncrypted = error instanceof Error && error.name === 'PasswordException';
  return invalid(isEncrypted ? 'The PDF is encrypted; send it without a password.' : 'The PDF is damaged or cut.', error);
}
