import type { RecordsHarness } from '@continuo/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteRecords, type SqliteRecords } from '../src/open-sqlite-records.ts';

/** SQLite in a temporary folder; emptied through a second connection, as another process would. */
export function sqliteHarness(): RecordsHarness<SqliteRecords> {
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
