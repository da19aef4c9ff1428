import { sql } from 'kysely';
import type { SchemaState } from './records.ts';
import { NEWEST_SCHEMA } from './schema/migrations.ts';
import type { Database } from './sql-dialect.ts';

/** Compares what was applied with what this version knows. */
export async function schemaState(database: Database, isMissingTable: (error: unknown) => boolean): Promise<SchemaState> {
  try {
    const { rows } = await sql<{ newest: number | null }>`select max(number) as newest from schema_migrations`.execute(database);
    const applied = rows[0]?.newest ?? 0;
    if (applied === 0) return 'missing';
    if (applied === NEWEST_SCHEMA) return 'current';
    return applied < NEWEST_SCHEMA ? 'older' : 'newer';
  } catch (error) {
    if (isMissingTable(error)) return 'missing';
    throw error;
  }
}
