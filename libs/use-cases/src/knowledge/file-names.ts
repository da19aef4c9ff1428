import { AppError } from '@continuo/contracts';
import { DOCUMENT_FORMATS, type FileType } from '@continuo/ports';

const SKILL_ENDINGS: readonly string[] = ['md', 'zip'];
const LONGEST_NAME = 255;
const LONGEST_ENDING = 8;

/** MIME types that say what a document is, by the ending a file of the type has. Others say nothing, and the content decides. */
const ENDING_OF_TYPE: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/msword': 'doc',
  'application/json': 'json',
  'application/xml': 'xml',
  'application/zip': 'zip',
  'application/x-zip-compressed': 'zip',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/x-markdown': 'md',
  'text/xml': 'xml',
};

/** What is certainly no document. */
const FOREIGN_TYPE = /^(?:image|audio|video|font|model)\//u;

/** The last part of a path, without what could do harm where it is shown; empty: nothing was given. */
export const tidyName = (name: string): string =>
  (name.split(/[/\\]/u).at(-1) ?? '')
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(-LONGEST_NAME);

/** `pdf` of `Report.PDF`; empty without one. */
export function endingOf(name: string): string {
  const ending = /\.([^.\s]+)$/u.exec(name)?.[1]?.toLowerCase() ?? '';
  return ending.length > LONGEST_ENDING ? '' : ending;
}

/** The name a file goes by: as given, else after its type. */
export function nameOfFile(given: string, declaredType: string | null): string {
  const name = tidyName(given);
  if (name !== '') return name;
  const ending = ENDING_OF_TYPE[declaredType ?? ''];
  return ending === undefined ? 'file' : `file.${ending}`;
}

/**
 * Refuses what names itself something else than is read; whether the name is true shows when it is read.
 * @throws AppError `file_type_unsupported`.
 */
export function requireReadable(type: FileType, name: string, declaredType: string | null): void {
  const allowed: readonly string[] = type === 'skill' ? SKILL_ENDINGS : DOCUMENT_FORMATS;
  const ending = endingOf(name);
  const isForeign = ending === '' ? FOREIGN_TYPE.test(declaredType ?? '') : !allowed.includes(ending);
  if (isForeign) throw new AppError('file_type_unsupported', `A ${type} must be one of ${allowed.join(', ')}.`);
}

/** The same for a file that is fetched: the address need not tell what comes from it. */
export function nameOfAddress(address: string): string {
  const path = URL.canParse(address) ? new URL(address).pathname : '';
  try {
    return tidyName(decodeURIComponent(path));
  } catch {
    return tidyName(path);
  }
}
