import { existsSync } from 'node:fs';
import { access, constants, stat, statfs } from 'node:fs/promises';
import type { Configuration, RecordsPlace } from '@continuo/platform';
import { openInstalledRecords } from '../infrastructure.ts';
import { degraded, fine, type Finding, said, wrong } from './findings.ts';

const MEGABYTE = 1_048_576;
const LITTLE_SPACE_MEGABYTES = 500;

/** The folder of an installation that keeps something on this machine. */
export async function folderFinding({ dataDirectory }: Configuration): Promise<Finding> {
  const part = 'data folder';
  const entry = await stat(dataDirectory).catch(() => null);
  if (entry === null) return degraded(part, `${dataDirectory} is not there yet`, 'npm start makes it');
  if (!entry.isDirectory()) return wrong(part, `${dataDirectory} is no folder`, 'name a folder in CONTINUO_DATA_DIR');
  try {
    await access(dataDirectory, constants.R_OK | constants.W_OK);
  } catch {
    return wrong(
      part,
      `${dataDirectory} cannot be written`,
      'give this user the right to write there, or name another folder in CONTINUO_DATA_DIR',
    );
  }
  const free = await freeMegabytes(dataDirectory);
  if (free < LITTLE_SPACE_MEGABYTES) return wrong(part, `${free} MB are left on its disk`, 'make room');
  return fine(part, `${dataDirectory}, ${free} MB free`);
}

async function freeMegabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.floor((bavail * bsize) / MEGABYTE);
}

/** The records: whether they answer, and what waits in them. */
export async function recordsFinding({ stores }: Configuration): Promise<Finding> {
  const part = 'records';
  const { records: place } = stores;
  if (place.engine === 'sqlite' && !existsSync(place.file)) return degraded(part, 'nothing was stored yet', 'npm start');
  try {
    const records = await openInstalledRecords(place);
    try {
      const asked = performance.now();
      await records.ping();
      const tookMs = Math.round(performance.now() - asked);
      const { messages, oldestAgeMs } = await records.inbox.depth(Date.now());
      const changes = await records.outbox.depth();
      const age = messages === 0 ? '' : `, the oldest for ${Math.round(oldestAgeMs / 1_000)} s`;
      const engine = place.engine === 'postgres' ? 'Postgres' : 'SQLite';
      return fine(
        part,
        `${messages} messages wait to be mined${age}, ${changes} changes for the index; ${engine} answers in ${tookMs} ms; its schema is this version's`,
      );
    } finally {
      await records.close();
    }
  } catch (error) {
    return wrong(part, said(error), remedyFor(place));
  }
}

const remedyFor = (place: RecordsPlace): string =>
  place.engine === 'sqlite'
    ? `move ${place.file} away and restore it from a copy`
    : 'check CONTINUO_RECORDS_URL and that Postgres runs; "npx continuo migrate" brings its schema up to date';
