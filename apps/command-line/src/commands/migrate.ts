import { loadConfiguration } from '@continuo/platform';
import { migrateRecords } from '@continuo/records';
import type { Printed } from './output.ts';

/** Brings the schema of the records up to date; beside running services, and twice at once, too. */
export async function migrate(): Promise<Printed> {
  const { migration } = loadConfiguration().stores;
  const { from, to } = await migrateRecords(migration);
  const what = migration.engine === 'sqlite' ? migration.file : 'the database';
  return {
    value: { engine: migration.engine, from, to },
    lines: [from === to ? `${what} has the schema ${to} already.` : `${what} had the schema ${from} and has ${to} now.`],
  };
}
