export { openSqliteRecords } from './open-sqlite-records.ts';
export type { SqliteRecords, SqliteRecordsOptions } from './open-sqlite-records.ts';
