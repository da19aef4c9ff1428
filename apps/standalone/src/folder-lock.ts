import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Said to whoever starts a second server on one data folder. */
export class FolderInUseError extends Error {}

/** SQLite's code for a lock that somebody else holds. */
const SQLITE_BUSY = 5;

export interface FolderLock {
  release(): void;
}

/**
 * Holds the data folder until `release` or the end of the process, however it ends: the lock is an open SQLite transaction, and the
 * operating system gives that up with the process.
 *
 * @throws FolderInUseError when another server holds it.
 */
export function lockFolder(folder: string): FolderLock {
  const ownerFile = join(folder, 'server.pid');
  const database = new DatabaseSync(join(folder, 'server.lock'), { timeout: 0 });
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    database.close();
    if ((error as { errcode?: unknown }).errcode !== SQLITE_BUSY) throw error;
    throw new FolderInUseError(
      `Another Continuo server${ownerOf(ownerFile)} is already running on the data folder ${folder}. Stop it, or name another folder in CONTINUO_DATA_DIR.`,
      { cause: error },
    );
  }
  writeFileSync(ownerFile, `${process.pid}\n`);
  return {
    release: () => {
      rmSync(ownerFile, { force: true });
      database.close();
    },
  };
}

function ownerOf(file: string): string {
  try {
    return ` (process ${readFileSync(file, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
