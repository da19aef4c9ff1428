import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { invalid, Refusal } from './refusal.ts';

export interface ArchiveLimits {
  readonly maxFiles: number;
  /** Of one file, unpacked. */
  readonly maxFileBytes: number;
  /** Of all files together, unpacked. */
  readonly maxTotalBytes: number;
}

export interface ArchiveFile {
  readonly path: string;
  /** Unpacked, as counted while unpacking. */
  readonly size: number;
  /** Null where nobody asked for it. */
  readonly bytes: Buffer | null;
}

/** Ordinary text packs to a tenth, rarely to a fiftieth; deflate reaches a thousandth with nothing but zeros. */
const MAX_RATIO = 200;
const RATIO_FROM_BYTES = 1024 * 1024;
const ENCRYPTED_FLAG = 0x1;
const FILE_TYPE_MASK = 0xf000;
const REGULAR_FILE = 0x8000;
const FOLDER = 0x4000;

/** The paths in an archive; null when it cannot be opened or listed. */
export async function listArchive(bytes: Buffer, maxFiles: number): Promise<readonly string[] | null> {
  const paths: string[] = [];
  try {
    const zip = await fromBufferPromise(bytes, { decodeStrings: true });
    for await (const entry of zip.eachEntry()) {
      paths.push(entry.fileName);
      if (paths.length > maxFiles) break;
    }
  } catch {
    return null;
  }
  return paths;
}

/**
 * Unpacks an archive in memory, file by file, and counts: what the archive says of its sizes is checked first, what comes out of it
 * second. Folders are left out.
 *
 * @throws Refusal for everything that an honest archive of files does not have.
 */
export async function readArchive(
  bytes: Buffer,
  limits: ArchiveLimits,
  wanted: (path: string, size: number) => boolean,
): Promise<readonly ArchiveFile[]> {
  try {
    // Backslashes are refused rather than turned: a path means one thing.
    const zip = await fromBufferPromise(bytes, { decodeStrings: true, strictFileNames: true, validateEntrySizes: true });
    const entries = await checkedEntries(zip, limits);
    const files: ArchiveFile[] = [];
    for (const entry of entries) files.push(await unpack(zip, entry, wanted(entry.fileName, entry.uncompressedSize), limits));
    return files;
  } catch (error) {
    throw error instanceof Refusal ? error : refusalOf(error);
  }
}

async function checkedEntries(zip: ZipFile, limits: ArchiveLimits): Promise<readonly Entry[]> {
  const entries = new Map<string, Entry>();
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    check(entry, limits);
    if (entry.fileName.endsWith('/')) continue;
    if (entries.has(entry.fileName)) throw invalid('The archive has a file twice.');
    entries.set(entry.fileName, entry);
    total += entry.uncompressedSize;
    if (entries.size > limits.maxFiles) throw invalid(`The archive has more than ${limits.maxFiles} files.`);
    if (total > limits.maxTotalBytes) throw invalid(`The archive unpacks to more than ${megabytes(limits.maxTotalBytes)}.`);
  }
  return [...entries.values()];
}

function check(entry: Entry, limits: ArchiveLimits): void {
  if ((entry.generalPurposeBitFlag & ENCRYPTED_FLAG) !== 0) throw invalid('The archive is encrypted; send it without a password.');
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK;
  if (type !== 0 && type !== REGULAR_FILE && type !== FOLDER)
    throw invalid('The archive has a link or a device in it; only files are allowed.');
  if (entry.uncompressedSize > limits.maxFileBytes) throw invalid(`The archive has a file of more than ${megabytes(limits.maxFileBytes)}.`);
  if (entry.uncompressedSize > RATIO_FROM_BYTES && entry.uncompressedSize > entry.compressedSize * MAX_RATIO)
    throw invalid('The archive unpacks to far more than it holds and is taken for a bomb.');
}

async function unpack(zip: ZipFile, entry: Entry, keep: boolean, { maxFileBytes }: ArchiveLimits): Promise<ArchiveFile> {
  const stream = await zip.openReadStreamPromise(entry);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxFileBytes) throw invalid(`The archive has a file of more than ${megabytes(maxFileBytes)}.`);
    if (keep) pieces.push(piece);
  }
  return { path: entry.fileName, size, bytes: keep ? Buffer.concat(pieces) : null };
}

/** yauzl tells its errors apart by their words alone. */
function refusalOf(error: unknown): Refusal {
  const words = error instanceof Error ? error.message : '';
  if (/^(?:absolute path|invalid relative path|invalid characters in fileName)/u.test(words))
    return invalid('The archive has a path that may lead out of it: an absolute one, or one with .. or a backslash.', error);
  if (words.startsWith('too many bytes')) return invalid('The archive unpacks to more than it says and is taken for a bomb.', error);
  if (words.includes('encrypt')) return invalid('The archive is encrypted; send it without a password.', error);
  return invalid('The archive is damaged or cut.', error);
}

const megabytes = (bytes: number): string => `${Math.round(bytes / (1024 * 1024))} MB`;
