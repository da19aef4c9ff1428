import type { DocumentFormat } from '@continuo/ports';
import type { Content } from './content.ts';
import { ALLOWED, invalid, Refusal } from './refusal.ts';

const FORMAT_OF_ENDING: Readonly<Record<string, DocumentFormat>> = {
  pdf: 'pdf',
  docx: 'docx',
  doc: 'doc',
  txt: 'txt',
  text: 'txt',
  json: 'json',
  md: 'md',
  markdown: 'md',
  xml: 'xml',
};

const FORMAT_OF_TYPE: Readonly<Record<string, DocumentFormat>> = {
  'application/pdf': 'pdf',
  'application/x-pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/msword': 'doc',
  'application/json': 'json',
  'text/json': 'json',
  'text/markdown': 'md',
  'text/x-markdown': 'md',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'text/plain': 'txt',
};

/** Types that senders give to whatever they do not know; a docx is a zip archive, after all. */
const SAYS_NOTHING = new Set([
  'application/octet-stream',
  'binary/octet-stream',
  'application/binary',
  'application/zip',
  'application/x-zip-compressed',
  'application/download',
  'application/x-download',
  'application/force-download',
]);

const TEXT_FORMATS: ReadonlySet<string> = new Set<DocumentFormat>(['txt', 'json', 'md', 'xml']);

/** The ending of a name, without its dot and in lower case; '' when it has none. A number, as in `notes 1.2`, is none. */
export const endingOf = (name: string): string => /\.([a-z][a-z0-9]{0,9})$/iu.exec(name.trim())?.[1]?.toLowerCase() ?? '';

/** The format that a MIME type names; null: none of ours. */
export const formatOfType = (type: string | null): DocumentFormat | null => FORMAT_OF_TYPE[plainType(type)] ?? null;

export const formatOfEnding = (ending: string): DocumentFormat | null =>
  Object.hasOwn(FORMAT_OF_ENDING, ending) ? (FORMAT_OF_ENDING[ending] ?? null) : null;

const plainType = (type: string | null): string => (type ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/**
 * The format to read a file as.
 *
 * @throws Refusal `file_type_unsupported` when it claims or is something else, `file_invalid` when claim and content disagree.
 */
export function formatOf(content: Content, name: string, declaredType: string | null): DocumentFormat {
  const ending = endingOf(name);
  const named = formatOfEnding(ending);
  if (ending !== '' && named === null) throw unsupported('The ending of its name is none of a document that can be read.');
  const declared = declaredFormat(declaredType, named);
  if (content.kind === 'other') throw refusalOfOther(content, named ?? declared);
  for (const claim of [named, declared]) if (claim !== null && !agree(claim, content)) throw mislabelled(claim, whatIs(content));
  if (content.kind !== 'text') return content.kind;
  return named ?? (declared === null || declared === 'txt' ? formatOfText(content.text) : declared);
}

function declaredFormat(declaredType: string | null, named: DocumentFormat | null): DocumentFormat | null {
  const type = plainType(declaredType);
  const format = FORMAT_OF_TYPE[type];
  if (format !== undefined) return format;
  // A text by its name may be declared as any text but a web page, which is what servers send in place of a missing file.
  const anyText = named !== null && TEXT_FORMATS.has(named) && type.startsWith('text/') && type !== 'text/html';
  if (!type.includes('/') || SAYS_NOTHING.has(type) || anyText) return null;
  throw unsupported('Its declared type is none of a document that can be read.');
}

const agree = (claim: DocumentFormat, content: Content): boolean =>
  content.kind === 'text' ? TEXT_FORMATS.has(claim) : claim === content.kind;

/** Of a text that nobody named. */
function formatOfText(text: string): DocumentFormat {
  const start = text.slice(0, 4_096).trimStart();
  if (/^<(?:\?xml\s|!DOCTYPE\s(?!html))/u.test(start)) return 'xml';
  if (/^[[{]/u.test(start) && isJson(text)) return 'json';
  return /^(?:---\r?\n|#{1,6} \S|```)|\n(?:#{1,6} \S|```)/u.test(start) ? 'md' : 'txt';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refusalOfOther(content: Extract<Content, { kind: 'other' }>, claim: DocumentFormat | null): Refusal {
  if (content.damaged === 'encrypted') return invalid('The document is encrypted; send it without a password.');
  if (content.damaged === 'docx' && (claim === 'docx' || claim === null)) return invalid('The document is damaged or cut.');
  return claim === null ? unsupported(`It is ${content.what}.`) : mislabelled(claim, content.what);
}

const unsupported = (reason: string): Refusal =>
  new Refusal('file_type_unsupported', `This type of file cannot be read. ${reason} ${ALLOWED}`);

const mislabelled = (claim: DocumentFormat, what: string): Refusal =>
  invalid(`The file is called ${claim} and is ${what}. Name and type have to agree with what the file is.`);

const WHAT_IS = { pdf: 'a PDF', docx: 'a Word document (docx)', doc: 'a Word document (doc)', text: 'a text' } as const;
const whatIs = (content: Exclude<Content, { kind: 'other' }>): string => WHAT_IS[content.kind];
