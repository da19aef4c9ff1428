/** A vector of length one as it is stored, or null for one without a direction (all zero, or not finite): nothing compares with it. */
export function toStoredVector(vector: Float32Array | null): Uint8Array | null {
  const unit = vector === null ? null : toUnitLength(vector);
  return unit === null ? null : new Uint8Array(unit.buffer, unit.byteOffset, unit.byteLength);
}

/** The same direction with length one, so that a dot product is the cosine; null without a direction. */
export function toUnitLength(vector: Float32Array): Float32Array | null {
  let squares = 0;
  for (const number of vector) squares += number * number;
  const length = Math.sqrt(squares);
  return length > 0 && Number.isFinite(length) ? vector.map((number) => number / length) : null;
}

/** SQLite hands bytes out at any offset, a Float32Array needs a multiple of four. */
export function fromStoredVector(bytes: Uint8Array): Float32Array {
  return bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    : new Float32Array(bytes.slice().buffer, 0, bytes.byteLength / 4);
}
