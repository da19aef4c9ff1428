const DECLARATION = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]{1,40})["']/u;
/** How much of a file tells whether it is text. */
const SAMPLE_BYTES = 64 * 1024;

/** The text of a file, or null when it is none. */
export function decodeText(bytes: Uint8Array): string | null {
  const marked = markedEncoding(bytes);
  if (marked !== null) return decoded(bytes, marked);
  if (looksBinary(bytes)) return null;
  const declared = declaredEncoding(bytes);
  return (
    (declared === null ? null : decoded(bytes, declared)) ??
    decoded(bytes, 'utf-8') ??
    (looksDoubleByte(bytes) ? decoded(bytes, 'gb18030') : null) ??
    decoded(bytes, 'windows-1252')
  );
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** By the byte order mark. */
function markedEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 300)).toString('latin1');
  return DECLARATION.exec(start)?.[1] ?? null;
}

/** No text has a zero byte, and none has more than a few control characters. */
function looksBinary(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return true;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let controls = 0;
  for (const byte of sample) if (byte < 0x20 && !isTextControl(byte)) controls += 1;
  return controls * 100 > sample.length;
}

/** Tab, line feed, vertical tab, form feed, carriage return, escape. */
const isTextControl = (byte: number): boolean => (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b;

/** In Chinese text bytes above ASCII stand side by side; in Western text an accented letter stands alone. */
function looksDoubleByte(bytes: Uint8Array): boolean {
  let together = 0;
  let alone = 0;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  for (let index = 0; index < sample.length; index += 1) {
    if ((sample[index] ?? 0) < 0x80) continue;
    if ((sample[index + 1] ?? 0) >= 0x80) {
      together += 1;
      index += 1;
    } else alone += 1;
  }
  return together >= alone;
}
