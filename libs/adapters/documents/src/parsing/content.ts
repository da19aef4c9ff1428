import { decodeText } from './decode-text.ts';
import { listArchive } from './zip-archive.ts';

/** What a file is by what it holds. */
export type Content =
  | { readonly kind: 'pdf' | 'docx' | 'doc' }
  | { readonly kind: 'text'; readonly text: string }
  /** `damaged`: the beginning of one of our formats, and not the rest. */
  | { readonly kind: 'other'; readonly what: string; readonly damaged?: 'docx' | 'encrypted' };

/** First bytes, and what begins with them. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ['4d5a', 'a Windows program'],
  ['7f454c46', 'a program'],
  ['cafebabe', 'a program'],
  ['cffaedfe', 'a program'],
  ['89504e47', 'an image'],
  ['ffd8ff', 'an image'],
  ['47494638', 'an image'],
  ['52494646', 'an image, a sound or a film'],
  ['1f8b', 'a gzip archive'],
  ['377abcaf271c', 'a 7z archive'],
  ['526172211a07', 'a rar archive'],
  ['7b5c727466', 'an RTF document'],
];
const COMPOUND_FILE = 'd0cf11e0a1b11ae1';
/** The specification lets a PDF begin within the first kilobyte; what stands before it is never more than a few bytes. */
const PDF_WITHIN_BYTES = 64;
const MAX_LISTED_FILES = 10_000;

export async function contentOf(bytes: Buffer): Promise<Content> {
  const start = bytes.subarray(0, 8).toString('hex');
  if (/^(?:\u00ef\u00bb\u00bf)?\s*%PDF-/u.test(bytes.subarray(0, PDF_WITHIN_BYTES).toString('latin1'))) return { kind: 'pdf' };
  if (start.startsWith('504b0304') || start.startsWith('504b0506')) return contentOfArchive(bytes);
  if (start === COMPOUND_FILE) return contentOfCompoundFile(bytes);
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known !== undefined) return { kind: 'other', what: known[1] };
  const text = decodeText(bytes);
  return text === null ? { kind: 'other', what: 'neither text nor a known document' } : { kind: 'text', text };
}

async function contentOfArchive(bytes: Buffer): Promise<Content> {
  const paths = await listArchive(bytes, MAX_LISTED_FILES);
  if (paths === null) return { kind: 'other', what: 'a damaged or cut archive', damaged: 'docx' };
  if (paths.some((path) => /^word\/document\d*\.xml$/u.test(path))) return { kind: 'docx' };
  if (paths.includes('xl/workbook.xml')) return { kind: 'other', what: 'an Excel workbook' };
  if (paths.includes('ppt/presentation.xml')) return { kind: 'other', what: 'a PowerPoint presentation' };
  return { kind: 'other', what: 'a zip archive' };
}

/** A compound file has a directory of streams; their names tell what it is. */
function contentOfCompoundFile(bytes: Buffer): Content {
  const has = (stream: string): boolean => bytes.includes(Buffer.from(`${stream}\0`, 'utf16le'));
  if (has('EncryptedPackage')) return { kind: 'other', what: 'an encrypted Office document', damaged: 'encrypted' };
  if (has('WordDocument')) return { kind: 'doc' };
  return { kind: 'other', what: has('Workbook') ? 'an Excel workbook' : 'an Office document other than Word' };
}
