import { existsSync } from 'node:fs';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Configuration } from '@continuo/platform';
import { openSqliteRecords } from '@continuo/records';
import { recordsFile } from '../infrastructure.ts';
import { degraded, fine, type Finding, said, wrong } from './findings.ts';

const LITTLE_SPACE_BYTES = 500 * 1_048_576;

/** What is kept on disk: the folder, the records, the index. */
export async function storeFindings(configuration: Configuration): Promise<readonly Finding[]> {
  return [await folder(configuration), await records(configuration), index(configuration)];
}

async function folder({ dataDirectory }: Configuration): Promise<Finding> {
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
  const { bavail, bsize } = await statfs(dataDirectory);
  const free = bavail * bsize;
  if (free < LITTLE_SPACE_BYTES) return wrong(part, `${Math.floor(free / 1_048_576)} MB are left on its disk`, 'make room');
  return fine(part, dataDirectory);
}

async function records({ dataDirectory }: Configuration): Promise<Finding> {
  const part = 'records';
  const file = recordsFile(dataDirectory);
  if (!existsSync(file)) return degraded(part, 'nothing was stored yet', 'npm start');
  try {
    const opened = await openSqliteRecords({ file });
    try {
      await opened.ping();
      const { messages, oldestAgeMs } = await opened.inbox.depth(Date.now());
      return fine(
        part,
        `${messages} messages wait to be mined${messages === 0 ? '' : `, the oldest for ${Math.round(oldestAgeMs / 1_000)} s`}`,
      );
    } finally {
      await opened.close();
    }
  } catch (error) {
    return wrong(part, said(error), `move ${file} away and restore it from a copy`);
  }
}

/** Read only: the index belongs to the server, which makes a damaged one anew when it starts. */
function index({ dataDirectory }: Configuration): Finding {
  const part = 'index';
  const file = join(dataDirectory, 'index.db');
  if (!existsSync(file)) return degraded(part, 'it is not there yet', 'npm start makes it from the records');
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
    try {
      const result = Object.values(database.prepare('pragma quick_check(1)').get() ?? {})[0];
      if (result !== 'ok') throw new Error(String(result));
    } finally {
      database.close();
    }
    return fine(part, 'whole');
  } catch (error) {
    return wrong(part, said(error), `stop the server, remove ${file} and start: it is made anew from the records`);
  }
}
