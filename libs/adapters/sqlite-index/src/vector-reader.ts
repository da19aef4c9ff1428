import type { DatabaseSync } from 'node:sqlite';
import { scopeKey, type Scope } from '@continuo/domain';
import { ScopeVectors } from './scope-vectors.ts';
import { fromStoredVector } from './vector-bytes.ts';
import { VectorCache } from './vector-cache.ts';

interface ChangedVector {
  readonly row: number;
  readonly kind: string;
  readonly vector: Uint8Array | null;
}

/** A scope's vectors as the file has them now, most of them from memory. To be used inside a transaction. */
export class VectorReader {
  readonly #cache: VectorCache;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(database: DatabaseSync, cacheBytes: number) {
    this.#cache = new VectorCache(cacheBytes);
    this.#statements = prepare(database);
  }

  /**
   * Reads only what was written since the scope was last used here. May still hold rows that were removed together with their
   * scope or their tombstone: whoever takes a row from here looks it up.
   */
  ofScope(scope: Scope, dimension: number): ScopeVectors {
    const key = `${scopeKey(scope)}\n${dimension}`;
    const revision = this.#statements.revision.get(scope.projectId, scope.subject)?.revision;
    if (typeof revision !== 'number') {
      this.#cache.drop(key);
      return new ScopeVectors(dimension, 0);
    }
    let vectors = this.#cache.get(key);
    if (vectors === undefined) {
      const expected = Number(this.#statements.size.get(scope.projectId, scope.subject)?.size);
      vectors = new ScopeVectors(dimension, expected);
    }
    if (vectors.revision !== revision) this.#catchUp(scope, vectors, revision);
    this.#cache.keep(key, vectors);
    return vectors;
  }

  /** Goes on to the end even when nobody waits any more: a large scope given up half-way would never be in memory for anybody. */
  #catchUp(scope: Scope, vectors: ScopeVectors, revision: number): void {
    const changes = this.#statements.changes.iterate(scope.projectId, scope.subject, vectors.revision) as Iterable<ChangedVector>;
    for (const { row, kind, vector } of changes) {
      // A vector of another dimension is another model's and compares with nothing here.
      if (vector === null || vector.byteLength !== vectors.dimension * Float32Array.BYTES_PER_ELEMENT) vectors.delete(row);
      else vectors.set(row, kind, fromStoredVector(vector));
    }
    vectors.revision = revision;
  }
}

const prepare = (database: DatabaseSync) => ({
  revision: database.prepare('select revision from scopes where project_id = ? and subject = ?'),
  size: database.prepare(
    'select count(*) as size from documents join vectors on vectors.row = documents.row where documents.project_id = ? and documents.subject = ?',
  ),
  changes: database.prepare(`
    select documents.row, documents.kind, vectors.vector from documents left join vectors on vectors.row = documents.row
    where documents.project_id = ? and documents.subject = ? and documents.revision > ?`),
});
