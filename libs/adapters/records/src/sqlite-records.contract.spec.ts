import {
  describeInboxRecordsContract,
  describeLargeInputsContract,
  describeMemoryRecordsContract,
  describeMessageRecordsContract,
  describeOutboxRecordsContract,
  describeProjectRecordsContract,
  describeRecallRecordsContract,
  describeRequestRecordsContract,
  describeTaskRecordsContract,
  describeUsageRecordsContract,
  describeVectorRecordsContract,
  type RecordsHarness,
} from '@continuo/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteRecords, type SqliteRecords } from './open-sqlite-records.ts';

/** SQLite in a temporary folder; emptied through a second connection, as another process would. */
function sqliteHarness(): RecordsHarness {
  let folder: string;
  let records: SqliteRecords;
  return {
    name: 'SQLite',
    async start() {
      folder = await mkdtemp(join(tmpdir(), 'continuo-records-'));
      records = await openSqliteRecords({ file: join(folder, 'records.db') });
      return records;
    },
    async reset() {
      const database = new DatabaseSync(join(folder, 'records.db'), { timeout: 5_000, enableForeignKeyConstraints: false });
      const tables = database
        .prepare(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> 'schema_migrations'`)
        .all();
      database.exec('pragma synchronous = off; begin immediate');
      for (const { name } of tables) database.exec(`delete from ${String(name)}`);
      database.exec('commit');
      database.close();
      return records;
    },
    async stop() {
      await records.close();
      await rm(folder, { recursive: true });
    },
  };
}

describeProjectRecordsContract(sqliteHarness());
describeMessageRecordsContract(sqliteHarness());
describeTaskRecordsContract(sqliteHarness());
describeRequestRecordsContract(sqliteHarness());
describeInboxRecordsContract(sqliteHarness());
describeMemoryRecordsContract(sqliteHarness());
describeRecallRecordsContract(sqliteHarness());
describeOutboxRecordsContract(sqliteHarness());
describeVectorRecordsContract(sqliteHarness());
describeUsageRecordsContract(sqliteHarness());
describeLargeInputsContract(sqliteHarness());
