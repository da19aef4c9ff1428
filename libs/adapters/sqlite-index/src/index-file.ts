import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { documentTerms, lexiconVersion, packFeatures } from '@continuo/domain';
import { inTransaction, meansDamage, openForWriting, sqliteCode } from './connection.ts';
import { SCHEMA, SCHEMA_VERSION } from './schema.ts';

/** What was done to have a file that can be used. `reason` is a sentence for the log, or null when the file was simply there. */
export interface PreparedFile {
  readonly isNew: boolean;
  readonly reason: string | null;
}

/** Read by every analyser rule we know of; when its terms change, the terms of every document may have. */
const PROBE =
  "We're moving to Zürich on 3.14; don't e-mail ana@example.com about C++ or the iPhone15. My sister's flats, 1,000 running shoes. 我去年在廣州住過三天，不吃辣。東京タワーへ行きました。서울에서 살아요";

const PROBED = { kind: 'turn', text: PROBE, keys: [PROBE], source: '' } as const;

/** SQLite's general error: the statement does not fit the file, which lacks a table of ours. */
const LACKS_TABLE = 1;

const FINGERPRINT = 'analysis';
const REFILLED = 'refilled';

/** Marks a file that failed while it was in use, to be set aside at the next start. */
const markerOf = (file: string): string => `${file}.failed`;

/** Remembers for the next start that this file is damaged. */
export function markDamaged(file: string): void {
  writeFileSync(markerOf(file), '');
}

/** Creates, keeps, or replaces the file. It can always be replaced: the records hold all it says. */
export function prepareFile(file: string): PreparedFile {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(markerOf(file))) return replaceDamaged(file);
  if (!existsSync(file)) return { ...create(file), reason: null };
  try {
    return reuse(file);
  } catch (error) {
    const code = sqliteCode(error);
    if (!meansDamage(code) && code !== LACKS_TABLE) throw error;
    return replaceDamaged(file);
  }
}

/** From now on the file counts as filled: whatever it lacks stands in the records' outbox. */
export function confirmRefill(database: DatabaseSync): void {
  database.prepare('insert or replace into meta (name, value) values (?, ?)').run(REFILLED, 'yes');
}

function reuse(file: string): PreparedFile {
  const database = openForWriting(file);
  let outdated: boolean;
  let refilled = false;
  try {
    outdated = versionOf(database) !== SCHEMA_VERSION || metaOf(database, FINGERPRINT) !== analysisFingerprint();
    if (!outdated) {
      refilled = metaOf(database, REFILLED) !== null;
      // Touches the root page of every table, where a torn or foreign file shows.
      database.exec(
        'select count(*) from (select 1 from documents limit 1); select count(*) from (select rowid from words limit 1); select count(*) from (select 1 from vectors limit 1);',
      );
    }
  } finally {
    database.close();
  }
  if (!outdated)
    return {
      isNew: !refilled,
      reason: refilled ? null : 'The memory index was not filled to its end and is filled again from the records.',
    };
  removeFiles(file);
  return { ...create(file), reason: 'The memory index was written by another version and is filled anew from the records.' };
}

function create(file: string): { readonly isNew: true } {
  const database = openForWriting(file);
  try {
    inTransaction(database, 'immediate', () => {
      database.exec(SCHEMA);
      database.prepare('insert into meta (name, value) values (?, ?)').run(FINGERPRINT, analysisFingerprint());
      database.exec(`pragma user_version = ${SCHEMA_VERSION}`);
    });
  } finally {
    database.close();
  }
  return { isNew: true };
}

/** Keeps one damaged file for whoever wants to look at it; an older one gives way. */
function replaceDamaged(file: string): PreparedFile {
  const aside = `${file}.damaged`;
  if (existsSync(file)) renameSync(file, aside);
  removeFiles(file);
  const created = create(file);
  rmSync(markerOf(file), { force: true });
  return {
    ...created,
    reason: `The memory index was damaged; it was moved to ${aside}, which can be deleted, and is filled anew from the records.`,
  };
}

function removeFiles(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

const versionOf = (database: DatabaseSync): number => Number(database.prepare('pragma user_version').get()?.user_version);

/** Null as well in a file that has no such table: then it is none of ours, or an unfinished one. */
function metaOf(database: DatabaseSync, name: string): string | null {
  const value = database.prepare('select value from meta where name = ?').get(name)?.value;
  return typeof value === 'string' ? value : null;
}

const analysisFingerprint = (): string =>
  createHash('sha256')
    .update(JSON.stringify([documentTerms(PROBED), packFeatures(PROBED), lexiconVersion()]))
    .digest('hex')
    .slice(0, 16);
