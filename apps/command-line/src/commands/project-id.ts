import { UsageError } from './output.ts';

const PROJECT_ID = /^[a-z0-9_-]{1,64}$/;

/** @throws UsageError for an id that is no id. */
export function requireProjectId(id: string): void {
  if (!PROJECT_ID.test(id)) throw new UsageError(`"${id}" cannot be a project: 1 to 64 characters of a-z, 0-9, - and _ are expected.`);
}
