import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { System } from '../system.ts';

/** Rows of the records that belong to files and their bases, counted beside the server. */
export async function countRows(system: System, table: 'files' | 'file_parts' | 'memories', condition = '1 = 1'): Promise<number> {
  const question = `select count(*) as rows from ${table} where ${condition}`;
  const url = system.settings['CONTINUO_RECORDS_URL'];
  if (url === undefined) {
    const database = new DatabaseSync(join(system.dataDirectory, 'records.db'), { readOnly: true });
    try {
      return Number(database.prepare(question).get()?.['rows']);
    } finally {
      database.close();
    }
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return Number((await client.query<{ rows: string }>(question)).rows[0]?.rows);
  } finally {
    await client.end();
  }
}
