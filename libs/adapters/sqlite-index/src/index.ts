export { openSqliteIndex } from './open-sqlite-index.ts';
export type { OpenedSqliteIndex, SqliteIndexOptions } from './open-sqlite-index.ts';
export { SqliteMemoryIndex } from './sqlite-memory-index.ts';
