import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFilter } from '@continuo/entrypoints';
import { openSqliteRecords } from '@continuo/records';
import { openSqliteIndex } from '@continuo/sqlite-index';
import { compareFilters, FILTER_ZONE, filteredIndex, filteredRecords } from '@continuo/testing';

/** A part of what `npm run filters` asks of every store. */
const FILTERS = 2_000;

describe('filters as callers send them', () => {
  it(`mean the same to the parser, the records and the index as to a plain reading, ${FILTERS} of them`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'continuo-filters-'));
    const records = await openSqliteRecords({ file: join(folder, 'records.db') });
    const { index, close } = await openSqliteIndex({ file: join(folder, 'index.db') });
    try {
      const report = await compareFilters({
        filters: FILTERS,
        seed: 1,
        stores: [filteredRecords('records', records), filteredIndex('index', index)],
        read: (filter) => parseFilter(filter, { strict: false, timeZone: FILTER_ZONE }),
      });
      expect(report.differences.slice(0, 3)).toEqual([]);
      // Neither all nor nothing, or the comparison would say little.
      expect(report.matched).toBeGreaterThan(report.pairs / 50);
      expect(report.matched).toBeLessThan(report.pairs / 2);
    } finally {
      await Promise.all([records.close(), close()]);
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});
