import { createHash } from 'node:crypto';

/**
 * A vector of length one that depends on the words of the text alone: the same text gives the same vector, texts that share words
 * lie closer together than texts that do not. No meaning beyond that.
 */
export function scriptedEmbedding(text: string, dimension: number): number[] {
  const vector = Array.from({ length: dimension }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const hash = createHash('sha256').update(word).digest();
    for (let index = 0; index < 8; index += 2) {
      const place = hash.readUInt32LE(index * 4) % dimension;
      vector[place] = (vector[place] ?? 0) + ((hash[31 - index] ?? 0) % 2 === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? [1, ...vector.slice(1)] : vector.map((value) => value / length);
}
