/** Room beyond what is needed, so that a scope which grows by one document is not copied each time. */
const GROWTH = 1.25;

/** Bytes of bookkeeping per vector beside its numbers: row, kind, slot. */
const BYTES_PER_SLOT = 80;

/** The vectors of one scope and one dimension, side by side in one array. */
export class ScopeVectors {
  readonly dimension: number;
  /** The scope is known up to this revision of the file. */
  revision = 0;
  readonly #slots = new Map<number, number>();
  readonly #rows: number[] = [];
  readonly #kinds: string[] = [];
  #numbers: Float32Array;

  constructor(dimension: number, expected: number) {
    this.dimension = dimension;
    this.#numbers = new Float32Array(expected * dimension);
  }

  get size(): number {
    return this.#rows.length;
  }

  get bytes(): number {
    return this.#numbers.byteLength + this.#rows.length * BYTES_PER_SLOT;
  }

  rowAt(slot: number): number {
    return this.#rows[slot] ?? 0;
  }

  kindAt(slot: number): string {
    return this.#kinds[slot] ?? '';
  }

  slotOf(row: number): number | undefined {
    return this.#slots.get(row);
  }

  set(row: number, kind: string, vector: Float32Array): void {
    let slot = this.#slots.get(row);
    if (slot === undefined) {
      slot = this.#rows.length;
      this.#slots.set(row, slot);
      this.#rows.push(row);
      this.#makeRoom();
    }
    this.#kinds[slot] = kind;
    this.#numbers.set(vector, slot * this.dimension);
  }

  /** The last one takes the place of the one that goes. */
  delete(row: number): void {
    const slot = this.#slots.get(row);
    if (slot === undefined) return;
    const last = this.#rows.length - 1;
    const lastRow = this.rowAt(last);
    this.#rows[slot] = lastRow;
    this.#kinds[slot] = this.kindAt(last);
    this.#numbers.copyWithin(slot * this.dimension, last * this.dimension, (last + 1) * this.dimension);
    this.#slots.set(lastRow, slot);
    this.#slots.delete(row);
    this.#rows.pop();
    this.#kinds.pop();
  }

  /** The dot product with every vector, by slot; of vectors of length one that is the cosine. */
  products(query: Float32Array): Float32Array {
    const { dimension, size } = this;
    const numbers = this.#numbers;
    const products = new Float32Array(size);
    for (let slot = 0, at = 0; slot < size; slot += 1) {
      // Four sums side by side: one would make each addition wait for the one before it.
      let first = 0;
      let second = 0;
      let third = 0;
      let fourth = 0;
      let index = 0;
      for (; index + 3 < dimension; index += 4, at += 4) {
        first += numbers[at]! * query[index]!;
        second += numbers[at + 1]! * query[index + 1]!;
        third += numbers[at + 2]! * query[index + 2]!;
        fourth += numbers[at + 3]! * query[index + 3]!;
      }
      for (; index < dimension; index += 1, at += 1) first += numbers[at]! * query[index]!;
      products[slot] = first + second + third + fourth;
    }
    return products;
  }

  #makeRoom(): void {
    const needed = this.#rows.length * this.dimension;
    if (needed <= this.#numbers.length) return;
    const larger = new Float32Array(Math.ceil(this.#rows.length * GROWTH) * this.dimension);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
