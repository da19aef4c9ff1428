/** Raised by every change of the tables below; a file of another version is filled anew from the records. */
export const SCHEMA_VERSION = 3;

/**
 * `documents` holds what a search gives back and the columns that are searched by; `words` only the tokens, `vectors` the embeddings.
 * A row with `removed_at` is a tombstone: no body, no tokens, no vector. Rows are never numbered twice (autoincrement), so that a
 * number remembered by a reader cannot come to mean another document. `revision` rises with every write of the whole file:
 * a reader that knows a scope up to one revision reads only what came after it.
 */
export const SCHEMA = `
create table meta (name text primary key, value text not null) strict, without rowid;

create table scopes (
  project_id text not null,
  subject text not null,
  revision integer not null,
  primary key (project_id, subject)
) strict, without rowid;

create table documents (
  row integer primary key autoincrement,
  project_id text not null,
  subject text not null,
  id text not null,
  kind text not null,
  index_version integer not null,
  revision integer not null,
  removed_at integer,
  stated_at integer not null,
  event_from integer,
  event_to integer,
  created_at integer not null,
  updated_at integer not null,
  labels text not null,
  body text not null,
  unique (project_id, subject, id)
) strict;
create index documents_by_revision on documents (project_id, subject, revision, kind, removed_at);
create index documents_by_time on documents (project_id, subject, stated_at, event_from, event_to) where removed_at is null;
create index documents_removed on documents (removed_at) where removed_at is not null;

create table vectors (row integer primary key, vector blob not null) strict;

create virtual table words using fts5(
  text, keys, source, concepts,
  content='', contentless_delete=1, tokenize='ascii'
);
`;

/** How much a term counts in `text`, `keys`, `source` and `concepts`: what it says before what it came from, a topic least. */
export const FIELD_WEIGHTS = '1.0, 0.9, 0.6, 0.4';
