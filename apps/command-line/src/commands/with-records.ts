import { type Configuration, loadConfiguration, type RecordsPlace } from '@continuo/platform';
import type { ProjectRecords } from '@continuo/ports';
import type { Records } from '@continuo/records';
import { openInstalledRecords, requireInstalled } from '../infrastructure.ts';

type Work<Result> = (records: Records, configuration: Configuration) => Promise<Result>;

/** Opens the records of the configured installation, beside its services if they run. @throws Error when nothing was ever started there. */
export const withRecords = <Result>(work: Work<Result>): Promise<Result> => open(work, requireInstalled);

/** The same for a place that may be empty: SQLite makes its file. */
export const withNewRecords = <Result>(work: Work<Result>): Promise<Result> => open(work, () => undefined);

async function open<Result>(work: Work<Result>, check: (place: RecordsPlace) => void): Promise<Result> {
  const configuration = loadConfiguration();
  const place = configuration.stores.records;
  check(place);
  const records = await openInstalledRecords(place);
  try {
    return await work(records, configuration);
  } finally {
    await records.close();
  }
}

/** @throws Error for a project that is not there. */
export async function requireProject(records: { readonly projects: ProjectRecords }, projectId: string | null): Promise<void> {
  if (projectId === null || (await records.projects.list()).some(({ id }) => id === projectId)) return;
  throw new Error(
    `There is no project ${projectId}. "npx continuo projects list" names those there are; "npx continuo projects create ${projectId}" makes it.`,
  );
}
