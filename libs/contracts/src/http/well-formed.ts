/** True when JSON text may spell NUL or half a surrogate pair: only escapes can, since the bytes were valid UTF-8. */
export const mayBeIllFormed = (json: string): boolean => /\\u(?:0000|d[89a-f])/iu.test(json);

/** Replaces NUL and lone surrogates by U+FFFD in every string of a JSON value, names of members included: stores refuse them. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return wellFormedText(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [wellFormedText(name), wellFormed(member)]));
}

export const wellFormedText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
