/** A vector of length one in any direction, from a seeded generator. Stands for an embedding where only the cost of comparing matters. */
export function seededUnitVector(random: () => number, dimension: number): Float32Array {
  const vector = new Float32Array(dimension);
  let squares = 0;
  for (let place = 0; place < dimension; place += 1) {
    const value = random() + random() + random() - 1.5;
    vector[place] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  for (let place = 0; place < dimension; place += 1) vector[place]! /= length;
  return vector;
}

/** A seed that follows from a text alone (FNV-1a). */
export function seedOf(text: string): number {
  let seed = 0x811c_9dc5;
  for (let place = 0; place < text.length; place += 1) seed = Math.imul(seed ^ text.charCodeAt(place), 0x0100_0193) >>> 0;
  return seed;
}
