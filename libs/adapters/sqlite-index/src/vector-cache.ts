import type { ScopeVectors } from './scope-vectors.ts';

/** The scopes searched last, bounded in bytes. A scope larger than the bound is used and not kept. */
export class VectorCache {
  readonly #limitBytes: number;
  /** Least recently used first: a Map keeps the order of insertion. */
  readonly #entries = new Map<string, { readonly vectors: ScopeVectors; bytes: number }>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): ScopeVectors | undefined {
    return this.#entries.get(key)?.vectors;
  }

  /** To be called after every use, because a scope grows while it is kept. */
  keep(key: string, vectors: ScopeVectors): void {
    this.drop(key);
    this.#entries.set(key, { vectors, bytes: vectors.bytes });
    this.#bytes += vectors.bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limitBytes) return;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
