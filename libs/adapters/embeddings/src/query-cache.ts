/** The vectors of the queries asked last, by normalised text. People repeat themselves, and a chat asks twice within a second. */
export class QueryCache {
  private readonly vectors = new Map<string, Float32Array>();
  private readonly capacity: number;

  /** @param capacity entries; 1,000 vectors of 384 numbers take 1.5 MB. */
  constructor(capacity = 1_000) {
    this.capacity = capacity;
  }

  /** The vector itself: whoever hands it on hands on a copy. */
  get(text: string): Float32Array | undefined {
    const vector = this.vectors.get(text);
    if (vector === undefined) return undefined;
    this.vectors.delete(text);
    this.vectors.set(text, vector);
    return vector;
  }

  set(text: string, vector: Float32Array): void {
    this.vectors.delete(text);
    this.vectors.set(text, vector);
    for (const oldest of this.vectors.keys()) {
      if (this.vectors.size <= this.capacity) return;
      this.vectors.delete(oldest);
    }
  }

  clear(): void {
    this.vectors.clear();
  }
}
