import { join } from 'node:path';
import { openSqliteRecords } from '@continuo/records';
import { type Filled, fillRecords, type RecordsFilling } from './fill-records.ts';

export interface FillPlan extends RecordsFilling {
  readonly dataDirectory: string;
}

/** Fills a fresh data folder. */
export async function fillFolder(plan: FillPlan): Promise<Filled> {
  const records = await openSqliteRecords({ file: join(plan.dataDirectory, 'records.db') });
  try {
    const filled = await fillRecords(records, plan, 1);
    await records.checkpoint();
    return filled;
  } finally {
    await records.close();
  }
}
