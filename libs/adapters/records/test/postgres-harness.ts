import type { RecordsHarness } from '@continuo/testing';
import { openRecords } from '../src/open-records.ts';
import type { Records } from '../src/records.ts';
import { type TemporaryDatabase, temporaryDatabase } from './postgres-database.ts';

/** Postgres as the role of a service, in a database of its own. */
export function postgresHarness(): RecordsHarness<Records> {
  let database: TemporaryDatabase;
  let records: Records;
  return {
    name: 'Postgres',
    async start() {
      database = await temporaryDatabase();
      records = await openRecords({ engine: 'postgres', url: database.serviceUrl });
      return records;
    },
    async reset() {
      await database.empty();
      return records;
    },
    async stop() {
      await records.close();
      await database.drop();
    },
  };
}
