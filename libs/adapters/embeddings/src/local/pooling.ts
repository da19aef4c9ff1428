import { unitVector } from '../unit-vector.ts';

/**
 * The vector of one text from what a model gives out: `sentence_embedding` as it is, else the mean over the tokens' states.
 * One text runs at a time, so that every token is a real one and no mask is needed.
 */
export function pooled(data: Float32Array, dimensions: readonly number[]): Float32Array {
  const width = dimensions.at(-1) ?? 0;
  if (dimensions.length === 2) return unitVector(data.subarray(0, width));
  const tokens = dimensions.at(-2) ?? 0;
  const sum = new Float64Array(width);
  for (let token = 0; token < tokens; token += 1) {
    for (let index = 0; index < width; index += 1) sum[index] = (sum[index] ?? 0) + (data[token * width + index] ?? 0);
  }
  return unitVector(sum);
}
