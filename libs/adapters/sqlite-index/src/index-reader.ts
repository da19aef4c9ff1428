import type { IndexEntry } from '@continuo/ports';
import type { DatabaseSync } from 'node:sqlite';
import type { Scope, SubjectKey } from '@continuo/domain';
import { inTransaction } from './connection.ts';
import { Candidates } from './candidates.ts';
import { bestSlots } from './best-slots.ts';
import { FIELD_WEIGHTS } from './schema.ts';
import type { ScopeVectors } from './scope-vectors.ts';
import type { CheckAwaited, ThreadHit, ThreadHits, ThreadQuery } from './search-protocol.ts';
import { matchAny, scopeMark } from './tokens.ts';
import { toUnitLength } from './vector-bytes.ts';
import { VectorReader } from './vector-reader.ts';

interface EntryRow {
  readonly id: string;
  readonly projectId: string;
  readonly subject: SubjectKey;
  readonly indexVersion: number;
}

/** Answers searches from the index file. Each search sees the file as it was at one moment. */
export class IndexReader {
  readonly #database: DatabaseSync;
  readonly #vectors: VectorReader;
  readonly #statements: ReturnType<typeof prepare>;

  /** @param cacheBytes how much memory vectors may take. */
  constructor(database: DatabaseSync, cacheBytes: number) {
    this.#database = database;
    this.#vectors = new VectorReader(database, cacheBytes);
    this.#statements = prepare(database);
  }

  search(query: ThreadQuery, checkAwaited: CheckAwaited): ThreadHits {
    return inTransaction(this.#database, 'deferred', () => {
      const candidates = new Candidates(this.#statements, query);
      const words = this.#wordsArm(query, candidates, checkAwaited);
      checkAwaited();
      const compared = this.#compare(query);
      const vectors = compared === null ? [] : vectorArm(query, candidates, compared, checkAwaited);
      checkAwaited();
      const window = this.#windowArm(query, candidates, checkAwaited);
      return { bodies: candidates.bodies, words, vectors, window, cosines: compared === null ? [] : cosinesOf(candidates, compared) };
    });
  }

  count(scope: Scope | null): number {
    const counted = scope === null ? this.#statements.countAll.get() : this.#statements.countScope.get(scope.projectId, scope.subject);
    return Number(counted?.count);
  }

  /** See `IndexWriter.entries`. Sorts all ids for each page: for comparing with the records now and then. */
  entries(afterId: string | null, limit: number): readonly IndexEntry[] {
    const rows = this.#statements.entries.all(afterId ?? '', limit) as unknown as readonly EntryRow[];
    return rows.map(({ id, projectId, subject, indexVersion }) => ({ id, scope: { projectId, subject }, indexVersion }));
  }

  close(): void {
    this.#database.close();
  }

  #wordsArm(query: ThreadQuery, candidates: Candidates, checkAwaited: CheckAwaited): readonly ThreadHit[] {
    const match = matchAny(scopeMark(query.scope), query.terms, query.concepts);
    if (match === null) return [];
    const hits: ThreadHit[] = [];
    for (const { row, score } of this.#statements.words.iterate(match) as Iterable<{ row: number; score: number }>) {
      // FTS5 counts downwards: the best is the most negative.
      candidates.addTo(hits, row, -score, checkAwaited);
      if (hits.length === query.topK) break;
    }
    return hits;
  }

  #windowArm(query: ThreadQuery, candidates: Candidates, checkAwaited: CheckAwaited): readonly ThreadHit[] {
    if (query.timeWindow === null) return [];
    const { from, to } = query.timeWindow;
    const { projectId, subject } = query.scope;
    const hits: ThreadHit[] = [];
    const rows = this.#statements.window.iterate(projectId, subject, from, to, to, from, from) as Iterable<{
      row: number;
      statedAt: number;
    }>;
    for (const { row, statedAt } of rows) {
      candidates.addTo(hits, row, statedAt, checkAwaited);
      if (hits.length === query.topK) break;
    }
    return hits;
  }

  #compare(query: ThreadQuery): Compared | null {
    const unit = query.vector === null ? null : toUnitLength(query.vector);
    if (unit === null) return null;
    const vectors = this.#vectors.ofScope(query.scope, unit.length);
    return { vectors, cosines: vectors.products(unit) };
  }
}

/** A scope's vectors and the query's cosine with each, by slot. */
interface Compared {
  readonly vectors: ScopeVectors;
  readonly cosines: Float32Array;
}

function vectorArm(
  query: ThreadQuery,
  candidates: Candidates,
  { vectors, cosines }: Compared,
  checkAwaited: CheckAwaited,
): readonly ThreadHit[] {
  const kinds = new Set<string>(query.kinds);
  const hits: ThreadHit[] = [];
  for (const slot of bestSlots(cosines, (candidate) => kinds.has(vectors.kindAt(candidate)), query.topK)) {
    candidates.addTo(hits, vectors.rowAt(slot), cosines[slot] ?? 0, checkAwaited);
    if (hits.length === query.topK) break;
  }
  return hits;
}

function cosinesOf(candidates: Candidates, { vectors, cosines }: Compared): readonly ThreadHit[] {
  return candidates.rows.flatMap((row, body): readonly ThreadHit[] => {
    const slot = vectors.slotOf(row);
    return slot === undefined ? [] : [[body, cosines[slot] ?? 0]];
  });
}

// The scope of every hit is read in its row, whatever led to it.
const OF_SCOPE = 'row = ? and project_id = ? and subject = ? and removed_at is null';

function prepare(database: DatabaseSync) {
  const judge = database.prepare(`select kind, created_at, updated_at, labels, body from documents where ${OF_SCOPE}`);
  judge.setReturnArrays(true);
  return {
    judge,
    words: database.prepare(`select rowid as row, bm25(words, ${FIELD_WEIGHTS}) as score from words where words match ? order by score`),
    // "Falls in": said in the range, or happening in part of it; an event without duration counts at its moment.
    window: database.prepare(`
      select row, stated_at as statedAt from documents
      where project_id = ? and subject = ? and removed_at is null
        and ((stated_at >= ? and stated_at < ?) or (event_from < ? and (event_to > ? or event_from >= ?)))
      order by stated_at desc, row desc`),
    entries: database.prepare(`
      select id, project_id as projectId, subject, index_version as indexVersion from documents
      where removed_at is null and id > ? order by id limit ?`),
    countAll: database.prepare('select count(*) as count from documents where removed_at is null'),
    countScope: database.prepare('select count(*) as count from documents where project_id = ? and subject = ? and removed_at is null'),
  };
}
