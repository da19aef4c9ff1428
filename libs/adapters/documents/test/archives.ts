import { constants, deflateRawSync } from 'node:zlib';
import { ZipFile } from 'yazl';

/** An honest archive. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const zip = new ZipFile();
    for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content as string), path);
    zip.end();
    const pieces: Buffer[] = [];
    zip.outputStream.on('data', (piece: Buffer) => pieces.push(piece));
    zip.outputStream.on('error', reject);
    zip.outputStream.on('end', () => resolve(Buffer.concat(pieces)));
  });
}

export interface RawEntry {
  readonly path: string;
  /** Raw deflate. */
  readonly packed: Buffer;
  /** What the archive says it unpacks to. */
  readonly declaredSize: number;
  readonly flags?: number;
  /** As Unix has it, for example 0o120777 for a link. */
  readonly mode?: number;
}

export const entryOf = (path: string, text: string, extra: Partial<RawEntry> = {}): RawEntry => ({
  path,
  packed: deflateRawSync(text),
  declaredSize: Buffer.byteLength(text),
  ...extra,
});

/** An archive with whatever is given, however wrong. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const file = Buffer.concat([header(0x04034b50, entry, null), entry.packed]);
    files.push(file);
    directory.push(header(0x02014b50, entry, offset));
    offset += file.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}

/** The header of a file (offset null) or its line in the directory. Sizes above 4 GB go into the extra field of zip64. */
function header(signature: number, entry: RawEntry, offset: number | null): Buffer {
  const path = Buffer.from(entry.path, 'utf8');
  const isLarge = entry.declaredSize >= 0xffff_ffff;
  const extra = Buffer.alloc(isLarge ? 12 : 0);
  if (isLarge) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(entry.declaredSize), 4);
  }
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(0x800 | (entry.flags ?? 0), 2);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt32LE(entry.packed.length, 14);
  shared.writeUInt32LE(isLarge ? 0xffff_ffff : entry.declaredSize, 18);
  shared.writeUInt16LE(path.length, 22);
  shared.writeUInt16LE(extra.length, 24);
  const start = Buffer.alloc(offset === null ? 4 : 6);
  start.writeUInt32LE(signature, 0);
  if (offset === null) return Buffer.concat([start, shared, path, extra]);
  start.writeUInt16LE((3 << 8) | 20, 4);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([start, shared, rest, path, extra]);
}

const BOMB_PIECE_BYTES = 64 * 1024 * 1024;

/** Ten gigabytes of zeros as ten megabytes: one piece, packed once, again and again. */
export function tenGigabytesOfZeros(): { readonly packed: Buffer; readonly size: number } {
  const piece = deflateRawSync(Buffer.alloc(BOMB_PIECE_BYTES), { finishFlush: constants.Z_FULL_FLUSH });
  const count = 160;
  return { packed: Buffer.concat([...Array.from({ length: count }, () => piece), deflateRawSync('')]), size: count * BOMB_PIECE_BYTES };
}
