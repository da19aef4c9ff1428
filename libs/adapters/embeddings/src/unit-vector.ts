/** The same direction with length one. @throws RangeError for a vector without direction. */
export function unitVector(values: ArrayLike<number>): Float32Array {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index] ?? 0) ** 2;
  const length = Math.sqrt(sum);
  if (!(length > 0) || !Number.isFinite(length)) throw new RangeError('a vector needs a finite length above zero');
  return Float32Array.from(values, (value) => value / length);
}
