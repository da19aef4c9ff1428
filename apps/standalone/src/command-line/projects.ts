import { moment, type Printed, table, UsageError } from './output.ts';
import { withRecords } from './with-records.ts';

const PROJECT_ID = /^[a-z0-9_-]{1,64}$/;

export const listProjects = (): Promise<Printed> =>
  withRecords(async (records) => {
    const projects = await records.projects.list();
    return {
      value: projects,
      lines: table([['PROJECT', 'CREATED'], ...projects.map((project) => [project.id, moment(project.createdAt)])]),
    };
  });

/** @throws UsageError for an id that is no id. */
export async function createProject(id: string): Promise<Printed> {
  if (!PROJECT_ID.test(id)) throw new UsageError(`"${id}" cannot be a project: 1 to 64 characters of a-z, 0-9, - and _ are expected.`);
  return withRecords(async (records) => {
    const created = await records.projects.create(id, Date.now());
    const lines = created
      ? [`Project ${id} is there. Make a key that opens it: npx continuo keys create --project ${id}`]
      : [`Project ${id} was there already.`];
    return { value: { id, created }, lines };
  });
}
