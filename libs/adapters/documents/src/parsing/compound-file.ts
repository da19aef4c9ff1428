/*
 * The little that has to be known of compound files beside what the library that reads them says: offsets in their header, in an entry
 * of their directory, and in the first block of a Word document ([MS-CFB] 2.2 and 2.6.1, [MS-DOC] 2.5.1).
 */
const SECTOR_SHIFT_AT = 30;
const ENTRY_NAME = Buffer.from('WordDocument\0', 'utf16le');
const ENTRY_BYTES = 128;
const FIRST_SECTOR_AT = 116;
const WORD_MAGIC = 0xa5ec;
const FLAGS_AT = 10;
const ENCRYPTED_FLAG = 0x0100;

const sectorBytes = (file: Buffer): number => 2 ** (file.readUInt16LE(SECTOR_SHIFT_AT) & 0xf);
const startOf = (file: Buffer, sector: number): number => (sector + 1) * sectorBytes(file);

/** The library reads the scrambled text of an encrypted document as if it were text. */
export function isEncryptedDoc(file: Buffer): boolean {
  const entry = file.indexOf(ENTRY_NAME);
  if (entry < 0 || entry + ENTRY_BYTES > file.length) return false;
  const start = startOf(file, file.readUInt32LE(entry + FIRST_SECTOR_AT));
  if (start + FLAGS_AT + 2 > file.length || file.readUInt16LE(start) !== WORD_MAGIC) return false;
  return (file.readUInt16LE(start + FLAGS_AT) & ENCRYPTED_FLAG) !== 0;
}
