import { AppError } from '@continuo/contracts';

/** Divisible by four, so that each piece but the last is whole groups of characters. */
const PIECE_CHARACTERS = 1_048_576;

const SPACE = /\s+/gu;
/** How whitespace, the slash and any other character of base64 may be spelt inside a JSON string. */
const ESCAPE = /\\(?:([nrt])|(\/)|u00([0-9A-Fa-f]{2}))/gu;

/**
 * The bytes of base64 text, piece by piece; whitespace and the URL alphabet are taken, padding may be left out.
 * @param text characters of it, of which JSON escapes are read.
 * @throws AppError `base64_content_invalid` as soon as it shows.
 */
export function* decodeBase64(text: Buffer): Iterable<Uint8Array> {
  let rest = '';
  let bytes = 0;
  for (let from = 0; from < text.length; from += PIECE_CHARACTERS) {
    const isLast = from + PIECE_CHARACTERS >= text.length;
    const spelt = rest + text.toString('latin1', from, Math.min(from + PIECE_CHARACTERS, text.length));
    // An escape may be cut in two; it is read with what follows.
    const cutAt = isLast ? spelt.length : beforeOpenEscape(spelt);
    const plain = withoutEscapes(spelt.slice(0, cutAt));
    const whole = isLast ? plain.length : plain.length - (plain.length % 4);
    rest = plain.slice(whole) + spelt.slice(cutAt);
    const decoded = decodeGroups(plain.slice(0, whole), isLast);
    bytes += decoded.length;
    yield decoded;
  }
  if (bytes === 0) throw invalid();
}

const withoutEscapes = (spelt: string): string => (spelt.includes('\\') ? spelt.replaceAll(ESCAPE, meantBy) : spelt).replaceAll(SPACE, '');

const meantBy = (_escape: string, space?: string, slash?: string, code?: string): string => {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return space === undefined ? (slash ?? '') : '';
};

function decodeGroups(groups: string, mayEnd: boolean): Buffer {
  const padding = mayEnd ? (/={1,2}$/u.exec(groups)?.[0].length ?? 0) : 0;
  const characters = groups.length - padding;
  const decoded = Buffer.from(groups, 'base64');
  // The decoder leaves out what is no character of base64 and stops at padding: then it is shorter than it should be.
  if (characters % 4 === 1 || decoded.length !== Math.floor((characters * 3) / 4)) throw invalid();
  return decoded;
}

/** Longest escape without its last character: six less one. */
function beforeOpenEscape(text: string): number {
  const last = text.lastIndexOf('\\');
  return last === -1 || last < text.length - 5 ? text.length : last;
}

const invalid = (): AppError => new AppError('base64_content_invalid', 'content is not valid base64.');
