/** NUL and lone surrogates become U+FFFD, because Postgres refuses them and both stores hold the same. */
export function wellFormedText(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
}

/** The same for every text inside a value, member names included. */
export function wellFormed<Value>(value: Value): Value {
  return cleaned(value) as Value;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return wellFormedText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [wellFormedText(key), cleaned(member)]));
}

/** A value as the text it is kept as. */
export const toJson = (value: unknown): string => JSON.stringify(value) ?? 'null';

export const fromJson = <Value>(text: string): Value => JSON.parse(text) as Value;
