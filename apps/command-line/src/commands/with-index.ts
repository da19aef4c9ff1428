import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Configuration } from '@continuo/platform';
import type { IndexSource, MemoryIndex } from '@continuo/ports';
import { openSqliteIndex } from '@continuo/sqlite-index';
import { indexFile, openClusterIndex } from '../infrastructure.ts';

type ComparedIndex = Pick<MemoryIndex, 'entries' | 'remove'>;

/**
 * Lends the index for comparing. One in a file is only read: it belongs to its server, which removes what the outbox tells it to.
 *
 * @throws Error when there is none, or a damaged one, which only its server may replace.
 */
export async function withIndex<Result>(
  configuration: Configuration,
  source: IndexSource,
  work: (index: ComparedIndex) => Promise<Result>,
): Promise<Result> {
  const cluster = await openClusterIndex(configuration);
  if (cluster !== null) return closing(cluster, () => work(cluster.index));
  const file = indexFile(configuration);
  requireWholeFile(file);
  const opened = await openSqliteIndex({ file });
  return closing(opened, () =>
    work({ entries: (afterId, limit) => opened.index.entries(afterId, limit), remove: (entries) => source.putBack(entries) }),
  );
}

async function closing<Result>(opened: { close(): Promise<void> }, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } finally {
    await opened.close();
  }
}

/** Nobody but the server replaces the file, so it is not opened in the ordinary way before it is known to be well. */
function requireWholeFile(file: string): void {
  if (!existsSync(file)) throw new Error(`There is no index at ${file} yet; the server makes it from the records when it starts.`);
  if (existsSync(`${file}.failed`) || !isWhole(file))
    throw new Error(`The index at ${file} is damaged; stop the server, remove the file and start: it is made anew from the records.`);
}

/** What `pragma quick_check` says of the file. */
export function isWhole(file: string): boolean {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
    try {
      return Object.values(database.prepare('pragma quick_check(1)').get() ?? {})[0] === 'ok';
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}
