import { migrateRecords, openRecords } from '@continuo/records';
import { type Filled, fillRecords, type RecordsFilling } from './fill-records.ts';

const USERS_AT_ONCE = 4;

/** Makes the tables of a new Postgres database and fills them. */
export async function fillDatabase(url: string, plan: RecordsFilling): Promise<Filled> {
  const place = { engine: 'postgres', url } as const;
  await migrateRecords(place);
  const records = await openRecords(place);
  try {
    return await fillRecords(records, plan, USERS_AT_ONCE);
  } finally {
    await records.close();
  }
}
