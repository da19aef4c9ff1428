import { existsSync } from 'node:fs';
import { openSqliteRecords, type SqliteRecords } from '@continuo/records';
import { type Configuration, loadConfiguration } from '@continuo/platform';
import { recordsFile } from '../infrastructure.ts';

/** Opens the records of the configured installation, beside its server if one runs. @throws Error when nothing was ever started there. */
export async function withRecords<Result>(
  work: (records: SqliteRecords, configuration: Configuration) => Promise<Result>,
): Promise<Result> {
  const configuration = loadConfiguration();
  const file = recordsFile(configuration.dataDirectory);
  if (!existsSync(file)) {
    throw new Error(
      `There is no Continuo in ${configuration.dataDirectory} yet. Start it once with "npm start", or name its folder in CONTINUO_DATA_DIR.`,
    );
  }
  const records = await openSqliteRecords({ file });
  try {
    return await work(records, configuration);
  } finally {
    await records.close();
  }
}

/** @throws Error for a project that is not there. */
export async function requireProject(records: SqliteRecords, projectId: string | null): Promise<void> {
  if (projectId === null || (await records.projects.list()).some(({ id }) => id === projectId)) return;
  throw new Error(
    `There is no project ${projectId}. "npx continuo projects list" names those there are; "npx continuo projects create ${projectId}" makes it.`,
  );
}
