export { openSqliteRecords } from './open-sqlite-records.ts';
export type { SqliteRecords, SqliteRecordsOptions } from './open-sqlite-records.ts';
export { migrateRecords, openRecords } from './open-records.ts';
export type { RecordsOptions, RecordsPlace } from './open-records.ts';
export type { Records, SchemaState } from './records.ts';
export { servicePrivileges } from './postgres/privileges.ts';
