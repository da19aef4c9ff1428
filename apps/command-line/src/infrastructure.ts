import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenedOpenSearchIndex } from '@continuo/opensearch';
import type { Configuration, RecordsPlace } from '@continuo/platform';
import { openRecords, type Records } from '@continuo/records';
import type { BullQueue, BullQueueOptions } from '@continuo/redis';

/** An administrator's statement may read or write everything there is; a service's may not. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
const CONNECTIONS = 4;

/** Where the index of an installation without OpenSearch lies. */
export const indexFile = ({ dataDirectory }: Pick<Configuration, 'dataDirectory'>): string => join(dataDirectory, 'index.db');

/** @throws Error when nothing was ever started there. Postgres says so itself, by its schema. */
export function requireInstalled(place: RecordsPlace): void {
  if (place.engine !== 'sqlite' || existsSync(place.file)) return;
  throw new Error(
    `There is no Continuo at ${place.file} yet. Start it once with "npm start", or name its folder in CONTINUO_DATA_DIR, or its database in CONTINUO_RECORDS_URL.`,
  );
}

/** @throws Error when the schema is not this version's; AppError `records_unavailable`. */
export async function openInstalledRecords(place: RecordsPlace): Promise<Records> {
  const records = await openRecords(place, {
    connections: CONNECTIONS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: 'continuo-command-line',
  });
  try {
    await requireSchema(records);
    return records;
  } catch (error) {
    await records.close();
    throw error;
  }
}

/** Nothing is read from or written to tables of another version. */
async function requireSchema(records: Records): Promise<void> {
  const state = await records.schema();
  switch (state) {
    case 'current':
      return;
    case 'missing':
    case 'older':
      throw new Error(`The schema of the database is ${state}: run "npx continuo migrate".`);
    case 'newer':
      throw new Error('The schema of the database is of a newer version than this command line: use that of the newer version.');
  }
}

/** The index of a cluster; null: it is a file that its server alone writes. */
export async function openClusterIndex({ stores }: Configuration): Promise<OpenedOpenSearchIndex | null> {
  if (stores.index === null) return null;
  const { openOpenSearchIndex } = await import('@continuo/opensearch');
  return openOpenSearchIndex(stores.index);
}

/** The broker of a cluster; null: work is queued in the server's own process. */
export async function openBroker(
  { stores }: Configuration,
  onEvent: BullQueueOptions['onEvent'] = () => undefined,
): Promise<BullQueue | null> {
  if (stores.broker === null) return null;
  const { openBullQueue } = await import('@continuo/redis');
  return openBullQueue({ ...stores.broker, onFailure: () => undefined, onEvent });
}
