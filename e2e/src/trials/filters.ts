import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '@continuo/contracts';
import { parseFilter } from '@continuo/entrypoints';
import { openOpenSearchIndex } from '@continuo/opensearch';
import { migrateRecords, openRecords } from '@continuo/records';
import { openSqliteIndex } from '@continuo/sqlite-index';
import { compareFilters, FILTER_ZONE, type FilterComparison, filteredIndex, filteredRecords, type FilteredStore } from '@continuo/testing';
import { inPostgres, removeIndexes, storesOfEnvironment } from '../deployment/cluster.ts';

export interface FilterTrial {
  readonly filters: number;
  readonly seed: number;
  readonly onProgress: (filters: number) => void;
}

interface OpenedStores {
  readonly stores: readonly FilteredStore[];
  close(): Promise<void>;
}

/** Random filters as callers send them, in both kinds of records and both indexes, against a plain reading of the wire's form. */
export async function compareStores({ filters, seed, onProgress }: FilterTrial): Promise<FilterComparison> {
  const opened = await Promise.all([sqliteStores(), realStores()]);
  try {
    return await compareFilters({
      filters,
      seed,
      stores: opened.flatMap(({ stores }) => stores),
      read: (filter) => parseFilter(filter, { strict: false, timeZone: FILTER_ZONE }),
      onProgress,
    });
  } finally {
    await Promise.all(opened.map((each) => each.close()));
  }
}

async function sqliteStores(): Promise<OpenedStores> {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-filters-'));
  const records = await openRecords({ engine: 'sqlite', file: join(folder, 'records.db') });
  const { index, close } = await openSqliteIndex({ file: join(folder, 'index.db') });
  return {
    stores: [filteredRecords('SQLite records', records), filteredIndex('SQLite index', index)],
    close: async () => {
      await Promise.all([records.close(), close()]);
      await rm(folder, { recursive: true });
    },
  };
}

/** A database and an index of their own on the stores that the environment names. */
async function realStores(): Promise<OpenedStores> {
  const { CONTINUO_RECORDS_URL, CONTINUO_INDEX_URL } = storesOfEnvironment();
  const name = `filters-${randomBytes(6).toString('hex')}`;
  const database = name.replaceAll('-', '_');
  await inPostgres(CONTINUO_RECORDS_URL, `create database ${database}`);
  const url = new URL(CONTINUO_RECORDS_URL);
  url.pathname = `/${database}`;
  await migrateRecords({ engine: 'postgres', url: url.href });
  const records = await openRecords({ engine: 'postgres', url: url.href });
  const opened = openOpenSearchIndex({ url: CONTINUO_INDEX_URL, name, shards: 1, replicas: 0 });
  await opened.index.needsRefill();
  return {
    stores: [filteredRecords('Postgres', records), filteredIndex('OpenSearch', opened.index)].map(patient),
    close: async () => {
      await Promise.all([records.close(), opened.close()]);
      await inPostgres(CONTINUO_RECORDS_URL, `drop database if exists ${database} with (force)`);
      await removeIndexes(CONTINUO_INDEX_URL, name);
    },
  };
}

/** A store that many use may be late now and then; what it says in the end is what counts. */
const ATTEMPTS = 30;
const PAUSE_MS = 2_000;

function patient(store: FilteredStore): FilteredStore {
  const patiently = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const isAway = AppError.is(error, 'index_unavailable') || AppError.is(error, 'records_unavailable');
        if (!isAway || attempt === ATTEMPTS) throw error;
        await setTimeout(PAUSE_MS);
      }
    }
  };
  return { ...store, matching: (scope, filter) => patiently(() => store.matching(scope, filter)) };
}
