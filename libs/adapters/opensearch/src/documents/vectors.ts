import { createHash } from 'node:crypto';

/** Steps of one. What they leave out changes a cosine by less than the store's 32 bits tell apart; more would only make requests longer. */
const STEPS = 1e7;

/** One field per model and dimension, so that vectors of two models cannot meet whatever else goes wrong. */
export const vectorFieldOf = (modelId: string, dimension: number): string =>
  `vector_${createHash('sha256').update(modelId).digest('hex').slice(0, 12)}_${dimension}`;

/** The same direction with length one, as the store takes it; null without a direction (all zero, or not finite). */
export function toUnitNumbers(vector: Float32Array): readonly number[] | null {
  let squares = 0;
  for (const number of vector) squares += number * number;
  const length = Math.sqrt(squares);
  if (!(length > 0 && Number.isFinite(length))) return null;
  const numbers: number[] = [];
  for (const number of vector) numbers.push(Math.round((number / length) * STEPS) / STEPS);
  return numbers;
}
