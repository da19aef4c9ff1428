import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { documentTerms, type DocumentContent, type IndexedDocument, packFeatures, type Scope } from '@continuo/domain';
import { inTransaction } from './connection.ts';
import type { StoredBody } from './search-protocol.ts';
import { fieldOf, scopeMark } from './tokens.ts';
import { toStoredVector } from './vector-bytes.ts';

export interface Removal {
  readonly id: string;
  readonly scope: Scope;
  readonly indexVersion: number;
}

interface HeldRow {
  readonly row: number;
  readonly version: number;
  readonly removedAt: number | null;
}

/** Name of the meta row which says that removed words may still lie in the words table's segments. */
const UNMERGED = 'unmerged_removals';

/** Writes the index file. One per file; each method is one transaction. */
export class IndexWriter {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  /** Marks of the scopes written last: a batch is mostly one scope's. */
  readonly #marks = new Map<string, string>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepare(database);
  }

  upsert(documents: readonly IndexedDocument[]): void {
    if (documents.length === 0) return;
    this.#write((revision) => {
      for (const document of documents) this.#upsertOne(document, revision);
    });
  }

  /** @param now epoch milliseconds, for the sweep of the tombstones. */
  remove(removals: readonly Removal[], now: number): void {
    this.#write((revision) => {
      for (const removal of removals) this.#removeOne(removal, now, revision);
      this.#setMeta(UNMERGED, 'yes');
    });
  }

  removeScope(scope: Scope): number {
    const { deleteWordsOfScope, deleteVectorsOfScope, deleteScope, deleteDocumentsOfScope, countScope } = this.#statements;
    return this.#write(() => {
      const found = Number(countScope.get(scope.projectId, scope.subject)?.count);
      deleteWordsOfScope.run(scope.projectId, scope.subject);
      deleteVectorsOfScope.run(scope.projectId, scope.subject);
      deleteDocumentsOfScope.run(scope.projectId, scope.subject);
      deleteScope.run(scope.projectId, scope.subject);
      this.#setMeta(UNMERGED, 'yes');
      return found;
    });
  }

  /** Forgets old tombstones, and rewrites the words table when words were removed: until then they lie in its older segments. */
  sweepTombstones(beforeMs: number): void {
    this.#write(() => this.#statements.deleteTombstones.run(beforeMs));
    if (this.#statements.getMeta.get(UNMERGED) === undefined) return;
    inTransaction(this.#database, 'immediate', () => {
      this.#database.exec(`insert into words (words) values ('optimize')`);
      this.#statements.deleteMeta.run(UNMERGED);
    });
    this.#database.exec('pragma wal_checkpoint(truncate)');
  }

  /** Brings the write-ahead log into the file and closes it. */
  close(): void {
    this.#database.exec('pragma wal_checkpoint(truncate)');
    this.#database.close();
  }

  #upsertOne(document: IndexedDocument, revision: number): void {
    const { scope, id } = document;
    const held = this.#held(scope, id);
    if (held !== undefined && held.version >= document.indexVersion) return;
    const { vector, vectorModelId: _model, ...body } = document;
    const row = this.#writeDocument(body, revision);
    const terms = documentTerms(document);
    const mark = this.#markOf(scope);
    const fields = [terms.text, terms.keys, terms.source, terms.concepts].map((field) => fieldOf(mark, field));
    this.#statements.writeWords.run(row, ...fields);
    this.#writeVector(row, vector);
    this.#statements.touchScope.run(scope.projectId, scope.subject, revision);
  }

  #writeDocument(document: DocumentContent, revision: number): number {
    const { scope, eventTime } = document;
    const written = this.#statements.writeDocument.get(
      scope.projectId,
      scope.subject,
      document.id,
      document.kind,
      document.indexVersion,
      revision,
      document.statedAt,
      eventTime?.from ?? null,
      eventTime?.to ?? null,
      document.createdAt,
      document.updatedAt,
      JSON.stringify(document.labels),
      JSON.stringify({ document, features: packFeatures(document) } satisfies StoredBody),
    );
    return Number(written?.row);
  }

  #writeVector(row: number, vector: Float32Array | null): void {
    const stored = toStoredVector(vector);
    if (stored === null) this.#statements.deleteVector.run(row);
    else this.#statements.writeVector.run(row, stored);
  }

  #removeOne({ scope, id, indexVersion }: Removal, now: number, revision: number): void {
    const held = this.#held(scope, id);
    // Of a removal and a document of the same version the removal wins, whichever comes first.
    if (held !== undefined && held.version > indexVersion) return;
    if (held !== undefined && held.removedAt === null) {
      this.#statements.deleteWords.run(held.row);
      this.#statements.deleteVector.run(held.row);
    }
    this.#statements.writeTombstone.run(scope.projectId, scope.subject, id, indexVersion, revision, now);
    this.#statements.touchScope.run(scope.projectId, scope.subject, revision);
  }

  #held(scope: Scope, id: string): HeldRow | undefined {
    return this.#statements.getHeld.get(scope.projectId, scope.subject, id) as HeldRow | undefined;
  }

  /** One transaction with the next revision of the file. */
  #write<Result>(work: (revision: number) => Result): Result {
    return inTransaction(this.#database, 'immediate', () => {
      const revision = Number(this.#statements.nextRevision.get()?.value);
      return work(revision);
    });
  }

  #setMeta(name: string, value: string): void {
    this.#statements.setMeta.run(name, value);
  }

  #markOf(scope: Scope): string {
    const key = `${scope.projectId}\n${scope.subject}`;
    let mark = this.#marks.get(key);
    if (mark === undefined) {
      if (this.#marks.size >= 1_000) this.#marks.clear();
      mark = scopeMark(scope);
      this.#marks.set(key, mark);
    }
    return mark;
  }
}

const OF_SCOPE = 'project_id = ? and subject = ?';

function prepare(database: DatabaseSync): Record<WriterStatement, StatementSync> {
  const entries = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)] as const);
  return Object.fromEntries(entries) as Record<WriterStatement, StatementSync>;
}

type WriterStatement = keyof typeof SQL;

const SQL = {
  nextRevision: `insert into meta (name, value) values ('revision', '1')
    on conflict (name) do update set value = cast(cast(value as integer) + 1 as text) returning value`,
  setMeta: 'insert or replace into meta (name, value) values (?, ?)',
  getMeta: 'select value from meta where name = ?',
  deleteMeta: 'delete from meta where name = ?',
  getHeld: `select row, index_version as version, removed_at as removedAt from documents where ${OF_SCOPE} and id = ?`,
  writeDocument: `insert into documents
    (project_id, subject, id, kind, index_version, revision, removed_at, stated_at, event_from, event_to, created_at, updated_at, labels, body)
    values (?, ?, ?, ?, ?, ?, null, ?, ?, ?, ?, ?, ?, ?)
    on conflict (project_id, subject, id) do update set
      kind = excluded.kind, index_version = excluded.index_version, revision = excluded.revision, removed_at = null,
      stated_at = excluded.stated_at, event_from = excluded.event_from, event_to = excluded.event_to,
      created_at = excluded.created_at, updated_at = excluded.updated_at, labels = excluded.labels, body = excluded.body
    returning row`,
  writeTombstone: `insert into documents
    (project_id, subject, id, kind, index_version, revision, removed_at, stated_at, event_from, event_to, created_at, updated_at, labels, body)
    values (?, ?, ?, '', ?, ?, ?, 0, null, null, 0, 0, '', '')
    on conflict (project_id, subject, id) do update set
      kind = '', index_version = excluded.index_version, revision = excluded.revision, removed_at = excluded.removed_at,
      stated_at = 0, event_from = null, event_to = null, created_at = 0, updated_at = 0, labels = '', body = ''`,
  writeWords: 'insert or replace into words (rowid, text, keys, source, concepts) values (?, ?, ?, ?, ?)',
  deleteWords: 'delete from words where rowid = ?',
  writeVector: 'insert or replace into vectors (row, vector) values (?, ?)',
  deleteVector: 'delete from vectors where row = ?',
  touchScope: `insert into scopes (project_id, subject, revision) values (?, ?, ?)
    on conflict (project_id, subject) do update set revision = excluded.revision`,
  countScope: `select count(*) as count from documents where ${OF_SCOPE} and removed_at is null`,
  deleteWordsOfScope: `delete from words where rowid in (select row from documents where ${OF_SCOPE} and removed_at is null)`,
  deleteVectorsOfScope: `delete from vectors where row in (select row from documents where ${OF_SCOPE})`,
  deleteDocumentsOfScope: `delete from documents where ${OF_SCOPE}`,
  deleteScope: `delete from scopes where ${OF_SCOPE}`,
  deleteTombstones: 'delete from documents where removed_at < ?',
} as const;
